import type { JsonBounds } from '../definition/copy-json.js';
import type { FilterJson } from '../definition/filter.js';
import type { PathSegments } from '../definition/path.js';
import type { JsonObject } from '../json.js';
import { decodeObject, isJsonObject } from './decode-json.js';
import type { Part } from './envelope.js';
import { type Findings, refuse } from './findings.js';

/** Which of our places came from which of W&B's. */
export type Place = readonly [ours: PathSegments, wire: PathSegments];

/** A filter of ours, and where its parts came from. */
export interface EventFilter {
  readonly filter: FilterJson | undefined;
  readonly places: readonly Place[];
}

/** Where a filter stands in a definition. */
export const ours: PathSegments = ['event', 'filter'];

/** Their API nests an event's filter in `{ "filter": … }`, for some events. */
export function unwrapped(
  { value, path }: Part,
  bounds: JsonBounds,
  findings: Findings,
): { readonly value: JsonObject | undefined; readonly path: PathSegments } {
  if (value === undefined || value === null) {
    return { value: refuse(findings, 'required', path, 'Expected a filter, got nothing'), path };
  }
  const object = decodeObject(value, path, bounds, findings);
  const inner = object?.['filter'];
  if (object === undefined || Object.keys(object).length !== 1 || inner === undefined) return { value: object, path };
  const at = [...path, 'filter'];
  if (typeof inner !== 'string' && !isJsonObject(inner)) return { value: object, path };
  return { value: decodeObject(inner, at, bounds, findings), path: at };
}
