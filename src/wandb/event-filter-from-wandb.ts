import type * as z from 'zod';
import type { JsonBounds } from '../definition/copy-json.js';
import type { FilterJson } from '../definition/filter.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { JsonObject, JsonValue } from '../json.js';
import { decodeObject, isJsonObject, reportUnknownKeys } from './decode-json.js';
import type { Part } from './envelope.js';
import { fieldFilterFromWandb, isGroups } from './field-filter-from-wandb.js';
import type { FieldFamily } from './field-names.js';
import { type Findings, refuse, warn } from './findings.js';
import { metricFromWandb, thresholdFromWandb } from './metric-filter.js';
import { metricFilterSchema, stateFilterSchema, thresholdSchema } from './metric-filter-schema.js';
import { readRunFilter } from './run-filter.js';
import type { WandbEventType } from './wire.js';

/** Which of our places came from which of W&B's. */
export type Place = readonly [ours: PathSegments, wire: PathSegments];

/** A filter of ours, and where its parts came from. */
export interface EventFilter {
  readonly filter: FilterJson | undefined;
  readonly places: readonly Place[];
}

const ours: PathSegments = ['event', 'filter'];

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
  const { filter, path: conditionPath } = condition;
  if (runs.length === 0) return { filter, places: [[ours, conditionPath]] };
  const places = [{ path: conditionPath }, ...runs].map((each, index): Place => [[...ours, '$and', index], each.path]);
  return { filter: { $and: [filter, ...runs.map((run) => run.filter)] }, places: [[ours, path], ...places] };
}

interface Condition {
  readonly filter: FilterJson;
  readonly path: PathSegments;
}

function stateCondition(
  value: JsonObject,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): Condition | undefined {
  const at = [...path, 'run_state_filter'];
  const wire = parsed(stateFilterSchema, value['run_state_filter'], at, bounds, findings);
  return wire && { filter: { $state: wire.states.map((state) => lowerCase[state]) }, path: at };
}

const lowerCase = { RUNNING: 'running', FINISHED: 'finished', FAILED: 'failed' } as const;

const eventTypes = { $metric: 'RUN_METRIC', $change: 'RUN_METRIC_CHANGE', $zscore: 'RUN_METRIC_ZSCORE' } as const;

function metricCondition(
  value: JsonObject,
  type: WandbEventType,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): Condition | undefined {
  const at = [...path, 'run_metric_filter'];
  const oldAt = [...path, 'metric_filter'];
  const old = value['metric_filter'] ?? undefined;
  const former = old === undefined ? undefined : parsed(thresholdSchema, old, oldAt, bounds, findings);
  const formerFilter = former && { $metric: thresholdFromWandb(former, oldAt, findings) };
  if (value['run_metric_filter'] === undefined && formerFilter !== undefined)
    return { filter: formerFilter, path: oldAt };
  const wire = parsed(metricFilterSchema, value['run_metric_filter'], at, bounds, findings);
  if (wire === undefined) return undefined;
  const filter = metricFromWandb(wire, at, findings);
  if (formerFilter !== undefined && JSON.stringify(formerFilter) !== JSON.stringify(filter)) {
    return refuse(findings, 'invalid_value', oldAt, 'Expected the same as run_metric_filter, got something else');
  }
  const key = Object.keys(filter)[0] as keyof typeof eventTypes;
  if (eventTypes[key] !== type) {
    warn(
      findings,
      'invalid_value',
      at,
      `The filter is one of ${eventTypes[key]}, the event ${type}; the filter counts`,
    );
  }
  return { filter, path: at };
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  given: JsonValue | undefined,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): z.infer<Schema> | undefined {
  if (given === undefined || given === null) {
    return refuse(findings, 'required', path, `Expected an object, got ${describeValue(given)}`);
  }
  const object = decodeObject(given, path, bounds, findings);
  if (object === undefined) return undefined;
  const result = schema.safeParse(object, { reportInput: true });
  if (result.success) return result.data;
  findings.issues.push(...fromZodIssues(result.error.issues, path));
  return undefined;
}

/** Their API nests an event's filter in `{ "filter": … }`, for some events. */
function unwrapped(
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
