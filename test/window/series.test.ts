import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregation } from '../../src/definition/filter.js';
import { createGrowingRing } from '../../src/window/growing-ring.js';
import { valuesNeeded } from '../../src/window/measured.js';
import { lengthOf, valueAt } from '../../src/window/ring.js';
import { factOf, seriesOf, windowFact } from './facts.js';

const seed = 1;

describe('a ring buffer', () => {
  test('holds the last values of its capacity, by their age, also when that changes', () => {
    const capacity = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 15, 16, 17, 31, 32, 33, 100));
    const step = fc.oneof({ weight: 20, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.record({ capacity }) });
    fc.assert(
      fc.property(capacity, fc.array(step, { maxLength: 250, size: 'max' }), (initial, steps) => {
        let allocated = 0;
        const ring = createGrowingRing(initial, (change) => {
          allocated += change;
        });
        let size = initial;
        let kept: number[] = [];
        for (const each of steps) {
          if (typeof each === 'number') {
            ring.push(each);
            kept.push(each);
          } else {
            size = each.capacity;
            ring.resize(size);
          }
          kept = kept.slice(-size);
          expect([lengthOf(ring), ring.capacity]).toEqual([kept.length, size]);
          expect(kept.map((_, index) => valueAt(ring, kept.length - 1 - index))).toEqual(kept);
          expect(ring.allocated).toBe(allocated);
          // One number more says how many values there are.
          expect(allocated).toBeLessThanOrEqual(size + 1);
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  test('takes no room before its first value, and little for few', () => {
    const ring = createGrowingRing(100_000, () => {});
    expect(ring.allocated).toBe(0);
    for (let value = 0; value < 20; value += 1) ring.push(value);
    expect(ring.allocated).toBe(32);
  });
});

const windowOf = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(63, 64, 65, 66, 90, 200, 300, 600));

const asked = fc
  .record({ aggregation: fc.constantFrom<Aggregation>('none', 'avg', 'min', 'max'), window: windowOf })
  .map(({ aggregation, window }) => windowFact(aggregation, aggregation === 'none' ? 1 : window));

/** What a host does to a series: log a value, or change the automations. */
const step = fc.oneof(
  { weight: 15, arbitrary: fc.record({ push: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(Number.NaN)) }) },
  { weight: 1, arbitrary: fc.record({ facts: fc.array(asked, { maxLength: 5 }) }) },
);

/** What a window says of small whole numbers, where no sum is ever rounded. */
function naive(aggregation: Aggregation, values: readonly number[]): number | undefined {
  const last = values.at(-1);
  if (last === undefined || values.some(Number.isNaN)) return undefined;
  if (aggregation === 'none') return last;
  if (aggregation === 'avg') return values.reduce((sum, value) => sum + value, 0) / values.length;
  return aggregation === 'min' ? Math.min(...values) : Math.max(...values);
}

describe('a metric of a run', () => {
  test('follows automations that change in mid-run, each with the values that were still there', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 400, size: 'max' }), (steps) => {
        let allocated = 0;
        const series = seriesOf([], undefined, (change) => {
          allocated += change;
        });
        // What the series holds at most, and what it holds: the model.
        let facts: ReturnType<typeof windowFact>[] = [];
        let capacity = 1;
        let held: number[] = [];
        for (const each of steps) {
          if ('push' in each) {
            series.push(each.push);
            held.push(each.push);
          } else {
            facts = each.facts;
            series.follow(facts);
            capacity = Math.max(1, ...facts.map(({ measure }) => valuesNeeded(measure)));
          }
          held = held.slice(-capacity);
          for (const fact of facts) {
            if (fact.measure.type !== 'aggregate') continue;
            const { aggregation, window, minSamples } = fact.measure;
            const inside = held.slice(-window);
            const value = naive(aggregation, inside);
            expect(series.value(fact)).toBe(value);
            expect(series.measured(fact)).toEqual({ value, samples: inside.length, samplesNeeded: minSamples });
            expect(series.recent(window)).toEqual(inside);
          }
          expect(series.allocated).toBe(allocated);
        }
      }),
      { seed, numRuns: 80 },
    );
  });

  test('says nothing of what nobody asked for, or of what has no values', () => {
    const avg = windowFact('avg', 5);
    const series = seriesOf([avg]);
    expect(series.measured(avg)).toEqual({ value: undefined, samples: 0, samplesNeeded: 1 });
    series.push(1);
    expect(series.value(windowFact('avg', 4))).toBeUndefined();
    expect(series.measured(windowFact('avg', 4))).toBeUndefined();
    expect(series.value(avg)).toBe(1);
  });

  test('starts a new window with the values that another one kept', () => {
    const [last, avg, max] = [windowFact('none', 1), windowFact('avg', 3), windowFact('max', 2)];
    const series = seriesOf([last]);
    for (const value of [1, 2, 3]) series.push(value);
    series.follow([last, avg]);
    expect(series.measured(avg)).toMatchObject({ samples: 1, value: 3 });
    for (const value of [4, 5]) series.push(value);
    expect(series.measured(avg)).toMatchObject({ samples: 3, value: 4 });
    series.follow([last, avg, max]);
    expect(series.measured(max)).toMatchObject({ samples: 2, value: 5 });
  });

  test('goes on with a long window while others come and go', () => {
    const [max, long, short] = [windowFact('max', 600), windowFact('avg', 2000), windowFact('none', 1)];
    const series = seriesOf([max]);
    const logged: number[] = [];
    for (let value = 0; value < 4000; value += 1) {
      logged.push((value * 7919) % 1009);
      series.push(logged.at(-1) as number);
      if (value === 700) series.follow([max, long]);
      if (value === 1000) series.follow([short, max]);
      expect(series.value(max)).toBe(Math.max(...logged.slice(-600)));
    }
  });

  test('keeps equal windows once, however many measures need them', () => {
    const change = { type: 'change', aggregation: 'avg', window: 100, priorWindow: 100 } as const;
    const series = seriesOf([
      windowFact('avg', 100, 100),
      windowFact('avg', 100, 7),
      factOf({ ...change, kind: 'absolute', minSamples: 200 }),
      factOf({ ...change, kind: 'relative', minSamples: 150 }),
      factOf({ type: 'zscore', over: 'run', window: 30, minSamples: 30 }),
      factOf({ type: 'zscore', over: 'run', window: 30, minSamples: 3 }),
    ]);
    // The last value, the two of the change, and the one before the last value.
    expect(series.windows).toBe(4);
  });

  test('gives back the room of windows that are no longer needed', () => {
    const series = seriesOf([
      windowFact('avg', 1000),
      factOf({ type: 'zscore', over: 'run', window: 500, minSamples: 2 }),
    ]);
    for (let value = 0; value < 3000; value += 1) series.push(value);
    // The values with their count; then for 4 and for 2 blocks: the origin, two parts, the marks, the suffixes of one block.
    expect(series.allocated).toBe(1001 + 1 + 2 * (2 + 4 + 256) + 1 + 6 * (2 + 2 + 256));
    series.follow([windowFact('none', 1)]);
    expect([series.allocated, series.windows]).toEqual([2, 1]);
    series.follow([]);
    expect([series.allocated, series.windows]).toEqual([2, 0]);
  });

  test('is not moved by a window that is asked for again', () => {
    const min = windowFact('min', 100);
    const series = seriesOf([min]);
    for (let value = 0; value < 150; value += 1) series.push(value);
    series.follow([min]);
    expect(series.value(min)).toBe(50);
  });
});
