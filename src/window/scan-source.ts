import { folds, foldValues, scan } from './fold.js';
import type { MeasureSource } from './measured.js';
import { lengthOf, type Ring } from './ring.js';
import { spread } from './spread.js';

/**
 * Measures from the values of a ring alone, which are read anew each time.
 *
 * @param others - The last values of the project's other runs, the one that logged last at the end; for a z-score over the
 * project.
 */
export function scanSource(ring: Ring, others: readonly number[]): MeasureSource {
  return {
    count: () => lengthOf(ring),
    aggregate(aggregation, window, lag) {
      const fold = folds[aggregation];
      return () => scan(fold, ring, window, lag);
    },
    spread: (window, lag) => () => scan(spread, ring, window, lag),
    otherCount: (window) => () => Math.min(others.length, window),
    otherSpread: (window) => () => foldValues(spread, others.slice(-window)),
  };
}
