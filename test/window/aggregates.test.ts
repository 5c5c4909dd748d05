import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregation } from '../../src/definition/filter.js';
import { addSums } from '../../src/window/exact-sum.js';
import { measureValues } from '../../src/window/measure-values.js';
import { isMeanWithin } from '../support/rational.js';
import { seriesOf, windowFact } from './facts.js';
import { logged } from './numbers.js';

const seed = 1;
const aggregations = ['none', 'avg', 'min', 'max'] as const satisfies readonly Aggregation[];

/** Whether an aggregate of a window is what its values say. A zero of either sign is the same number. */
function isAggregate(aggregation: Aggregation, actual: unknown, values: readonly number[]): boolean {
  if (aggregation !== 'none' && values.some(Number.isNaN)) return actual === undefined;
  const last = values.at(-1) as number;
  if (aggregation === 'none') return Number.isNaN(last) ? actual === undefined : actual === last;
  if (aggregation === 'min') return actual === Math.min(...values);
  if (aggregation === 'max') return actual === Math.max(...values);
  const infinities = values.filter((value) => !Number.isFinite(value));
  if (infinities.length === 0) return isMeanWithin(actual as number, values, 10n ** 12n);
  const sum = infinities.reduce((total, value) => total + value);
  return Number.isNaN(sum) ? actual === undefined : actual === sum;
}

function expectAggregate(aggregation: Aggregation, actual: unknown, values: readonly number[]): void {
  if (!isAggregate(aggregation, actual, values)) {
    expect.fail(`${actual} is not the ${aggregation} of the ${values.length} values ${values}`);
  }
}

/** A window that moves over values is at every step what the last of them say. */
function expectWindow(window: number, values: readonly number[]): void {
  const facts = aggregations.map((aggregation) => windowFact(aggregation, aggregation === 'none' ? 1 : window));
  const series = seriesOf(facts);
  values.forEach((value, index) => {
    series.push(value);
    const inside = values.slice(Math.max(0, index + 1 - window), index + 1);
    facts.forEach((fact, place) => {
      expectAggregate(aggregations[place] as Aggregation, series.value(fact), inside);
    });
  });
}

/** A zero of either sign is the same number. */
function unsigned<Value>(value: Value): Value | 0 {
  return value === 0 ? 0 : value;
}

