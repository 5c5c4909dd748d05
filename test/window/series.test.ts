import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregation } from '../../src/definition/filter.js';
import { createMetricSeries } from '../../src/window/metric-series.js';
import { createRingBuffer } from '../../src/window/ring-buffer.js';

const seed = 1;

describe('a ring buffer', () => {
  test('holds the last values of its capacity, by their age', () => {
    const capacity = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 15, 16, 17, 31, 32, 33, 100));
    fc.assert(
      fc.property(
        capacity,
        fc.array(fc.integer(), { maxLength: 60 }),
        fc.array(fc.integer(), { maxLength: 150 }),
        (size, initial, pushed) => {
          const ring = createRingBuffer(size, initial);
          const all = [...initial];
          const check = (): void => {
            const kept = all.slice(-size);
            expect(ring.length).toBe(kept.length);
            expect(kept.map((_, index) => ring.at(kept.length - 1 - index))).toEqual(kept);
          };
          check();
          for (const value of pushed) {
            ring.push(value);
            all.push(value);
            check();
          }
          expect(ring.capacity).toBe(size);
        },
      ),
      { seed, numRuns: 100 },
    );
  });
});

/** What a host does to a series: log a value, or make an automation that needs another window. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ push: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constant(Number.NaN)) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      aggregation: fc.constantFrom<Aggregation>('none', 'avg', 'min', 'max'),
      window: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(63, 64, 65, 66, 90)),
    }),
  },
);

/** What a window says of small whole numbers, where no sum is ever rounded. */
function naive(aggregation: Aggregation, values: readonly number[]): number {
  if (aggregation === 'none') return values.at(-1) ?? Number.NaN;
  if (values.length === 0 || values.some(Number.isNaN)) return Number.NaN;
  if (aggregation === 'avg') return values.reduce((sum, value) => sum + value, 0) / values.length;
  return aggregation === 'min' ? Math.min(...values) : Math.max(...values);
}

describe('a metric of a run', () => {
  test('keeps windows that start at different moments, each with the values that were still there', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 300, size: 'max' }), (steps) => {
        const series = createMetricSeries();
        // What the series holds at most, and what it holds: the model.
        let capacity = 1;
        let held: number[] = [];
        const windows: { readonly aggregation: Aggregation; readonly window: number }[] = [];
        for (const each of steps) {
          if ('push' in each) {
            series.push(each.push);
            held = [...held, each.push].slice(-capacity);
          } else {
            series.keep(each.aggregation, each.window);
            capacity = Math.max(capacity, each.window);
            windows.push(each);
          }
          for (const { aggregation, window } of windows) {
            const inside = held.slice(-window);
            expect(series.count(window)).toBe(inside.length);
            expect(series.recent(window)).toEqual(inside);
            expect(series.value(aggregation, window)).toBe(naive(aggregation, inside));
          }
        }
      }),
      { seed, numRuns: 60 },
    );
  });

  test('says nothing of a window that nobody asked for, or that has no values', () => {
    const series = createMetricSeries();
    series.keep('avg', 5);
    expect(series.value('avg', 5)).toBeNaN();
    expect(series.count(5)).toBe(0);
    series.push(1);
    expect(series.value('avg', 4)).toBeNaN();
    expect(series.value('avg', 5)).toBe(1);
  });

  test('starts a new window with the values that another one kept', () => {
    const series = createMetricSeries();
    series.keep('none', 1);
    for (const value of [1, 2, 3]) series.push(value);
    series.keep('avg', 3);
    expect([series.count(3), series.value('avg', 3)]).toEqual([1, 3]);
    for (const value of [4, 5]) series.push(value);
    expect([series.count(3), series.value('avg', 3)]).toEqual([3, 4]);
    series.keep('max', 2);
    expect([series.count(2), series.value('max', 2)]).toEqual([2, 5]);
  });

  test('is not moved by a window that is asked for again', () => {
    const series = createMetricSeries();
    series.keep('min', 100);
    for (let value = 0; value < 150; value += 1) series.push(value);
    series.keep('min', 100);
    expect(series.value('min', 100)).toBe(50);
  });
});
