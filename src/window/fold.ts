import type { Aggregation } from '../definition/filter.js';
import { addSums, type ExactSum, zeroSum } from './exact-sum.js';

/** How values become one, in parts that can be combined in any grouping. */
export interface Fold<Part, Result> {
  readonly empty: Part;
  /** @param origin - One of the values of the window; the same for all parts that are combined. */
  of(value: number, origin: number): Part;
  combine(older: Part, newer: Part): Part;
  /** @param count - Of how many values the part is made; at least 1. */
  result(part: Part, count: number, origin: number): Result;
  /** Up to this window it is cheaper to read the values anew than to keep anything beside them. */
  readonly largestScan: number;
  /** How many numbers a part is kept in. */
  readonly width: number;
  write(part: Part, numbers: Float64Array, at: number): void;
  read(numbers: Float64Array, at: number): Part;
}

/** The mean of the values; NaN when one of them is, or when there are infinities of both signs. */
const average: Fold<ExactSum, number> = {
  empty: zeroSum,
  of: (value) => ({ high: value, low: 0 }),
  combine: addSums,
  result: (sum, count) => sum.high / count + sum.low / count,
  largestScan: 64,
  width: 2,
  write: writeSum,
  read: readSum,
};

/** The smallest value; NaN when one of them is. */
const smallest: Fold<number, number> = {
  empty: Number.POSITIVE_INFINITY,
  of: (value) => value,
  combine: Math.min,
  result: (part) => part,
  largestScan: 64,
  width: 1,
  write(part, numbers, at) {
    numbers[at] = part;
  },
  read: (numbers, at) => numbers[at] as number,
};

/** The largest value; NaN when one of them is. */
const largest: Fold<number, number> = { ...smallest, empty: Number.NEGATIVE_INFINITY, combine: Math.max };

/** The last value. */
const latest: Fold<number, number> = { ...smallest, empty: Number.NaN, combine: (_, newer) => newer };

/** How the values of a window become one. */
export const folds: Readonly<Record<Aggregation, Fold<unknown, number>>> = {
  none: latest,
  avg: average,
  min: smallest,
  max: largest,
};

/** The result for some values at once. */
export function foldValues<Part, Result>(fold: Fold<Part, Result>, values: readonly number[]): Result {
  const origin = values.at(-1) ?? Number.NaN;
  let part = fold.empty;
  for (const value of values) part = fold.combine(part, fold.of(value, origin));
  return fold.result(part, values.length, origin);
}

/** Writes a sum as two numbers. */
export function writeSum({ high, low }: ExactSum, numbers: Float64Array, at: number): void {
  numbers[at] = high;
  numbers[at + 1] = low;
}

/** Reads what {@link writeSum} wrote. */
export function readSum(numbers: Float64Array, at: number): ExactSum {
  return { high: numbers[at] as number, low: numbers[at + 1] as number };
}
