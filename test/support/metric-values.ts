import type { MetricValues } from '../../src/event/metric-values.js';

/** Numbers as an event has them after parsing. */
export function metricValues(entries: Iterable<readonly [string, number]>): MetricValues {
  const all = [...entries];
  return { names: all.map(([name]) => name), values: all.map(([, value]) => value) };
}
