import type { Fold } from './fold.js';
import type { AllocationListener, RingBuffer } from './ring-buffer.js';

/** What a window of a series says, kept up as values come. */
export interface Aggregate<Result> {
  /** How many numbers it keeps beside the series. */
  readonly allocated: number;
  /** Called after each value has been pushed to the series. */
  pushed(): void;
  /** What the values say that are in the window now. At least one is there. */
  value(): Result;
}

/**
 * Makes the aggregate of a window of a series: of its last `window` values, or with a lag of those before its last ones.
 *
 * @param window - How many values are in it.
 * @param lag - How many later values are not.
 * @param series - The series; it keeps at least `window + lag` values. What it holds already is in the window.
 * @param onAllocated - Told of the room it takes.
 */
export function createAggregate<Part, Result>(
  fold: Fold<Part, Result>,
  window: number,
  lag: number,
  series: RingBuffer,
  onAllocated: AllocationListener,
): Aggregate<Result> {
  return window <= fold.largestScan
    ? createScan(fold, window, lag, series)
    : createTwoStacks(fold, window, lag, series, onAllocated);
}

function createScan<Part, Result>(
  fold: Fold<Part, Result>,
  window: number,
  lag: number,
  series: RingBuffer,
): Aggregate<Result> {
  return {
    allocated: 0,
    pushed() {},
    value() {
      const count = Math.min(window, series.length - lag);
      const origin = series.at(lag);
      let part = fold.empty;
      for (let age = lag + count - 1; age >= lag; age -= 1) part = fold.combine(part, fold.of(series.at(age), origin));
      return fold.result(part, count, origin);
    },
  };
}

/**
 * A queue of two stacks: the older values as the parts of each of their suffixes, the newer ones as one part. Nothing is
 * ever subtracted, so a value that has left leaves no residue, and nothing drifts. Before the older stack is empty the
 * whole window is turned over, which costs O(1) a value in the long run; so the origin, the newest value of that moment,
 * is always in the window.
 */
function createTwoStacks<Part, Result>(
  fold: Fold<Part, Result>,
  window: number,
  lag: number,
  series: RingBuffer,
  onAllocated: AllocationListener,
): Aggregate<Result> {
  let suffixes = new Float64Array(0);
  let olderCount = 0;
  let newer = fold.empty;
  let newerCount = 0;
  let origin = 0;

  const turnOver = (): void => {
    olderCount = Math.min(window, series.length - lag);
    if (suffixes.length < olderCount * fold.width) {
      onAllocated(olderCount * fold.width - suffixes.length);
      suffixes = new Float64Array(olderCount * fold.width);
    }
    origin = series.at(lag);
    let part = fold.empty;
    for (let index = 0; index < olderCount; index += 1) {
      part = fold.combine(fold.of(series.at(lag + index), origin), part);
      fold.write(part, suffixes, index * fold.width);
    }
    newer = fold.empty;
    newerCount = 0;
  };
  if (series.length > lag) turnOver();

  return {
    get allocated() {
      return suffixes.length;
    },
    pushed() {
      if (series.length <= lag) return;
      if (olderCount + newerCount === window) {
        if (olderCount <= 1) return turnOver();
        // The oldest value leaves: it is in the longest suffix alone.
        olderCount -= 1;
      }
      const value = series.at(lag);
      if (olderCount + newerCount === 0) origin = value;
      newer = fold.combine(newer, fold.of(value, origin));
      newerCount += 1;
    },
    value() {
      if (olderCount === 0) return fold.result(newer, newerCount, origin);
      const older = fold.read(suffixes, (olderCount - 1) * fold.width);
      return fold.result(fold.combine(older, newer), olderCount + newerCount, origin);
    },
  };
}
