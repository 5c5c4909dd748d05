import { addToSum, differenceOf, divideSum, type ExactSum, squareRest, squareSum, subtractSums } from './exact-sum.js';
import { afterOrigin, type Fold, writeEmpty } from './fold.js';
import { indexAt, ringHeader, valueAt } from './ring.js';

/** The mean and the standard deviation of some values. */
export interface Spread {
  /** One of the values. */
  readonly origin: number;
  /** How far the mean is from the origin. */
  readonly offset: ExactSum;
  /** The population's standard deviation: 0 exactly when all values are equal; NaN with a NaN or an infinity. */
  readonly deviation: number;
}

const tinyScale = 2 ** 600;

/** Below this the sum of the squares may have lost something, and every difference is tiny. */
const smallestSquares = 1e-200;

/** More than any difference whose square is below that, and little enough to be scaled. */
const largestTiny = 1e-99;

/** A part is three sums: of the differences from the origin, of their squares, and of the squares of the tiny ones made larger. */
const squaresAt = 2;
const tinySquaresAt = 4;

/** Where values are read; each reading is done before another begins. */
const scratch = new Float64Array(afterOrigin + 6);

/**
 * The spread of a window.
 *
 * The origin is in the window, so the deviation is at least 1/√(2 × count) of the largest difference: little cancels when the
 * square of the mean is taken from the mean of the squares, and the sums have twice the digits that this needs. Whole numbers
 * come out as if computed exactly.
 */
export const spread: Fold<Spread> = {
  empty: [0, 0, 0, 0, 0, 0],
  // It costs more to read a value than to keep it.
  largestScan: 0,
  extend(parts, from, into, stride, ring, age, count, step) {
    const { numbers } = ring.memory;
    const first = ring.place + ringHeader;
    const last = first + ring.capacity - 1;
    let index = indexAt(ring, age);
    const origin = parts[0] as number;
    let before = from;
    let at = into;
    for (let left = count; left > 0; left -= 1) {
      addDifference(parts, before, at, numbers[index] as number, origin);
      before = at;
      at += stride;
      index += step;
      if (index > last) index = first;
      else if (index < first) index = last;
    }
  },
  combine(parts, from, more, into) {
    addPart(parts, from, more, into);
    addPart(parts, from + squaresAt, more + squaresAt, into + squaresAt);
    addPart(parts, from + tinySquaresAt, more + tinySquaresAt, into + tinySquaresAt);
  },
  result(parts, at, count) {
    const origin = parts[0] as number;
    const sum = sumAt(parts, at);
    const squares = sumAt(parts, at + squaresAt);
    const offset = divideSum(sum, count);
    const deviation =
      squares.high < smallestSquares
        ? rootOf(divideSum(sumAt(parts, at + tinySquaresAt), count), divideSum(scaled(sum), count)) / tinyScale
        : rootOf(divideSum(squares, count), offset);
    return { origin, offset, deviation };
  },
  read(ring, age, count) {
    scratch[0] = valueAt(ring, age - count + 1);
    writeEmpty(spread, scratch, afterOrigin);
    spread.extend(scratch, afterOrigin, afterOrigin, 0, ring, age, count, 1);
    return spread.result(scratch, afterOrigin, count);
  },
};

function addPart(parts: Float64Array, from: number, more: number, into: number): void {
  addToSum(parts, from, into, parts[more] as number, parts[more + 1] as number);
}

function addDifference(parts: Float64Array, from: number, into: number, value: number, origin: number): void {
  const high = value - origin;
  const part = high - value;
  const low = Number.isFinite(high) ? value - (high - part) - (origin + part) : 0;
  const square = high * high;
  addToSum(parts, from, into, high, low);
  addToSum(parts, from + squaresAt, into + squaresAt, square, squareRest(high, low, square));
  // The square of any other is too large to be made larger.
  const isTiny = Math.abs(high) < largestTiny;
  const tiny = isTiny ? high * tinyScale : Number.POSITIVE_INFINITY;
  const tinySquare = tiny * tiny;
  const tinyRest = squareRest(tiny, low * tinyScale, tinySquare);
  addToSum(parts, from + tinySquaresAt, into + tinySquaresAt, tinySquare, tinyRest);
}

/** How many standard deviations a value is from the mean; `undefined` when that can't be told. */
export function zscoreOf(value: number, { origin, offset, deviation }: Spread): number | undefined {
  if (!(deviation > 0)) return undefined;
  const zscore = subtractSums(differenceOf(value, origin), offset).high / deviation;
  return Number.isNaN(zscore) ? undefined : zscore;
}

function scaled({ high, low }: ExactSum): ExactSum {
  return { high: high * tinyScale, low: low * tinyScale };
}

function rootOf(meanSquare: ExactSum, mean: ExactSum): number {
  return Math.sqrt(subtractSums(meanSquare, squareSum(mean)).high);
}

function sumAt(parts: Float64Array, at: number): ExactSum {
  return { high: parts[at] as number, low: parts[at + 1] as number };
}
