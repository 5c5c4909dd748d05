import type { Aggregation } from '../../src/definition/filter.js';
import { type Measure, type MetricFact, measureId } from '../../src/rule/fact.js';
import { createMetricSeries, type MetricSeries } from '../../src/window/metric-series.js';
import type { ProjectMetric } from '../../src/window/project-metric.js';

/** The fact of a measure. */
export function factOf(measure: Measure, name = 'loss'): MetricFact {
  return { type: 'metric', id: `metric:${measureId(measure)}:${name}`, name, measure };
}

/** The aggregate of a window that may be read from its first value on. */
export function windowFact(aggregation: Aggregation, window: number, minSamples = 1, name = 'loss'): MetricFact {
  return factOf({ type: 'aggregate', aggregation, window, minSamples }, name);
}

/** A run that is alone in its project. */
const alone: ProjectMetric = { record() {}, others: () => [], otherCount: () => 0 };

/** A metric of a run, followed by some facts. */
export function seriesOf(facts: readonly MetricFact[], project = alone, onAllocated = (_: number) => {}): MetricSeries {
  const series = createMetricSeries(() => project, onAllocated);
  series.follow(facts);
  return series;
}