describe('a window', () => {
  test.each([1, 2, 3, 63, 64, 65, 66, 128, 200])('of %d values is what its values say, at every step', (window) => {
    fc.assert(
      fc.property(logged(Math.min(3 * window, 450) + 4), (values) => expectWindow(window, values)),
      { seed, numRuns: window > 60 ? 12 : 60, endOnFailure: true },
    );
  });

  test('of any size from 1 to 200 is what its values say, at every step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), logged(400), (window, values) => expectWindow(window, values)),
      { seed, numRuns: 40, endOnFailure: true },
    );
  });

  test.each([255, 256, 257, 512, 513, 700])(
    'of %d values, more than are kept in a row, is exact for whole numbers',
    (window) => {
      const whole = fc.integer({ min: -99, max: 99 });
      const mostlyWhole = fc.oneof(
        { weight: 300, arbitrary: whole },
        { weight: 1, arbitrary: fc.constant(Number.NaN) },
      );
      const length = { minLength: 2 * window, maxLength: 3 * window, size: 'max' } as const;
      fc.assert(
        fc.property(fc.array(mostlyWhole, length), (values) => {
          const facts = (['avg', 'min', 'max'] as const).map((aggregation) => windowFact(aggregation, window));
          const series = seriesOf(facts);
          values.forEach((value, index) => {
            series.push(value);
            const inside = values.slice(Math.max(0, index + 1 - window), index + 1);
            const mean = inside.reduce((sum, each) => sum + each, 0) / inside.length;
            const expected = inside.some(Number.isNaN)
              ? [undefined, undefined, undefined]
              : [mean, Math.min(...inside), Math.max(...inside)];
            expect(facts.map((fact) => unsigned(series.value(fact)))).toEqual(expected.map(unsigned));
          });
        }),
        { seed, numRuns: 3, endOnFailure: true },
      );
    },
  );

  test.each([1, 2, 5, 63, 64])(
    'of %d values has the mean that adding them up one by one has, to the last bit',
    (window) => {
      fc.assert(
        fc.property(logged(window + 20), (values) => {
          const avg = windowFact('avg', window);
          const series = seriesOf([avg]);
          for (const value of values) series.push(value);
          const inside = values.slice(-window);
          const { high, low } = inside.reduce((sum, value) => addSums(sum, { high: value, low: 0 }), {
            high: 0,
            low: 0,
          });
          const mean = high / inside.length + low / inside.length;
          expect(series.value(avg)).toBe(Number.isNaN(mean) ? undefined : mean);
          expect(measureValues(avg.measure, values, []).value).toBe(series.value(avg));
        }),
        { seed, numRuns: 100 },
      );
    },
  );

  test('is the same when it is read late, from all its values at once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...aggregations), logged(200), (aggregation, values) => {
        const fact = windowFact(aggregation, aggregation === 'none' ? 1 : values.length);
        const series = seriesOf([fact]);
        for (const value of values) series.push(value);
        expectAggregate(aggregation, measureValues(fact.measure, values, []).value, values);
        const live = series.measured(fact);
        const late = measureValues(fact.measure, values, []);
        expect(live?.samples).toBe(late.samples);
        if (typeof live?.value === 'number' && Number.isFinite(live.value)) {
          expect(isMeanWithin(live.value, [late.value as number], 10n ** 15n)).toBe(true);
        } else expect(live?.value).toBe(late.value);
      }),
      { seed, numRuns: 300 },
    );
  });

  test.each([1, 5, 64, 65, 200, 600])('of %d values keeps nothing of 1e34 and 1e17 once they have left', (window) => {
    const avg = windowFact('avg', window);
    const series = seriesOf([avg]);
    for (const value of [1e34, 1e17, -1e34, 3e17]) series.push(value);
    for (let pushed = 0; pushed < window; pushed += 1) series.push(0.5);
    expect(series.value(avg)).toBe(0.5);
  });

  test.each([3, 64, 65, 200])('of %d values is itself again once NaN and the infinities have left', (window) => {
    const facts = aggregations.map((aggregation) => windowFact(aggregation, aggregation === 'none' ? 1 : window));
    const series = seriesOf(facts);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      series.push(odd);
      for (let pushed = 0; pushed < window - 1; pushed += 1) series.push(2);
      expect(series.value(windowFact('avg', window))).toBe(Number.isNaN(odd) ? undefined : odd);
      series.push(2);
      expect(facts.map((fact) => series.value(fact))).toEqual([2, 2, 2, 2]);
    }
  });

  test('with infinities of both signs has no mean, and with those of one sign has it', () => {
    const avg = windowFact('avg', 2);
    const series = seriesOf([avg]);
    series.push(Number.POSITIVE_INFINITY);
    series.push(Number.POSITIVE_INFINITY);
    expect(series.value(avg)).toBe(Number.POSITIVE_INFINITY);
    series.push(Number.NEGATIVE_INFINITY);
    expect(series.value(avg)).toBeUndefined();
  });

  test.each([
    [10, 1_000_000],
    [100, 10_000_000],
  ])('of %d values does not drift over %d of them', (window, samples) => {
    const avg = windowFact('avg', window);
    const series = seriesOf([avg]);
    const last: number[] = [];
    for (let index = 0; index < samples; index += 1) {
      const value = Math.sin(index) * 10 ** ((index * 7) % 40) + 0.1;
      series.push(value);
      last[index % window] = value;
      if (index % 100_019 === 0) expect(isMeanWithin(series.value(avg) as number, last, 10n ** 12n)).toBe(true);
    }
    for (let index = 0; index < window; index += 1) series.push(0.1);
    expect(series.value(avg)).toBe(0.1);
  });
});
