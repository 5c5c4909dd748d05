/**
 * A sum in twice the precision of a number: `high` is the rounded sum, `low` what rounding took from it.
 *
 * Adding two of them loses about 1e-32 of the larger one, so the mean of 100,000 values is as good as if it were
 * computed exactly and rounded once.
 */
export interface ExactSum {
  readonly high: number;
  readonly low: number;
}

/** Adds two sums (Knuth's two-sum on the high parts). Infinities and NaN come out as plain addition has them. */
export function addSums(left: ExactSum, right: ExactSum): ExactSum {
  const sum = left.high + right.high;
  if (!Number.isFinite(sum)) return { high: sum, low: 0 };
  const part = sum - left.high;
  const error = left.high - (sum - part) + (right.high - part);
  const low = error + left.low + right.low;
  const high = sum + low;
  return { high, low: low - (high - sum) };
}

/**
 * Adds `high` and `low` to the sum that stands in the numbers at `from`, and writes it at `into`: {@link addSums} where
 * nothing may be allocated.
 */
export function addToSum(numbers: Float64Array, from: number, into: number, high: number, low: number): void {
  const left = numbers[from] as number;
  const sum = left + high;
  if (!Number.isFinite(sum)) {
    numbers[into] = sum;
    numbers[into + 1] = 0;
    return;
  }
  const part = sum - left;
  const rest = left - (sum - part) + (high - part) + (numbers[from + 1] as number) + low;
  const rounded = sum + rest;
  numbers[into] = rounded;
  numbers[into + 1] = rest - (rounded - sum);
}

/** What the left one is above the right one. */
export function subtractSums(left: ExactSum, right: ExactSum): ExactSum {
  return addSums(left, { high: -right.high, low: -right.low });
}

/** The difference of two numbers, exactly. */
export function differenceOf(left: number, right: number): ExactSum {
  return addSums({ high: left, low: 0 }, { high: -right, low: 0 });
}

/** The square of a sum, to about 1e-32 of it while it is above 1e-276 and no number is too large. */
export function squareSum({ high, low }: ExactSum): ExactSum {
  const square = high * high;
  return { high: square, low: squareRest(high, low, square) };
}

/** What the square of a sum is above the rounded square of its high part. */
export function squareRest(high: number, low: number, square: number): number {
  return Number.isFinite(square) ? squareError(high, square) + 2 * high * low : 0;
}

/** A sum divided by how many values it is of, 1 to 2^27. */
export function divideSum({ high, low }: ExactSum, count: number): ExactSum {
  const quotient = high / count;
  if (!Number.isFinite(quotient)) return { high: quotient, low: 0 };
  // The count is short, so its products with the two halves of the quotient are exact.
  const upper = upperHalf(quotient);
  const rest = high - upper * count - (quotient - upper) * count;
  const correction = (rest + low) / count;
  const rounded = quotient + correction;
  return { high: rounded, low: correction - (rounded - quotient) };
}

/** What a number's rounded square lacks of the exact one (Dekker's product). */
function squareError(value: number, square: number): number {
  const upper = upperHalf(value);
  const lower = value - upper;
  return lower * lower - (square - upper * upper - 2 * upper * lower);
}

/** The upper 26 bits of a number, so that products of halves are exact (Veltkamp's splitting). */
function upperHalf(value: number): number {
  // What is this large would overflow on the way.
  if (Math.abs(value) > 1e299) return upperHalf(value * 2 ** -30) * 2 ** 30;
  const shifted = 134_217_729 * value;
  return shifted - (shifted - value);
}
