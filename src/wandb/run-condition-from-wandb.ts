import type * as z from 'zod';
import type { JsonBounds } from '../definition/copy-json.js';
import type { FilterJson } from '../definition/filter.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { JsonObject, JsonValue } from '../json.js';
import { decodeObject } from './decode-json.js';
import { type Findings, refuse, warn } from './findings.js';
import { metricFromWandb, thresholdFromWandb } from './metric-filter.js';
import { metricFilterSchema, stateFilterSchema, thresholdSchema } from './metric-filter-schema.js';
import type { WandbEventType } from './wire.js';

/** What is asked of a run's states or metrics, and where it stands in W&B's form. */
interface Condition {
  readonly filter: FilterJson;
  readonly path: PathSegments;
}

/** Reads a `run_state_filter`. */
export function stateCondition(
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

/** Reads a `run_metric_filter`, or the `metric_filter` that it was before. */
export function metricCondition(
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
  const asked = Object.keys(wire).filter((each) => wire[each as keyof typeof wire]);
  return { filter, path: [...at, ...asked] };
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
