import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregation } from '../../src/definition/filter.js';
import type { Measure } from '../../src/rule/fact.js';
import { measureValues } from '../../src/window/measure-values.js';
import { valuesNeeded } from '../../src/window/measured.js';
import { createProjectRuns } from '../../src/window/project-runs.js';
import { factOf, seriesOf } from './facts.js';

const seed = 1;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function aggregateOf(aggregation: Aggregation, values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  switch (aggregation) {
    case 'none':
      return values.at(-1) as number;
    case 'avg':
      return mean(values);
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    default:
      return aggregation satisfies never;
  }
}

type Change = Extract<Measure, { type: 'change' }>;

/** The change of whole numbers, by the book. */
function changeByTheBook({ kind, aggregation, window, priorWindow, minSamples }: Change, values: readonly number[]) {
  const current = values.slice(-window);
  const prior = values.slice(0, -window).slice(-priorWindow);
  if (prior.length === 0 || current.length + prior.length < minSamples) return undefined;
  const before = aggregateOf(aggregation, prior);
  const change = aggregateOf(aggregation, current) - before;
  const value = kind === 'absolute' ? change : before === 0 ? Number.NaN : change / Math.abs(before);
  return Number.isNaN(value) ? undefined : value;
}

/** The z-score of a value, by the book. */
function zscoreByTheBook(value: number | undefined, others: readonly number[], minSamples: number) {
  if (value === undefined || others.length < minSamples || new Set(others).size === 1) return undefined;
  const center = mean(others);
  const zscore = (value - center) / Math.sqrt(mean(others.map((other) => (other - center) ** 2)));
  return Number.isNaN(zscore) ? undefined : zscore;
}

const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const whole = fc.integer({ min: -50, max: 50 });
const values = fc.oneof(
  fc.array(whole, { minLength: 1, maxLength: 400, size: 'max' }),
  fc.array(fc.oneof({ weight: 30, arbitrary: whole }, { weight: 1, arbitrary: odd }), { minLength: 1, maxLength: 200 }),
);
const size = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 60, max: 70 }), fc.constantFrom(100, 200));

const changes: fc.Arbitrary<Change> = fc
  .record({
    kind: fc.constantFrom('absolute', 'relative'),
    aggregation: fc.constantFrom<Aggregation>('none', 'avg', 'min', 'max'),
    window: size,
    priorWindow: size,
    least: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ kind, aggregation, window, priorWindow, least }) => {
    const windows = aggregation === 'none' ? { window: 1, priorWindow: 1 } : { window, priorWindow };
    const minSamples = Math.max(1, Math.ceil(least * (windows.window + windows.priorWindow)));
    return { type: 'change', kind, aggregation, ...windows, minSamples };
  });

