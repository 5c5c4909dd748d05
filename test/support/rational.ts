/** A number without rounding: `numerator × 2^exponent`. Every finite double is one. */
interface Dyadic {
  readonly numerator: bigint;
  readonly exponent: number;
}

const bits = new DataView(new ArrayBuffer(8));

function dyadic(value: number): Dyadic {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return { numerator: raw >> 63n === 1n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

/** Doubles reach down to 2^-1074, so this makes whole numbers of them all. */
const shift = 1074;

function scaled(value: number): bigint {
  const { numerator, exponent } = dyadic(value);
  return numerator << BigInt(exponent + shift);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function largestOf(values: readonly bigint[]): bigint {
  let largest = 0n;
  for (const value of values) if (magnitude(value) > largest) largest = magnitude(value);
  return largest;
}

function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

/** Whether a mean is within `1 / denominator × max|x|` of the exact mean of finite values, computed without rounding. */
export function isMeanWithin(mean: number, values: readonly number[], denominator: bigint): boolean {
  const count = BigInt(values.length);
  const exact = values.map(scaled);
  return magnitude(scaled(mean) * count - sumOf(exact)) * denominator <= largestOf(exact) * count;
}

/**
 * Whether a population's standard deviation is within `1 / denominator × max|x|` of the exact one of finite values,
 * computed without rounding.
 */
export function isDeviationWithin(deviation: number, values: readonly number[], denominator: bigint): boolean {
  if (!(deviation >= 0) || !Number.isFinite(deviation)) return false;
  const count = BigInt(values.length);
  const exact = values.map(scaled);
  // All is compared times count × denominator, squared: no root is drawn and nothing is divided.
  const squares = sumOf(exact.map((value) => value * value)) * count - sumOf(exact) ** 2n;
  const variance = squares * denominator ** 2n;
  const told = scaled(deviation) * count * denominator;
  const error = largestOf(exact) * count;
  const least = told > error ? told - error : 0n;
  return least ** 2n <= variance && variance <= (told + error) ** 2n;
}
