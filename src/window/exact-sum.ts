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

/** The sum of nothing. */
export const zeroSum: ExactSum = Object.freeze({ high: 0, low: 0 });

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
