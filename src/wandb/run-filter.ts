import type { JsonBounds } from '../definition/copy-json.js';
import type { FilterJson } from '../definition/filter.js';
import type { PathSegments } from '../definition/path.js';
import type { JsonValue } from '../json.js';
import { decodeObject } from './decode-json.js';
import { fieldFilterFromWandb } from './field-filter-from-wandb.js';
import type { Findings } from './findings.js';

/** One of the conditions on a run that must all hold. */
interface RunCondition {
  readonly filter: FilterJson;
  readonly path: PathSegments;
}

/** Reads a `run_filter`: which runs are meant. Their SDK loses one that it can't read; here that is an issue. */
export function readRunFilter(
  given: JsonValue | undefined,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): readonly RunCondition[] {
  if (given === undefined || given === null) return [];
  const object = decodeObject(given, path, bounds, findings);
  if (object === undefined || Object.keys(object).length === 0) return [];
  const { $and, ...others } = object;
  if (Object.keys(others).length > 0 || !Array.isArray($and)) {
    return [{ filter: fieldFilterFromWandb(object, 'run', path, findings), path }];
  }
  return ($and as readonly JsonValue[]).map((each, index) => {
    const at = [...path, '$and', index];
    return { filter: fieldFilterFromWandb(each, 'run', at, findings), path: at };
  });
}
