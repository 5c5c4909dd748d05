import type { Aggregation } from '../definition/filter.js';
import { addSums, type ExactSum, zeroSum } from './exact-sum.js';
import type { RingBuffer } from './ring-buffer.js';

/** How values become one, in parts that can be combined in any grouping. */
interface Fold<Part> {
  readonly empty: Part;
  of(value: number): Part;
  combine(older: Part, newer: Part): Part;
  /** @param count - Of how many values the part is made; at least 1. */
  result(part: Part, count: number): number;
}

const average: Fold<ExactSum> = {
  empty: zeroSum,
  of: (value) => ({ high: value, low: 0 }),
  combine: addSums,
  result: (sum, count) => sum.high / count + sum.low / count,
};

const smallest: Fold<number> = {
  empty: Number.POSITIVE_INFINITY,
  of: (value) => value,
  combine: Math.min,
  result: (part) => part,
};

const largest: Fold<number> = { ...smallest, empty: Number.NEGATIVE_INFINITY, combine: Math.max };

/** An aggregate of the last values of a series, kept up as values come. */
export interface Aggregate {
  /** Called after each value has been pushed to the series. */
  pushed(): void;
  /** The aggregate of the values that are in the window now; NaN when one of them is. At least one value is there. */
  value(): number;
}

/** Up to this size it is cheaper to read the window anew than to keep anything beside it. */
const largestScan = 64;

/**
 * Makes the aggregate of the last `window` values of a series.
 *
 * @param series - The series; it keeps at least `window` values. What it holds already is in the window.
 */
export function createAggregate(aggregation: Aggregation, window: number, series: RingBuffer): Aggregate {
  switch (aggregation) {
    case 'none':
      return { pushed() {}, value: () => series.at(0) };
    case 'avg':
      return createFolded(average, window, series);
    case 'min':
      return createFolded(smallest, window, series);
    case 'max':
      return createFolded(largest, window, series);
    default:
      return aggregation satisfies never;
  }
}

/** The aggregate of some values at once, as `explain` needs it; the same folds, so the same answer. */
export function aggregateOf(aggregation: Aggregation, values: readonly number[]): number {
  const fold = aggregation === 'avg' ? average : undefined;
  if (fold !== undefined) {
    const sum = values.reduce((part, value) => fold.combine(part, fold.of(value)), fold.empty);
    return fold.result(sum, values.length);
  }
  if (aggregation === 'none') return values.at(-1) ?? Number.NaN;
  const { combine, empty } = aggregation === 'min' ? smallest : largest;
  return values.reduce((part, value) => combine(part, value), empty);
}

function createFolded<Part>(fold: Fold<Part>, window: number, series: RingBuffer): Aggregate {
  return window <= largestScan ? createScan(fold, window, series) : createTwoStacks(fold, window, series);
}

function createScan<Part>(fold: Fold<Part>, window: number, series: RingBuffer): Aggregate {
  return {
    pushed() {},
    value() {
      const count = Math.min(window, series.length);
      let part = fold.empty;
      for (let age = count - 1; age >= 0; age -= 1) part = fold.combine(part, fold.of(series.at(age)));
      return fold.result(part, count);
    },
  };
}

/**
 * A queue of two stacks: the older values as the aggregates of each of their suffixes, the newer ones as one
 * aggregate. Nothing is ever subtracted, so a value that has left leaves no residue, and nothing drifts. When the older
 * stack is empty the whole window is turned over, which costs O(1) a value in the long run.
 */
function createTwoStacks<Part>(fold: Fold<Part>, window: number, series: RingBuffer): Aggregate {
  let olderSuffixes: Part[] = [];
  let newer = fold.empty;
  let newerCount = 0;

  const turnOver = (): void => {
    const count = Math.min(window, series.length);
    olderSuffixes = new Array<Part>(count);
    let part = fold.empty;
    for (let age = 0; age < count; age += 1) {
      part = fold.combine(fold.of(series.at(age)), part);
      olderSuffixes[age] = part;
    }
    newer = fold.empty;
    newerCount = 0;
  };
  if (series.length > 0) turnOver();

  return {
    pushed() {
      if (olderSuffixes.length + newerCount === window) {
        // The oldest value leaves: it is the longest suffix.
        if (olderSuffixes.length === 0) return turnOver();
        olderSuffixes.pop();
      }
      newer = fold.combine(newer, fold.of(series.at(0)));
      newerCount += 1;
    },
    value() {
      const older = olderSuffixes.at(-1);
      const part = older === undefined ? newer : fold.combine(older, newer);
      return fold.result(part, olderSuffixes.length + newerCount);
    },
  };
}
