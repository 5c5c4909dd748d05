import type {
  Aggregation,
  ChangeConditionJson,
  ChangeFilter,
  FilterJson,
  MetricConditionJson,
  ThresholdFilter,
  ZScoreFilter,
} from '../definition/filter.js';
import type { PathSegments } from '../definition/path.js';
import { type Findings, refuse, warn } from './findings.js';
import type { WireChange, WireMetricFilter, WireThreshold, WireZScore } from './metric-filter-schema.js';

const aggregations = { AVERAGE: 'avg', MIN: 'min', MAX: 'max' } as const;
const directions = { INCREASE: 'increase', DECREASE: 'decrease', ANY: 'any' } as const;

const wireAggregations = { none: null, avg: 'AVERAGE', min: 'MIN', max: 'MAX' } as const satisfies Record<
  Aggregation,
  unknown
>;
const wireDirections = { increase: 'INCREASE', decrease: 'DECREASE', any: 'ANY' } as const;

/** Our condition for W&B's question to a metric, of which the schema has made sure that there is one. */
export function metricFromWandb(wire: WireMetricFilter, path: PathSegments, findings: Findings): FilterJson {
  const { threshold_filter: threshold, change_filter: change, zscore_filter: zscore } = wire;
  if (threshold) return { $metric: thresholdFromWandb(threshold, [...path, 'threshold_filter'], findings) };
  if (change) return { $change: changeFromWandb(change, [...path, 'change_filter'], findings) };
  if (!zscore) return {};
  const { name, window_size: window, threshold: deviations, change_dir } = zscore;
  return { $zscore: { name, window, threshold: deviations, direction: directions[change_dir] } };
}

/** Our condition for W&B's comparison of a metric with a number. */
export function thresholdFromWandb(wire: WireThreshold, path: PathSegments, findings: Findings): MetricConditionJson {
  const { name, agg_op, window_size: window, cmp_op, threshold } = wire;
  if (agg_op) return { name, agg: aggregations[agg_op], window, [cmp_op]: threshold };
  warnOfIdleWindow(window, [...path, 'window_size'], findings);
  return { name, [cmp_op]: threshold };
}

function changeFromWandb(wire: WireChange, path: PathSegments, findings: Findings): ChangeConditionJson {
  const { name, agg_op, current_window_size: window, change_type, change_dir, change_amount: amount } = wire;
  const priorWindow = wire.prior_window_size ?? window;
  const direction = directions[change_dir];
  const kind = change_type === 'RELATIVE' ? 'relative' : 'absolute';
  if (agg_op) return { name, agg: aggregations[agg_op], window, priorWindow, direction, kind, amount };
  warnOfIdleWindow(window, [...path, 'current_window_size'], findings);
  warnOfIdleWindow(priorWindow, [...path, 'prior_window_size'], findings);
  return { name, direction, kind, amount };
}

/** W&B, `MetricThresholdFilter.window`: ignored where there is no aggregation. */
function warnOfIdleWindow(window: number, path: PathSegments, findings: Findings): void {
  if (window === 1) return;
  warn(findings, 'invalid_value', path, `A window means nothing without agg_op, got ${window}; it is left out`);
}

/** W&B's form of a comparison of a metric with a number. */
export function thresholdToWandb(
  leaf: ThresholdFilter,
  path: PathSegments,
  findings: Findings,
): { readonly threshold_filter: WireThreshold } | undefined {
  const { name, aggregation, window, minSamples, comparison, threshold } = leaf;
  if (comparison === '$eq' || comparison === '$ne') {
    const message = `Expected $gt, $gte, $lt or $lte, which is all that W&B's SDK reads, got ${comparison}`;
    return refuse(findings, 'not_convertible', [...path, comparison], message);
  }
  if (!allSamples(minSamples, window, path, findings)) return undefined;
  const agg_op = wireAggregations[aggregation];
  return { threshold_filter: { name, agg_op, window_size: window, cmp_op: comparison, threshold } };
}

/** W&B's form of a change of a metric. */
export function changeToWandb(
  leaf: ChangeFilter,
  path: PathSegments,
  findings: Findings,
): { readonly change_filter: WireChange } | undefined {
  if (!allSamples(leaf.minSamples, leaf.window + leaf.priorWindow, path, findings)) return undefined;
  return {
    change_filter: {
      name: leaf.name,
      agg_op: wireAggregations[leaf.aggregation],
      current_window_size: leaf.window,
      prior_window_size: leaf.priorWindow,
      change_type: leaf.kind === 'relative' ? 'RELATIVE' : 'ABSOLUTE',
      change_dir: wireDirections[leaf.direction],
      change_amount: leaf.amount,
    },
  };
}

/** W&B's form of a z-score. */
export function zscoreToWandb(
  leaf: ZScoreFilter,
  path: PathSegments,
  findings: Findings,
): { readonly zscore_filter: WireZScore } | undefined {
  const { name, window, minSamples, direction, over, threshold } = leaf;
  if (over !== 'run') {
    const message = `Expected over "run", which is what W&B's form means here, got "${over}"`;
    return refuse(findings, 'not_convertible', [...path, 'over'], message);
  }
  if (!allSamples(minSamples, window, path, findings)) return undefined;
  return { zscore_filter: { name, window_size: window, threshold, change_dir: wireDirections[direction] } };
}

function allSamples(minSamples: number, all: number, path: PathSegments, findings: Findings): boolean {
  if (minSamples === all) return true;
  const message = `Expected no minSamples, which W&B does not have, got ${minSamples}`;
  refuse(findings, 'not_convertible', [...path, 'minSamples'], message);
  return false;
}
