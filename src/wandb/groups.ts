import type { FilterJson } from '../definition/filter.js';
import type { JsonObject, JsonValue } from '../json.js';
import { isJsonObject } from './decode-json.js';

/** Whether a filter is what W&B's editor makes: some of several groups, each of which must hold as a whole. */
export function isGroups(filter: FilterJson | JsonObject): boolean {
  const { $or, ...others } = filter;
  if (!Array.isArray($or) || $or.length === 0 || Object.keys(others).length > 0) return false;
  return ($or as readonly JsonValue[]).every(
    (each) => isJsonObject(each) && Object.keys(each).length === 1 && Object.hasOwn(each, '$and'),
  );
}
