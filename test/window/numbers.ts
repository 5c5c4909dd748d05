import fc from 'fast-check';

/** Numbers of every magnitude up to 1e150 that a division of a mean can still be exact about. */
const finite = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 0.5, 1e17, -1e17, 1e34, 1e150, -1e150, 1e-200, 1e9 + 1e-3, 1e9 - 1e-3),
  fc.integer({ min: -1000, max: 1000 }),
  fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -150, max: 150 })).map(([part, power]) => {
    const value = part * 10 ** power;
    return Math.abs(value) < 1e-280 ? 0 : value;
  }),
);

const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

/** Numbers of one magnitude, far from zero or close to it: a large offset with small differences, or tiny numbers. */
const alike = (length: { minLength: number; maxLength: number; size: 'max' }): fc.Arbitrary<number[]> =>
  fc
    .record({
      offset: fc.constantFrom(0, 0, 1, -1e9, 1e9, 1e15),
      power: fc.integer({ min: -260, max: 148 }),
      parts: fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1, max: 1, noNaN: true })), length),
    })
    .map(({ offset, power, parts }) => parts.map((part) => offset + part * 10 ** power));

/** A logged series: mostly of numbers, sometimes with a few that are none in between. */
export function logged(maxLength: number): fc.Arbitrary<number[]> {
  const length = { minLength: 1, maxLength, size: 'max' } as const;
  const mixed = fc.oneof({ weight: 40, arbitrary: finite }, { weight: 1, arbitrary: notFinite });
  return fc.oneof(fc.array(finite, length), fc.array(mixed, length), alike(length));
}
