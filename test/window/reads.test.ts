import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterOrigin, type Fold, folds, writeEmpty } from '../../src/window/fold.js';
import { pushValue, type Ring, ringHeader, valueAt } from '../../src/window/ring.js';
import { spread } from '../../src/window/spread.js';

/** Takes values into a part, one after the other, as a window does that is kept up. */
function extended<Result>(fold: Fold<Result>, ring: Ring, age: number, count: number): Result {
  const parts = new Float64Array(afterOrigin + fold.empty.length);
  parts[0] = valueAt(ring, age - count + 1);
  writeEmpty(fold, parts, afterOrigin);
  for (let taken = 0; taken < count; taken += 1)
    fold.extend(parts, afterOrigin, afterOrigin, 0, ring, age - taken, 1, 1);
  return fold.result(parts, afterOrigin, count);
}

const value = fc.oneof(
  fc.double(),
  fc.double({ min: -1, max: 1 }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(-0, 1e308, -1e308, Number.MIN_VALUE, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN),
);

describe('values that are read at once', () => {
  test.each(Object.entries<Fold<unknown>>({ ...folds, spread }))(
    'say to the last bit what %s of them says one by one',
    (_, fold) => {
      fc.assert(
        fc.property(
          fc.array(value, { minLength: 1, maxLength: 80, size: 'max' }),
          fc.integer({ min: 1, max: 64 }),
          fc.nat(),
          fc.nat(),
          (values, capacity, from, size) => {
            const place = 3;
            const ring: Ring = {
              memory: { numbers: new Float64Array(place + ringHeader + capacity) },
              place,
              capacity,
            };
            for (const each of values) pushValue(ring, each);
            const length = Math.min(values.length, capacity);
            const lag = from % length;
            const count = size % (length - lag + 1);
            const age = lag + count - 1;
            expect(fold.read(ring, age, count)).toEqual(extended(fold, ring, age, count));
          },
        ),
        { seed: 1, numRuns: 500 },
      );
    },
  );
});