/** A z-score that is rounded differently is the same. */
function expectClose(actual: unknown, expected: number | undefined): void {
  if (expected === undefined || !Number.isFinite(expected)) expect(actual).toBe(expected);
  else expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

describe('a change', () => {
  test('is what the two windows say, at every step, live and from the values alone', () => {
    fc.assert(
      fc.property(changes, values, (measure, logged) => {
        const fact = factOf(measure);
        const series = seriesOf([fact]);
        logged.forEach((value, index) => {
          series.push(value);
          const sofar = logged.slice(0, index + 1);
          const expected = changeByTheBook(measure, sofar);
          const measured = series.measured(fact);
          expect(measured?.value).toBe(expected === 0 ? measured?.value || 0 : expected);
          expect(measured?.samples).toBe(Math.min(sofar.length, measure.window + measure.priorWindow));
          expect(measured).toEqual(measureValues(measure, sofar.slice(-valuesNeeded(measure)), []));
        });
      }),
      { seed, numRuns: 200 },
    );
  });

  test.each<[string, Partial<Change>, number[], number | undefined]>([
    ['the last value against the one before', {}, [1, 4], 3],
    ['a fall', {}, [4, 1], -3],
    ['nothing with one value', {}, [4], undefined],
    ['relative to the size of the prior value', { kind: 'relative' }, [-4, -6], -0.5],
    ['nothing relative to zero', { kind: 'relative' }, [0, 6], undefined],
    ['nothing relative to minus zero', { kind: 'relative' }, [-0, 6], undefined],
    ['of zero to zero', {}, [0, 0], 0],
    ['nothing after NaN', {}, [Number.NaN, 6], undefined],
    ['nothing at NaN', {}, [6, Number.NaN], undefined],
    ['infinite', {}, [1, Number.POSITIVE_INFINITY], Number.POSITIVE_INFINITY],
    ['nothing between equal infinities', {}, [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], undefined],
    ['nothing relative to infinity', { kind: 'relative' }, [Number.POSITIVE_INFINITY, 1], undefined],
    ['of adjacent windows', { aggregation: 'avg', window: 2, priorWindow: 3 }, [9, 1, 2, 3, 6, 8], 5],
    ['of the current window first', { aggregation: 'avg', window: 2, priorWindow: 3, minSamples: 1 }, [1, 6, 8], 6],
    [
      'nothing without a prior value',
      { aggregation: 'avg', window: 2, priorWindow: 3, minSamples: 1 },
      [6, 8],
      undefined,
    ],
    ['nothing with too few', { aggregation: 'avg', window: 2, priorWindow: 3, minSamples: 4 }, [1, 6, 8], undefined],
  ])('is %s', (_, more, logged, expected) => {
    const base = { kind: 'absolute', aggregation: 'none', window: 1, priorWindow: 1 } as const;
    const window = { ...base, ...more };
    const measure: Change = { type: 'change', minSamples: window.window + window.priorWindow, ...window };
    const fact = factOf(measure);
    const series = seriesOf([fact]);
    for (const value of logged) series.push(value);
    expect(series.value(fact)).toBe(expected);
    expect(measureValues(measure, logged, []).value).toBe(expected);
  });
});

describe('a z-score over the run', () => {
  test('is what the values before the last say, at every step, live and from the values alone', () => {
    const windows = fc
      .integer({ min: 2, max: 120 })
      .chain((window) => fc.record({ window: fc.constant(window), minSamples: fc.integer({ min: 2, max: window }) }));
    fc.assert(
      fc.property(windows, values, ({ window, minSamples }, logged) => {
        const measure = { type: 'zscore', over: 'run', window, minSamples } as const;
        const fact = factOf(measure);
        const series = seriesOf([fact]);
        logged.forEach((value, index) => {
          series.push(value);
          const before = logged.slice(Math.max(0, index - window), index);
          const measured = series.measured(fact);
          expectClose(measured?.value, zscoreByTheBook(value, before, minSamples));
          expect(measured).toMatchObject({ samples: before.length, samplesNeeded: minSamples });
          const late = measureValues(measure, logged.slice(Math.max(0, index - window), index + 1), []);
          expectClose(measured?.value, late.value as number | undefined);
        });
      }),
      { seed, numRuns: 120 },
    );
  });

  test.each<[string, number[], number | undefined]>([
    ['of the values before the last, which is not among them', [1, 3, 1, 3, 5], 3],
    ['negative below the mean', [1, 3, 1, 3, -1], -3],
    ['nothing with too few', [1, 3, 1, 5], undefined],
    ['nothing when all are equal', [2, 2, 2, 2, 5], undefined],
    ['nothing when all are a third of a tenth', [0.1 / 3, 0.1 / 3, 0.1 / 3, 0.1 / 3, 5], undefined],
    ['nothing with a NaN among them', [1, Number.NaN, 1, 3, 5], undefined],
    ['nothing at NaN', [1, 3, 1, 3, Number.NaN], undefined],
    ['infinite', [1, 3, 1, 3, Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY],
    ['nothing with an infinity among them', [1, Number.POSITIVE_INFINITY, 1, 3, 5], undefined],
    ['of the last window of them', [Number.NaN, 1e34, 1e17, 1, 3, 1, 3, 5], 3],
  ])('is %s', (_, logged, expected) => {
    const fact = factOf({ type: 'zscore', over: 'run', window: 4, minSamples: 4 });
    const series = seriesOf([fact]);
    for (const value of logged) series.push(value);
    expect(series.value(fact)).toBe(expected);
    expect(measureValues(fact.measure, logged.slice(-5), []).value).toBe(expected);
  });
});

describe('a z-score over the project', () => {
  test('is what the other runs that logged last say, at every step, live and from the values alone', () => {
    const logs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.oneof(whole, whole, whole, odd)), {
      maxLength: 120,
    });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 8 }), logs, (window, least, logged) => {
        const minSamples = Math.min(window, least);
        const measure = { type: 'zscore', over: 'project', window, minSamples } as const;
        const fact = factOf(measure);
        const store = createProjectRuns(1000);
        const place = { entity: 'e', metric: 'loss' };
        const runs = Array.from({ length: 10 }, (_, run) =>
          seriesOf([fact], {
            record: (value, size) => store.record(place, `${run}`, value, size + 1),
            others: (size) => store.others(place, `${run}`, size),
            otherCount: (size) => store.otherCount(place, `${run}`, size),
          }),
        );
        const lastValues = new Map<number, number>();
        for (const [run, value] of logged) {
          runs[run]?.push(value);
          lastValues.delete(run);
          lastValues.set(run, value);
          for (const [reader, series] of runs.entries()) {
            const others = [...lastValues].filter(([other]) => other !== reader).map(([, each]) => each);
            const expected = zscoreByTheBook(lastValues.get(reader), others.slice(-window), minSamples);
            const measured = series.measured(fact);
            expectClose(measured?.value, expected);
            expect(measured?.samples).toBe(Math.min(others.length, window));
            expect(measured).toEqual(measureValues(measure, series.recent(1), others));
          }
        }
      }),
      { seed, numRuns: 60 },
    );
  });
});

describe('whether a metric is finite', () => {
  test.each<[number[], boolean | undefined]>([
    [[], undefined],
    [[1], true],
    [[Number.NaN, 1], true],
    [[1, Number.NaN], false],
    [[Number.POSITIVE_INFINITY], false],
    [[Number.NEGATIVE_INFINITY], false],
  ])('of %j is told by the last value: %s', (logged, expected) => {
    const fact = factOf({ type: 'finiteness' });
    const series = seriesOf([fact]);
    for (const value of logged) series.push(value);
    expect(series.value(fact)).toBe(expected);
    expect(measureValues(fact.measure, logged, [])).toEqual({
      value: expected,
      samples: Math.min(1, logged.length),
      samplesNeeded: 1,
    });
  });
});
