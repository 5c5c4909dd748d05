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

/** Whether a mean is within `1 / denominator × max|x|` of the exact mean of finite values, computed without rounding. */
export function isMeanWithin(mean: number, values: readonly number[], denominator: bigint): boolean {
  const count = BigInt(values.length);
  const sum = values.reduce((total, value) => total + scaled(value), 0n);
  let largest = 0n;
  for (const value of values) {
    const size = magnitude(scaled(value));
    if (size > largest) largest = size;
  }
  return magnitude(scaled(mean) * count - sum) * denominator <= largest * count;
}
