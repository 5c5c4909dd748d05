import type { Measure } from '../rule/fact.js';
import { bindMeasure, type Measured, readAll } from './measured.js';
import { ringOf } from './ring.js';
import { scanSource } from './scan-source.js';

/**
 * Measures a metric from its values alone, as `explain` needs it; the same folds as those of a run's windows, so the
 * same answer.
 *
 * @param values - What the run logged, oldest first; only the last `valuesNeeded(measure)` ones count.
 * @param others - The last values of the project's other runs, the one that logged last at the end; for a z-score over the
 * project.
 */
export function measureValues(measure: Measure, values: readonly number[], others: readonly number[]): Measured {
  return readAll(bindMeasure(measure, scanSource(ringOf(values), others)));
}
