import type { JsonBounds } from '../definition/copy-json.js';
import type { JsonObject } from '../json.js';
import type { Part } from './envelope.js';
import { type EventFilter, ours, unwrapped } from './event-filter.js';
import { fieldFilterFromWandb } from './field-filter-from-wandb.js';
import type { FieldFamily } from './field-names.js';
import type { Findings } from './findings.js';
import { isGroups } from './groups.js';

/** No filter is a filter that always holds. */
const everything: EventFilter = { filter: undefined, places: [] };

/** Reads the filter of an event on artifacts or collections, or of one that nobody knows. */
export function artifactFilterFromWandb(
  part: Part,
  family: FieldFamily,
  bounds: JsonBounds,
  findings: Findings,
): EventFilter {
  const { value, path } = unwrapped(part, bounds, findings);
  if (value === undefined) return everything;
  const [group, ...others] = isGroups(value) ? (value['$or'] as readonly JsonObject[]) : [];
  // Their SDK writes every filter as one group, for the editor of their app.
  const isWrapped = group !== undefined && others.length === 0;
  const at = isWrapped ? [...path, '$or', 0] : path;
  const filter = fieldFilterFromWandb(isWrapped ? group : value, family, at, findings);
  const [only, ...more] = isWrapped ? (filter.$and ?? []) : [filter];
  if (Object.keys(only ?? {}).length === 0 && more.length === 0) return everything;
  // A group of one is that one, unless it would be taken for groups itself on the way back.
  if (only === undefined || more.length > 0 || !isWrapped || isGroups(only)) return { filter, places: [[ours, at]] };
  return { filter: only, places: [[ours, [...at, '$and', 0]]] };
}
