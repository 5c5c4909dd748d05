import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyMetrics, followPlan, windowValue } from '../../src/window/live-run.js';
import { metricsEvent } from '../support/events.js';
import { parsedRunEvent } from '../support/parsed-events.js';
import { factOf, windowFact } from './facts.js';
import { logged, meanLoss, openRuns, push } from './runs.js';

const seed = 1;

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('the values of all windows', () => {
  test('that are too many cost the entity that has the most its least recently used run', () => {
    const { runs, evicted } = openRuns({ maxWindowValues: 408 });
    // Each run takes the values of its window and their count.
    const plan = [windowFact('avg', 50)];
    push(runs.touch(logged('quiet', '1'), 0), numbers(50), plan);
    for (const id of ['1', '2', '3', '4', '5', '6']) push(runs.touch(logged('busy', id), 1), numbers(50), plan);
    expect([evicted, runs.values]).toEqual([[], 7 * 51]);
    runs.touch(logged('busy', '1'), 2);
    for (const id of ['7', '8']) push(runs.touch(logged('busy', id), 3), numbers(50), plan);
    expect([evicted, runs.values]).toEqual([['busy/2 values'], 8 * 51]);
    push(runs.touch(logged('newcomer', '1'), 4), numbers(50), plan);
    expect(evicted).toEqual(['busy/2 values', 'busy/3 values']);
    expect(windowValue(runs.touch(logged('quiet', '1'), 5), plan[0] as never)).toBe(24.5);
  });

  test('stay within the bound with windows of 100,000 values in many runs, and other entities keep theirs', () => {
    const { runs, evicted } = openRuns({ maxWindowValues: 500_000, maxLiveRuns: 100 });
    push(runs.touch(logged('quiet', '1'), 0), [1, 2, 3]);
    const plan = [windowFact('avg', 100_000), factOf({ type: 'zscore', over: 'run', window: 50_000, minSamples: 2 })];
    const values = numbers(500);
    for (let round = 0; round < 40; round += 1) {
      for (let id = 0; id < 20; id += 1) {
        push(runs.touch(logged('loud', `${id}`), 1), values, plan);
        expect(runs.values).toBeLessThanOrEqual(500_000);
      }
    }
    expect(evicted.length).toBeGreaterThan(0);
    expect(evicted.every((run) => run.startsWith('loud'))).toBe(true);
    expect(windowValue(runs.touch(logged('quiet', '1'), 2), meanLoss)).toBe(2);
  });

  test('that are too many cost no run that has none', () => {
    const { runs, evicted } = openRuns({ maxWindowValues: 80 });
    runs.touch(logged('e', 'without windows'), 0);
    for (const id of ['1', '2']) push(runs.touch(logged('e', id), 1), numbers(50), [windowFact('avg', 50)]);
    expect([evicted, runs.size]).toEqual([['e/1 values'], 2]);
  });

  test('of a run that is too large alone cost that run, and it starts anew', () => {
    const { runs, evicted } = openRuns({ maxWindowValues: 50 });
    const plan = [windowFact('avg', 100)];
    const run = runs.touch(logged('e', '1'), 0);
    push(run, numbers(64), plan);
    expect([evicted, runs.size, runs.values]).toEqual([['e/1 values'], 0, 0]);
    expect(windowValue(run, plan[0] as never)).toBeUndefined();
    push(runs.touch(logged('e', '1'), 1), [7], plan);
    expect(windowValue(runs.touch(logged('e', '1'), 1), plan[0] as never)).toBe(7);
  });

  test('are within the bound and counted right whatever runs do, and none is left when all have ended', () => {
    const fact = fc.oneof(
      fc.integer({ min: 1, max: 200 }).map((window) => windowFact('avg', window)),
      fc.integer({ min: 2, max: 100 }).map((window) => factOf({ type: 'zscore', over: 'run', window, minSamples: 2 })),
    );
    const step = fc.record({
      entity: fc.constantFrom('a', 'b', 'c'),
      id: fc.constantFrom('1', '2', '3'),
      nowMs: fc.integer({ min: 0, max: 100 }),
      act: fc.oneof(
        { weight: 5, arbitrary: fc.record({ log: fc.integer({ min: 1, max: 120 }) }) },
        { weight: 2, arbitrary: fc.record({ plan: fc.array(fact, { maxLength: 3 }) }) },
        { weight: 1, arbitrary: fc.constant('end' as const) },
      ),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 3000 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        (bound, steps) => {
          const { runs } = openRuns({ maxWindowValues: bound, maxLiveRuns: 6, runIdleMs: 300 });
          let nowMs = 0;
          for (const { entity, id, act, ...more } of steps) {
            nowMs += more.nowMs;
            const run = runs.touch(logged(entity, id), nowMs);
            if (act === 'end') runs.end(run);
            else if ('plan' in act) followPlan(run, act.plan);
            else push(run, numbers(act.log), run.plans[0] ?? [meanLoss]);
            expect(runs.values).toBeLessThanOrEqual(bound);
            expect(runs.size).toBeLessThanOrEqual(6);
          }
          nowMs += 1000;
          runs.end(runs.touch(logged('d', '1'), nowMs));
          for (const entity of ['a', 'b', 'c']) runs.end(runs.touch(logged(entity, '1'), nowMs));
          expect([runs.size, runs.values, runs.windows]).toEqual([0, 0, 0]);
        },
      ),
      { seed, numRuns: 100 },
    );
  });

  test('are few while runs are short, however large their windows', () => {
    const { runs } = openRuns();
    for (let id = 0; id < 100; id += 1) push(runs.touch(logged('e', `${id}`), 0), [1], [windowFact('avg', 100_000)]);
    // 16 for the first values, and a few for the parts of the mean.
    expect(runs.values).toBe(100 * (16 + 7));
  });

  test('cost little a value at a hundred times the size', () => {
    const timeOf = (window: number): number => {
      const { runs } = openRuns();
      const run = runs.touch(logged('e', '1'), 0);
      followPlan(run, [windowFact('avg', window), factOf({ type: 'zscore', over: 'run', window, minSamples: 2 })]);
      const event = parsedRunEvent(metricsEvent({ loss: 1 }, { entity: 'e', run: { id: '1' } }));
      if (event.type !== 'run.metrics') throw new Error('Expected metrics');
      const beganMs = performance.now();
      for (let index = 0; index < 100_000; index += 1) applyMetrics(run, event);
      return (performance.now() - beganMs) * 10;
    };
    const [small, large] = [timeOf(300), timeOf(30_000)];
    console.info(`${small.toFixed(0)} ns a value in windows of 300, ${large.toFixed(0)} ns in windows of 30,000`);
    expect(large).toBeGreaterThan(0);
  });
});
