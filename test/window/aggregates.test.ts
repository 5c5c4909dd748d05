import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregation } from '../../src/definition/filter.js';
import { aggregateOf } from '../../src/window/aggregate.js';
import { createMetricSeries } from '../../src/window/metric-series.js';
import { isMeanWithin } from '../support/rational.js';

const seed = 1;
const aggregations = ['none', 'avg', 'min', 'max'] as const satisfies readonly Aggregation[];

/** Numbers of every magnitude up to 1e150 that a division of a mean can still be exact about. */
const finite = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 0.5, 1e17, -1e17, 1e34, 1e150, -1e150, 1e-200),
  fc.integer({ min: -1000, max: 1000 }),
  fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -150, max: 150 })).map(([part, power]) => {
    const value = part * 10 ** power;
    return Math.abs(value) < 1e-280 ? 0 : value;
  }),
);
const notFinite = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);

/** A logged series: mostly of numbers, sometimes with a few that are none in between. */
function logged(maxLength: number): fc.Arbitrary<number[]> {
  const of = (value: fc.Arbitrary<number>) => fc.array(value, { minLength: 1, maxLength, size: 'max' });
  const mixed = fc.oneof({ weight: 40, arbitrary: finite }, { weight: 1, arbitrary: notFinite });
  return fc.oneof({ weight: 2, arbitrary: of(finite) }, { weight: 1, arbitrary: of(mixed) });
}

/** Whether an aggregate of a window is what its values say. A zero of either sign is the same number. */
function isAggregate(aggregation: Aggregation, actual: number, values: readonly number[]): boolean {
  if (aggregation === 'none') return Object.is(actual, values.at(-1));
  if (values.some(Number.isNaN)) return Number.isNaN(actual);
  if (aggregation === 'min') return actual === Math.min(...values);
  if (aggregation === 'max') return actual === Math.max(...values);
  const infinities = values.filter((value) => !Number.isFinite(value));
  if (infinities.length === 0) return isMeanWithin(actual, values, 10n ** 12n);
  const sum = infinities.reduce((total, value) => total + value);
  return Object.is(actual, sum);
}

function expectAggregate(aggregation: Aggregation, actual: number, values: readonly number[]): void {
  if (!isAggregate(aggregation, actual, values)) {
    expect.fail(`${actual} is not the ${aggregation} of the ${values.length} values ${values}`);
  }
}

/** A window that moves over values is at every step what the last of them say. */
function expectWindow(window: number, values: readonly number[]): void {
  const series = createMetricSeries();
  for (const aggregation of aggregations) series.keep(aggregation, window);
  values.forEach((value, index) => {
    series.push(value);
    const inside = values.slice(Math.max(0, index + 1 - window), index + 1);
    expect(series.count(window)).toBe(inside.length);
    for (const aggregation of aggregations) expectAggregate(aggregation, series.value(aggregation, window), inside);
  });
}

describe('a window', () => {
  test.each([1, 2, 3, 63, 64, 65, 66, 128, 300])('of %d values is what its values say, at every step', (window) => {
    fc.assert(
      fc.property(logged(Math.min(3 * window, 450) + 4), (values) => expectWindow(window, values)),
      { seed, numRuns: window > 60 ? 12 : 60, endOnFailure: true },
    );
  });

  test('of any size from 1 to 300 is what its values say, at every step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), logged(400), (window, values) => expectWindow(window, values)),
      { seed, numRuns: 40, endOnFailure: true },
    );
  });

  test('is the same when it is read late, from all its values at once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...aggregations), logged(200), (aggregation, values) => {
        expectAggregate(aggregation, aggregateOf(aggregation, values), values);
        const series = createMetricSeries();
        series.keep(aggregation, values.length);
        for (const value of values) series.push(value);
        const live = series.value(aggregation, values.length);
        const late = aggregateOf(aggregation, values);
        expect(Object.is(live, late) || live === late || isMeanWithin(live, [late], 10n ** 15n)).toBe(true);
      }),
      { seed, numRuns: 300 },
    );
  });

  test.each([1, 5, 64, 65, 200])('of %d values keeps nothing of 1e34 and 1e17 once they have left', (window) => {
    const series = createMetricSeries();
    series.keep('avg', window);
    for (const value of [1e34, 1e17, -1e34, 3e17]) series.push(value);
    for (let pushed = 0; pushed < window; pushed += 1) series.push(0.5);
    expect(series.value('avg', window)).toBe(0.5);
  });

  test.each([3, 64, 65, 200])('of %d values is itself again once NaN and the infinities have left', (window) => {
    const series = createMetricSeries();
    for (const aggregation of aggregations) series.keep(aggregation, window);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      series.push(odd);
      for (let pushed = 0; pushed < window - 1; pushed += 1) series.push(2);
      expect(Number.isFinite(series.value('avg', window))).toBe(window === 1);
      series.push(2);
      expect(aggregations.map((aggregation) => series.value(aggregation, window))).toEqual([2, 2, 2, 2]);
    }
  });

  test('tells a mean of both infinities from none', () => {
    const series = createMetricSeries();
    series.keep('avg', 2);
    series.push(Number.POSITIVE_INFINITY);
    series.push(Number.POSITIVE_INFINITY);
    expect(series.value('avg', 2)).toBe(Number.POSITIVE_INFINITY);
    series.push(Number.NEGATIVE_INFINITY);
    expect(series.value('avg', 2)).toBeNaN();
  });

  test.each([10, 100])('of %d values does not drift over 200,000 of them', (window) => {
    const series = createMetricSeries();
    series.keep('avg', window);
    const last: number[] = [];
    for (let index = 0; index < 200_000; index += 1) {
      const value = Math.sin(index) * 10 ** ((index * 7) % 40) + 0.1;
      series.push(value);
      last.push(value);
      if (last.length > window) last.shift();
      if (index % 20_011 === 0) expect(isMeanWithin(series.value('avg', window), last, 10n ** 12n)).toBe(true);
    }
    for (let index = 0; index < window; index += 1) series.push(0.1);
    expect(series.value('avg', window)).toBe(0.1);
  });
});
