import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAggregate } from '../../src/window/aggregate.js';
import { foldValues } from '../../src/window/fold.js';
import { createGrowingRing } from '../../src/window/growing-ring.js';
import { type Spread, spread, zscoreOf } from '../../src/window/spread.js';
import { isDeviationWithin, isMeanWithin } from '../support/rational.js';
import { logged } from './numbers.js';

const seed = 1;

/** The spread of a window that moves over a series. */
function movingSpread(window: number, lag: number) {
  const ring = createGrowingRing(window + lag, () => {});
  const aggregate = createAggregate(spread, window, lag, ring, () => {});
  return {
    push(value: number): void {
      ring.push(value);
      aggregate.pushed?.();
    },
    value: (): Spread => aggregate.value(),
  };
}

function expectSpread(actual: Spread, values: readonly number[]): void {
  if (!values.every(Number.isFinite)) {
    expect(zscoreOf(1, actual)).toBeUndefined();
    return;
  }
  const mean = actual.origin + actual.offset.high;
  const isEqual = values.every((value) => value === values[0]);
  expect(actual.deviation === 0).toBe(isEqual);
  if (isMeanWithin(mean, values, 10n ** 12n) && isDeviationWithin(actual.deviation, values, 10n ** 9n)) return;
  expect.fail(`${mean} ± ${actual.deviation} is not the spread of the ${values.length} values ${values}`);
}

function expectWindow(window: number, lag: number, values: readonly number[]): void {
  const moving = movingSpread(window, lag);
  values.forEach((value, index) => {
    moving.push(value);
    const end = index + 1 - lag;
    if (end > 0) expectSpread(moving.value(), values.slice(Math.max(0, end - window), end));
  });
}

describe('the mean and the standard deviation of a window', () => {
  test.each([2, 3, 30, 64, 65, 200])('of %d values are what the values before the last say', (window) => {
    fc.assert(
      fc.property(logged(Math.min(3 * window, 420) + 4), (values) => expectWindow(window, 1, values)),
      { seed, numRuns: window > 60 ? 12 : 60, endOnFailure: true },
    );
  });

  test('are what the values say at any size and lag', () => {
    const size = fc.integer({ min: 1, max: 200 });
    fc.assert(fc.property(size, fc.integer({ min: 0, max: 70 }), logged(300), expectWindow), {
      seed,
      numRuns: 40,
      endOnFailure: true,
    });
  });

  test.each([255, 256, 257, 513])('of %d values, more than are kept in a row, are what these say', (window) => {
    const length = { minLength: 2 * window, maxLength: 3 * window, size: 'max' } as const;
    const value = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(fc.array(value, length), fc.integer({ min: 0, max: 3 }), (values, lag) => {
        const moving = movingSpread(window, lag);
        values.forEach((each, index) => {
          moving.push(each);
          const end = index + 1 - lag;
          if (end < 2) return;
          const inside = values.slice(Math.max(0, end - window), end);
          const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
          const square = inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length;
          const { origin, offset, deviation } = moving.value();
          expect(origin + offset.high).toBeCloseTo(mean, 10);
          expect(deviation).toBeCloseTo(Math.sqrt(square), 10);
        });
      }),
      { seed, numRuns: 3, endOnFailure: true },
    );
  });

  test.each([2, 5, 64, 65, 200, 600])('of %d values keep nothing of 1e34 and 1e17 once they have left', (window) => {
    for (const large of [[1e34, 1e17], [1e17, 1e34, -3e34], [1e150], [Number.NaN, Number.POSITIVE_INFINITY]]) {
      const moving = movingSpread(window, 1);
      for (const value of large) moving.push(value);
      for (let index = 0; index <= window; index += 1) moving.push(0.5);
      expect(moving.value()).toMatchObject({ deviation: 0, offset: { high: 0 } });
    }
  });

  test('tell a thousandth from a billion', () => {
    const moving = movingSpread(30, 1);
    for (let index = 0; index < 100; index += 1) moving.push(1e9 + (index % 2 === 0 ? 0.0009765625 : -0.0009765625));
    expect(moving.value()).toMatchObject({ deviation: 0.0009765625 });
    expect(zscoreOf(1e9 + 3 * 0.0009765625, moving.value())).toBe(3);
  });

  test('of whole numbers are those that one reckons by hand, so a bound that is met exactly is met', () => {
    for (const window of [2, 4, 30, 100, 1000]) {
      const moving = movingSpread(window, 0);
      for (let index = 0; index < 3 * window + 1; index += 1) {
        moving.push(index % 2 === 0 ? 1 : 3);
        if (index >= window - 1) expect(zscoreOf(5, moving.value())).toBe(3);
      }
    }
  });

  test.each([0.1 / 3, 1e15 / 3, -1e100 / 7, 1e-300 / 3])('of equal values are the value and 0: %d', (value) => {
    const moving = movingSpread(70, 0);
    for (let pushed = 0; pushed < 150; pushed += 1) {
      moving.push(value);
      expect(moving.value()).toEqual({ origin: value, offset: { high: 0, low: 0 }, deviation: 0 });
    }
  });

  test('tell a single value that is one bit off from all the others', () => {
    const moving = movingSpread(100, 0);
    for (let pushed = 0; pushed < 80; pushed += 1) moving.push(1e15);
    moving.push(1e15 + 0.125);
    expect(moving.value().deviation).toBeCloseTo((0.125 * Math.sqrt(80)) / 81, 12);
  });

  test('are the same to the last bit from all values at once, so explain says what an emit will do', () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 100 }),
        fc.array(value, { minLength: 2, maxLength: 300, size: 'max' }),
        (window, values) => {
          const moving = movingSpread(window, 0);
          values.forEach((each, index) => {
            moving.push(each);
            const inside = values.slice(Math.max(0, index + 1 - window), index + 1);
            expect(zscoreOf(20, moving.value())).toBe(zscoreOf(20, foldValues(spread, inside)));
          });
        },
      ),
      { seed, numRuns: 60 },
    );
  });

  test.each([2, 3, 30, 100])('of %d numbers of 1e150 of both signs are 1e150', (window) => {
    const moving = movingSpread(2 * window, 0);
    for (let index = 0; index < 6 * window; index += 1) {
      moving.push(index % 2 === 0 ? 1e150 : -1e150);
      if (index % 2 === 1) expect(moving.value().deviation).toBeCloseTo(1e150, -138);
    }
  });

  test('of tiny numbers are not zero', () => {
    const moving = movingSpread(4, 0);
    for (const value of [1e-300, 3e-300, 1e-300, 3e-300]) moving.push(value);
    expect(zscoreOf(8e-300, moving.value())).toBeCloseTo(6, 9);
  });

  test('do not drift over a million values', () => {
    const window = 100;
    const moving = movingSpread(window, 0);
    const last: number[] = [];
    for (let index = 0; index < 1_000_000; index += 1) {
      const value = Math.sin(index) * 10 ** ((index * 7) % 40) + 0.1;
      moving.push(value);
      last[index % window] = value;
      if (index % 100_019 === 0 && index > window) expectSpread(moving.value(), last);
    }
    for (let index = 0; index < window; index += 1) moving.push(index % 2);
    expect(moving.value()).toMatchObject({ deviation: 0.5 });
  });
});
