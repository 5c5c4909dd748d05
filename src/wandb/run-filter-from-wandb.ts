import type { JsonBounds } from '../definition/copy-json.js';
import type { FilterJson } from '../definition/filter.js';
import type { PathSegments } from '../definition/path.js';
import type { JsonValue } from '../json.js';
import { decodeObject, reportUnknownKeys } from './decode-json.js';
import type { Part } from './envelope.js';
import { type EventFilter, ours, type Place, unwrapped } from './event-filter.js';
import { fieldFilterFromWandb } from './field-filter-from-wandb.js';
import { type Findings, refuse } from './findings.js';
import { metricCondition, stateCondition } from './run-condition-from-wandb.js';
import type { WandbEventType } from './wire.js';

/** Reads the filter of an event on runs: which runs, and the metric or the states. */
export function runFilterFromWandb(
  part: Part,
  type: WandbEventType,
  bounds: JsonBounds,
  findings: Findings,
): EventFilter | undefined {
  const { value, path } = unwrapped(part, bounds, findings);
  if (value === undefined) return undefined;
  const condition =
    type === 'RUN_STATE'
      ? stateCondition(value, path, bounds, findings)
      : metricCondition(value, type, path, bounds, findings);
  if (condition === undefined) return undefined;
  const known = [
    'run_filter',
    ...(type === 'RUN_STATE' ? ['run_state_filter'] : ['run_metric_filter', 'metric_filter']),
  ];
  reportUnknownKeys(value, known, path, (at, message) => refuse(findings, 'unknown_key', at, message));
  const runs = readRunFilter(value['run_filter'], [...path, 'run_filter'], bounds, findings);
  const { filter } = condition;
  const key = String(Object.keys(filter)[0]);
  if (runs.length === 0) return { filter, places: [[[...ours, key], condition.path]] };
  const places = runs.map((run, index): Place => [[...ours, '$and', index + 1], run.path]);
  places.push([[...ours, '$and', 0, key], condition.path]);
  return { filter: { $and: [filter, ...runs.map((run) => run.filter)] }, places: [[ours, path], ...places] };
}

/** One of the conditions on a run that must all hold. */
interface RunCondition {
  readonly filter: FilterJson;
  readonly path: PathSegments;
}

/** Reads a `run_filter`: which runs are meant. Their SDK loses one that it can't read; here that is an issue. */
function readRunFilter(
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
