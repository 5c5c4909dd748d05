import type { FilterJson } from '../definition/filter.js';
import type { JsonObject } from '../json.js';

/** Whether a filter is what W&B's editor makes: some of several groups, each of which must hold as a whole. */
export function isGroups(filter: FilterJson | JsonObject): boolean {
  const { $or, ...others } = filter;
  if (!Array.isArray($or) || $or.length === 0 || Object.keys(others).length > 0) return false;
  return ($or as readonly object[]).every((each) => Object.keys(each).length === 1 && '$and' in each);
}
