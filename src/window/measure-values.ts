import type { Measure } from '../rule/fact.js';
import { folds, foldValues } from './fold.js';
import { bindMeasure, type Measured, type MeasureSource, readAll } from './measured.js';
import { spread } from './spread.js';

/**
 * Measures a metric from its values alone, as `explain` needs it; the same folds as those of a run's windows, so the
 * same answer.
 *
 * @param values - What the run logged, oldest first; only the last `valuesNeeded(measure)` ones count.
 * @param others - The last values of the project's other runs, the one that logged last at the end; for a z-score over the
 * project.
 */
export function measureValues(measure: Measure, values: readonly number[], others: readonly number[]): Measured {
  return readAll(bindMeasure(measure, sourceOf(values, others)));
}

function sourceOf(values: readonly number[], others: readonly number[]): MeasureSource {
  return {
    count: () => values.length,
    aggregate: (aggregation, window, lag) => () => foldValues(folds[aggregation], windowOf(values, window, lag)),
    spread: (window, lag) => () => foldValues(spread, windowOf(values, window, lag)),
    otherCount: (window) => () => Math.min(others.length, window),
    otherSpread: (window) => () => foldValues(spread, windowOf(others, window, 0)),
  };
}

function windowOf(values: readonly number[], window: number, lag: number): readonly number[] {
  const end = values.length - lag;
  return values.slice(Math.max(0, end - window), Math.max(0, end));
}
