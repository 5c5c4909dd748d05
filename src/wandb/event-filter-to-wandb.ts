import type { Trigger } from '../definition/automation.js';
import type { FilterJson } from '../definition/filter.js';
import { toFilter } from '../definition/filter-tree.js';
import type { PathSegments } from '../definition/path.js';
import type { JsonObject } from '../json.js';
import { fieldFilterToWandb } from './field-filter-to-wandb.js';
import { type Findings, refuse } from './findings.js';
import { isGroups } from './groups.js';
import { changeToWandb, thresholdToWandb, zscoreToWandb } from './metric-filter.js';
import type { WandbEventType } from './wire.js';

/** What W&B's form makes of a trigger's filter; for metrics it also settles the type of the event. */
export interface WireFilter {
  readonly eventType: WandbEventType;
  readonly filter: JsonObject;
}

const root: PathSegments = ['event', 'filter'];

/** Writes the filter of an event on artifacts or collections: in the groups that the editor of W&B's app wants. */
export function artifactFilterToWandb(filter: FilterJson | undefined, findings: Findings): JsonObject {
  const wire = fieldFilterToWandb(filter ?? { $and: [] }, 'artifact', root, findings);
  if (isGroups(wire)) return wire;
  const { $and, ...others } = wire;
  const isGroup = $and !== undefined && Object.keys(others).length === 0;
  return { $or: [isGroup ? wire : { $and: Object.keys(wire).length === 0 ? [] : [wire] }] };
}

/** Writes the filter of an event on runs: one question to a metric or the states, and which runs are meant. */
export function runFilterToWandb(event: Trigger, findings: Findings): WireFilter | undefined {
  const { conditions, runs } = split(event.filter ?? {}, root);
  const expected = event.type === 'run.state' ? ['$state'] : ['$metric', '$change', '$zscore'];
  const condition = conditions.find(({ key }) => expected.includes(key));
  for (const { key, path } of conditions.filter((each) => each !== condition)) {
    refuse(findings, 'not_convertible', path, `Expected one of ${expected.join(', ')} in all, got ${key} besides`);
  }
  const $and = runs.map(({ filter, path }) => fieldFilterToWandb(filter, 'run', path, findings));
  const run_filter = JSON.stringify({ $and });
  if (condition === undefined) {
    const message = `Expected ${expected.join(' or ')} that must hold for ${event.type}, got none`;
    return findings.issues.length > 0 ? undefined : refuse(findings, 'not_convertible', root, message);
  }
  if (condition.key === '$state') return stateToWandb(condition, run_filter, findings);
  const metric = metricToWandb(condition, findings);
  if (metric === undefined) return undefined;
  const { eventType, filter } = metric;
  return { eventType, filter: { run_filter, run_metric_filter: filter, metric_filter: null } };
}

interface Condition {
  readonly key: string;
  readonly filter: FilterJson;
  readonly path: PathSegments;
}

interface Split {
  readonly conditions: readonly Condition[];
  readonly runs: readonly { readonly filter: FilterJson; readonly path: PathSegments }[];
}

const conditionKeys: ReadonlySet<string> = new Set(['$metric', '$change', '$zscore', '$state']);

/** Parts what is asked of metrics and states from what is asked of the run, as far as all must hold. */
function split(filter: FilterJson, path: PathSegments): Split {
  if (isConjunction(filter))
    return joined(filter.$and?.map((each, index) => split(each, [...path, '$and', index])) ?? []);
  if (!hasCondition(filter)) return { conditions: [], runs: [{ filter, path }] };
  return joined(
    Object.entries(filter).map(([key, value]): Split => {
      const only: FilterJson = { [key]: value };
      if (isConjunction(only)) return split(only, path);
      if (conditionKeys.has(key)) return { conditions: [{ key, filter: only, path: [...path, key] }], runs: [] };
      return { conditions: [], runs: [{ filter: only, path }] };
    }),
  );
}

/** The whole filter's own `$and` and any that a condition stands in; another is one part of what is asked of the run. */
function isConjunction(filter: FilterJson): boolean {
  return Object.keys(filter).length === 1 && filter.$and !== undefined && filter.$and.some(hasCondition);
}

function hasCondition(filter: FilterJson): boolean {
  return Object.entries(filter).some(
    ([key, value]) => conditionKeys.has(key) || (key === '$and' && (value as readonly FilterJson[]).some(hasCondition)),
  );
}

function joined(parts: readonly Split[]): Split {
  return { conditions: parts.flatMap((part) => part.conditions), runs: parts.flatMap((part) => part.runs) };
}

function stateToWandb({ filter, path }: Condition, run_filter: string, findings: Findings): WireFilter | undefined {
  const leaf = toFilter(filter);
  if (leaf.type !== 'state') return undefined;
  const foreign = leaf.states.filter((state) => state === 'crashed' || state === 'killed');
  if (foreign.length > 0) {
    const message = `Expected running, finished or failed, which is all that W&B has, got ${foreign.join(', ')}`;
    return refuse(findings, 'not_convertible', path, message);
  }
  const states = leaf.states.map((state) => state.toUpperCase()).sort();
  return { eventType: 'RUN_STATE', filter: { run_filter, run_state_filter: { states } } };
}

function metricToWandb({ filter, path }: Condition, findings: Findings): WireFilter | undefined {
  const leaf = toFilter(filter);
  switch (leaf.type) {
    case 'threshold': {
      const wire = thresholdToWandb(leaf, path, findings);
      return wire && { eventType: 'RUN_METRIC', filter: wire };
    }
    case 'change': {
      const wire = changeToWandb(leaf, path, findings);
      return wire && { eventType: 'RUN_METRIC_CHANGE', filter: wire };
    }
    case 'zscore': {
      const wire = zscoreToWandb(leaf, path, findings);
      return wire && { eventType: 'RUN_METRIC_ZSCORE', filter: wire };
    }
    default:
      return refuse(findings, 'not_convertible', path, 'Expected what W&B can ask a metric, got $finite');
  }
}
