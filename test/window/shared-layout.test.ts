import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetricFact } from '../../src/rule/fact.js';
import {
  applyMetrics,
  followPlan,
  type LiveRun,
  readMeasure,
  recentValues,
  windowValue,
} from '../../src/window/live-run.js';
import { measureValues } from '../../src/window/measure-values.js';
import { valuesNeeded } from '../../src/window/measured.js';
import { metricValues } from '../support/metric-values.js';
import { factOf, windowFact } from './facts.js';
import { logged, openRuns } from './runs.js';

const seed = 1;
const names = ['loss', 'accuracy', 'rate'] as const;

/** A run logs metrics. */
function log(run: LiveRun, metrics: Readonly<Record<string, number>>): void {
  const event = logged(run.entity, run.info.id);
  if (event.type === 'run.metrics') applyMetrics(run, { ...event, metrics: metricValues(Object.entries(metrics)) });
}

function logLoss(run: LiveRun, values: readonly number[]): void {
  for (const loss of values) log(run, { loss });
}

/** How many numbers a run's windows take, counted one by one. */
function numbersTaken({ pages, series }: LiveRun): number {
  const allocated = [...pages.map((page) => page?.length ?? 0), ...[...series.values()].map((each) => each.allocated)];
  return allocated.reduce((sum, each) => sum + each, 0);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const change = {
  type: 'change',
  kind: 'absolute',
  aggregation: 'avg',
  window: 3,
  priorWindow: 2,
  minSamples: 4,
} as const;

/** Metrics that nobody logs: they take the place of one that is. */
const fillers = Array.from({ length: 15 }, (_, index) => windowFact('avg', 64, 1, `filler-${index}`));

/** Of windows that lie in the run's numbers, and of such that need more. */
const plans: readonly (readonly MetricFact[])[] = [
  [],
  [windowFact('avg', 5), windowFact('max', 64, 1, 'accuracy')],
  [windowFact('avg', 5), windowFact('min', 7, 3), windowFact('none', 1, 1, 'rate')],
  [windowFact('avg', 70), windowFact('avg', 3, 1, 'accuracy')],
  [factOf({ type: 'zscore', over: 'run', window: 4, minSamples: 2 }, 'accuracy'), factOf(change), windowFact('avg', 5)],
  [windowFact('avg', 5), ...fillers, windowFact('avg', 60, 1, 'rate')],
  [factOf({ type: 'finiteness' }, 'rate'), factOf(change, 'accuracy'), factOf(change, 'rate')],
];

const step = fc.record({
  run: fc.integer({ min: 0, max: 3 }),
  plan: fc.option(fc.integer({ min: 0, max: plans.length - 1 }), { freq: 3, nil: undefined }),
  metrics: fc.dictionary(fc.constantFrom(...names, 'unwatched'), fc.integer({ min: -9, max: 9 }), { maxKeys: 4 }),
});

describe('runs that share how their windows are laid out', () => {
  test('each have their own values, however their events and their plans are interleaved', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const { runs } = openRuns();
        const all = [0, 1, 2, 3].map((id) => runs.touch(logged('e', `${id}`), 0));
        // What each run holds of each metric: the model.
        const held = all.map(() => new Map<string, number[]>());
        for (const { run: index, plan, metrics } of steps) {
          const run = all[index] as LiveRun;
          const ofRun = held[index] as Map<string, number[]>;
          followPlan(run, plans[plan ?? 1] as readonly MetricFact[]);
          log(run, metrics);
          const facts = run.plans.flat();
          for (const name of names) {
            const needed = Math.max(
              0,
              ...facts.filter((fact) => fact.name === name).map((each) => valuesNeeded(each.measure)),
            );
            const value = metrics[name];
            const values = (ofRun.get(name) ?? []).slice(-needed || Number.POSITIVE_INFINITY);
            ofRun.set(
              name,
              [...values, ...(value === undefined ? [] : [value])].slice(-needed || Number.POSITIVE_INFINITY),
            );
          }
          for (const [other, each] of all.entries()) {
            expect(each.values).toBe(numbersTaken(each));
            for (const fact of each.plans.flat()) {
              const values = held[other]?.get(fact.name) ?? [];
              const expected = measureValues(fact.measure, values.slice(-valuesNeeded(fact.measure)), []);
              expect(windowValue(each, fact)).toBe(expected.value);
              expect(readMeasure(each, fact)).toEqual(expected);
              expect(recentValues(each, fact.name, 200)).toEqual(values);
            }
          }
        }
      }),
      { seed, numRuns: 30 },
    );
  });

  test('share it also when their plans are not the same object, and when several plans are followed', () => {
    const { runs } = openRuns();
    const all = numbers(50).map((id) => runs.touch(logged('e', `${id}`), 0));
    for (const run of all) followPlan(run, [windowFact('avg', 5), windowFact('min', 5)]);
    expect(new Set(all.map(({ layout }) => layout)).size).toBe(1);
    for (const run of all) followPlan(run, [windowFact('max', 5), windowFact('avg', 5)]);
    expect(new Set(all.map(({ layout }) => layout)).size).toBe(1);
  });

  test('keep their numbers where they are when a new plan asks for what is measured already', () => {
    const run = openRuns().runs.touch(logged('e', '1'), 0);
    followPlan(run, [windowFact('avg', 5), windowFact('min', 5)]);
    logLoss(run, [1, 2, 3]);
    const { pages } = run;
    followPlan(run, [windowFact('min', 5), windowFact('avg', 5)]);
    expect(run.pages).toBe(pages);
  });

  test('take room for the metrics that they log, and little for a thousand others', () => {
    const { runs } = openRuns();
    const run = runs.touch(logged('e', '1'), 0);
    const others = numbers(1000).flatMap((metric) => [
      windowFact('avg', 64, 1, `metric-${metric}`),
      windowFact('avg', 100_000, 1, `large-${metric}`),
    ]);
    followPlan(run, [...others, windowFact('avg', 5)]);
    expect(runs.values).toBe(0);
    logLoss(run, [1, 2, 3]);
    expect(windowValue(run, windowFact('avg', 5))).toBe(2);
    expect(runs.values).toBeLessThanOrEqual(1024);
    expect([run.series.size, runs.windows]).toEqual([0, 2001]);
    for (const fact of others.slice(0, 2)) {
      expect(windowValue(run, fact)).toBeUndefined();
      expect(readMeasure(run, fact)).toEqual({ value: undefined, samples: 0, samplesNeeded: 1 });
    }
  });

  test('are not disturbed when one of them ends, or has to go while it logs', () => {
    const { runs, evicted } = openRuns({ maxWindowValues: 60 });
    const plan = [windowFact('avg', 5), windowFact('avg', 100, 1, 'accuracy'), windowFact('avg', 100, 1, 'rate')];
    const [one, other] = ['1', '2'].map((id) => runs.touch(logged('e', id), 0)) as [LiveRun, LiveRun];
    for (const run of [one, other]) followPlan(run, plan);
    logLoss(one, [1, 2, 3]);
    logLoss(other, [7]);
    for (let value = 0; value < 100; value += 1) log(one, { loss: 1, accuracy: value, rate: 1 });
    expect(evicted).toEqual(['e/1 values']);
    expect(plan.map((fact) => windowValue(one, fact))).toEqual([undefined, undefined, undefined]);
    expect(one.series.size).toBe(0);
    expect(windowValue(other, windowFact('avg', 5))).toBe(7);
    runs.end(one);
    logLoss(other, [9]);
    expect(windowValue(other, windowFact('avg', 5))).toBe(8);
    expect(runs.values).toBe(6);
  });
});

