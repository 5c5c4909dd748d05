import { addSums, differenceOf, divideSum, type ExactSum, squareSum, subtractSums, zeroSum } from './exact-sum.js';
import { type Fold, readSum, writeSum } from './fold.js';

/** The mean and the standard deviation of some values. */
export interface Spread {
  /** One of the values. */
  readonly origin: number;
  /** How far the mean is from the origin. */
  readonly offset: ExactSum;
  /** The population's standard deviation: 0 exactly when all values are equal; NaN with a NaN or an infinity. */
  readonly deviation: number;
}

/** Sums of the values' differences from the origin. */
interface Differences {
  readonly sum: ExactSum;
  readonly squares: ExactSum;
  /** The squares of the differences made larger, for those whose own square would be 0. */
  readonly tinySquares: ExactSum;
}

const tinyScale = 2 ** 600;

/** Below this the sum of the squares may have lost something, and every difference is tiny. */
const smallestSquares = 1e-200;

/** More than any difference whose square is below that, and little enough to be scaled. */
const largestTiny = 1e-99;

const tooLarge: ExactSum = Object.freeze({ high: Number.POSITIVE_INFINITY, low: 0 });

/**
 * The spread of a window.
 *
 * The origin is in the window, so the deviation is at least 1/√(2 × count) of the largest difference: little cancels when the
 * square of the mean is taken from the mean of the squares, and the sums have twice the digits that this needs. Whole numbers
 * come out as if computed exactly.
 */
export const spread: Fold<Differences, Spread> = {
  empty: { sum: zeroSum, squares: zeroSum, tinySquares: zeroSum },
  of(value, origin) {
    const sum = differenceOf(value, origin);
    const isTiny = Math.abs(sum.high) < largestTiny;
    return { sum, squares: squareSum(sum), tinySquares: isTiny ? squareSum(scaled(sum)) : tooLarge };
  },
  combine: (older, newer) => ({
    sum: addSums(older.sum, newer.sum),
    squares: addSums(older.squares, newer.squares),
    tinySquares: addSums(older.tinySquares, newer.tinySquares),
  }),
  result({ sum, squares, tinySquares }, count, origin) {
    const offset = divideSum(sum, count);
    const deviation =
      squares.high < smallestSquares
        ? rootOf(divideSum(tinySquares, count), divideSum(scaled(sum), count)) / tinyScale
        : rootOf(divideSum(squares, count), offset);
    return { origin, offset, deviation };
  },
  // It costs more to read a value than to keep it.
  largestScan: 0,
  width: 6,
  write({ sum, squares, tinySquares }, numbers, at) {
    writeSum(sum, numbers, at);
    writeSum(squares, numbers, at + 2);
    writeSum(tinySquares, numbers, at + 4);
  },
  read: (numbers, at) => ({
    sum: readSum(numbers, at),
    squares: readSum(numbers, at + 2),
    tinySquares: readSum(numbers, at + 4),
  }),
};

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
