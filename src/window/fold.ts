import type { Aggregation } from '../definition/filter.js';
import { addToSum } from './exact-sum.js';
import { indexAt, lengthOf, type Ring, ringHeader, ringOf, valueAt } from './ring.js';

/**
 * How values become one, in parts that can be combined in any grouping. A part is some numbers in a row, so that nothing is
 * allocated for a value; the first of all numbers is the origin, one of the values of the window, and the same for all
 * parts that are combined.
 */
export interface Fold<Result> {
  /** The part of no values. */
  readonly empty: readonly number[];
  /** Up to this window it is cheaper to read the values anew than to keep anything beside them. */
  readonly largestScan: number;
  /**
   * Takes values into the part at `from`, one after the other, and writes the part of each step: the first at `into`, each
   * further one `stride` numbers after the one before.
   *
   * @param age - The age of the value that is taken first.
   * @param step - Which value is the next: 1 goes to newer ones, -1 to older ones.
   */
  extend(
    parts: Float64Array,
    from: number,
    into: number,
    stride: number,
    ring: Ring,
    age: number,
    count: number,
    step: 1 | -1,
  ): void;
  /** Writes what two parts are together; the part at `from` is of the older values. */
  combine(parts: Float64Array, from: number, more: number, into: number): void;
  /** @param count - Of how many values the part is made; at least 1. */
  result(parts: Float64Array, at: number, count: number): Result;
  /**
   * Reads some values at once: exactly what {@link Fold.extend} makes of them one after the other, from the oldest on.
   *
   * @param age - The age of the oldest one.
   * @param count - How many there are; of none it is what the empty part says.
   */
  read(ring: Ring, age: number, count: number): Result;
}

/** Where parts begin. */
export const afterOrigin = 1;

/** The mean of the values; NaN when one of them is, or when there are infinities of both signs. */
const average: Fold<number> = {
  empty: [0, 0],
  largestScan: 64,
  extend(parts, from, into, stride, ring, age, count, step) {
    const { numbers } = ring.memory;
    const first = ring.place + ringHeader;
    const last = first + ring.capacity - 1;
    let index = indexAt(ring, age);
    let at = into;
    let high = parts[from] as number;
    let low = parts[from + 1] as number;
    for (let left = count; left > 0; left -= 1) {
      const value = numbers[index] as number;
      const sum = high + value;
      if (Number.isFinite(sum)) {
        // As addToSum has it; here the sum stays out of memory.
        const part = sum - high;
        const rest = high - (sum - part) + (value - part) + low;
        high = sum + rest;
        low = rest - (high - sum);
      } else {
        high = sum;
        low = 0;
      }
      parts[at] = high;
      parts[at + 1] = low;
      at += stride;
      index += step;
      if (index > last) index = first;
      else if (index < first) index = last;
    }
  },
  combine: (parts, from, more, into) => addToSum(parts, from, into, parts[more] as number, parts[more + 1] as number),
  result: (parts, at, count) => (parts[at] as number) / count + (parts[at + 1] as number) / count,
  read(ring, age, count) {
    if (count < 1) return Number.NaN;
    const { numbers } = ring.memory;
    const first = ring.place + ringHeader;
    const last = first + ring.capacity - 1;
    let index = indexAt(ring, age);
    // Nothing and the oldest value come to the oldest value.
    let high = numbers[index] as number;
    let low = 0;
    for (let left = count - 1; left > 0; left -= 1) {
      index = index === last ? first : index + 1;
      const value = numbers[index] as number;
      const sum = high + value;
      if (Number.isFinite(sum)) {
        // As `extend` has it, to the bit; a call for each value would cost more than the sum.
        const part = sum - high;
        const rest = high - (sum - part) + (value - part) + low;
        high = sum + rest;
        low = rest - (high - sum);
      } else {
        high = sum;
        low = 0;
      }
    }
    return high / count + low / count;
  },
};

/** The smallest value, or with a sign of -1 the largest one; NaN when one of them is. */
function createExtreme(sign: 1 | -1): Fold<number> {
  return {
    empty: [Number.POSITIVE_INFINITY],
    largestScan: 64,
    extend(parts, from, into, stride, ring, age, count, step) {
      const { numbers } = ring.memory;
      const first = ring.place + ringHeader;
      const last = first + ring.capacity - 1;
      let index = indexAt(ring, age);
      let at = into;
      let extreme = parts[from] as number;
      for (let left = count; left > 0; left -= 1) {
        extreme = Math.min(extreme, sign * (numbers[index] as number));
        parts[at] = extreme;
        at += stride;
        index += step;
        if (index > last) index = first;
        else if (index < first) index = last;
      }
    },
    combine(parts, from, more, into) {
      parts[into] = Math.min(parts[from] as number, parts[more] as number);
    },
    result: (parts, at) => sign * (parts[at] as number),
    read(ring, age, count) {
      const { numbers } = ring.memory;
      const first = ring.place + ringHeader;
      const last = first + ring.capacity - 1;
      let index = indexAt(ring, age);
      let extreme = Number.POSITIVE_INFINITY;
      for (let left = count; left > 0; left -= 1) {
        extreme = Math.min(extreme, sign * (numbers[index] as number));
        index = index === last ? first : index + 1;
      }
      return sign * extreme;
    },
  };
}

/** The last value, which is the whole window. */
const latest: Fold<number> = {
  empty: [Number.NaN],
  largestScan: Number.POSITIVE_INFINITY,
  extend(parts, _from, into, _stride, ring, age, count, step) {
    parts[into] = valueAt(ring, age - step * (count - 1));
  },
  combine(parts, _from, more, into) {
    parts[into] = parts[more] as number;
  },
  result: (parts, at) => parts[at] as number,
  read: (ring, age, count) => (count < 1 ? Number.NaN : valueAt(ring, age - count + 1)),
};

/** How the values of a window become one. */
export const folds: Readonly<Record<Aggregation, Fold<number>>> = {
  none: latest,
  avg: average,
  min: createExtreme(1),
  max: createExtreme(-1),
};

/** Reads a window of a ring anew: the last `window` values, but for the last `lag` ones. */
export function scan<Result>(fold: Fold<Result>, ring: Ring, window: number, lag: number): Result {
  const count = Math.min(window, lengthOf(ring) - lag);
  return fold.read(ring, lag + count - 1, count);
}

/** Writes the part of no values. */
export function writeEmpty({ empty }: Fold<unknown>, parts: Float64Array, at: number): void {
  for (let index = 0; index < empty.length; index += 1) parts[at + index] = empty[index] as number;
}

/** The result for some values at once. */
export function foldValues<Result>(fold: Fold<Result>, values: readonly number[]): Result {
  return scan(fold, ringOf(values), values.length, 0);
}