describe('a window that grows from 5 to 500 values, and shrinks again', () => {
  const [small, large] = [[windowFact('avg', 5)], [windowFact('avg', 500)]] as const;

  test('keeps the values that are there', () => {
    const run = openRuns().runs.touch(logged('e', '1'), 0);
    followPlan(run, small);
    logLoss(run, numbers(9));
    followPlan(run, large);
    expect(recentValues(run, 'loss', 500)).toEqual([5, 6, 7, 8, 9]);
    expect([windowValue(run, small[0]), windowValue(run, large[0])]).toEqual([7, 7]);
    logLoss(run, [20]);
    expect([windowValue(run, small[0]), windowValue(run, large[0])]).toEqual([10, 55 / 6]);
    for (const plan of [small, [small[0]], [small[0]]]) followPlan(run, plan);
    expect(windowValue(run, large[0])).toBeUndefined();
    expect(windowValue(run, small[0])).toBe(10);
    expect(recentValues(run, 'loss', 500)).toEqual([6, 7, 8, 9, 20]);
  });

  test('takes what it needs, and gives the rest back', () => {
    const { runs } = openRuns();
    const run = runs.touch(logged('e', '1'), 0);
    followPlan(run, small);
    expect(runs.values).toBe(0);
    logLoss(run, numbers(9));
    // The five, and how many are there.
    expect(runs.values).toBe(6);
    followPlan(run, large);
    logLoss(run, numbers(600));
    expect(runs.values).toBeGreaterThan(500);
    for (const plan of [small, [small[0]], [small[0]]]) followPlan(run, plan);
    expect([runs.values, run.values, runs.windows]).toEqual([6, 6, 1]);
  });
});
