import { describe, expect, test } from 'vitest';
import type { MetricFact } from '../../src/rule/fact.js';
import {
  applyMetrics,
  followPlan,
  type LiveRun,
  readMeasure,
  recentValues,
  rememberRunInfo,
  windowValue,
} from '../../src/window/live-run.js';
import { metricsEvent, stateEvent } from '../support/events.js';
import { metricValues } from '../support/metric-values.js';
import { parsedRunEvent } from '../support/parsed-events.js';
import { factOf, windowFact } from './facts.js';
import { logged, meanLoss, openRuns, push } from './runs.js';

describe('live runs', () => {
  test('are the same run by entity, project and id, whatever their names look like', () => {
    const { runs } = openRuns();
    const odd = ['a', 'a","b', 'b","a', '"', 'null', 'a/b', 'b/a', 'a//b', 'b//a', '[', '💥'];
    const seen = new Set<LiveRun>();
    for (const entity of ['a', 'a/b']) {
      for (const project of [...odd, undefined]) {
        for (const id of odd) {
          const event = parsedRunEvent(stateEvent('running', { entity, project: project as string, run: { id } }));
          const run = runs.touch(event, 0);
          expect(runs.touch(event, 0)).toBe(run);
          expect(runs.peek(event, 0)).toBe(run);
          seen.add(run);
        }
      }
    }
    expect(seen.size).toBe(2 * odd.length * (odd.length + 1));
  });

  test('that are too many give up the least recently used one of the entity that has the most', () => {
    const { runs, evicted } = openRuns({ maxLiveRuns: 4 });
    runs.touch(logged('quiet', '1'), 0);
    for (const id of ['1', '2', '3', '1', '4', '5']) runs.touch(logged('busy', id), 1);
    expect(evicted).toEqual(['busy/2 runs', 'busy/3 runs']);
    expect(runs.size).toBe(4);
    expect(runs.peek(logged('quiet', '1'), 1)).toBeDefined();
  });

  test('made up by one entity never push out those of another that has its share', () => {
    const { runs, evicted } = openRuns({ maxLiveRuns: 4 });
    for (const id of ['1', '2']) runs.touch(logged('quiet', id), 0);
    for (let id = 0; id < 50; id += 1) runs.touch(logged('loud', `made-up-${id}`), 1);
    expect(evicted.filter((run) => run.startsWith('quiet'))).toEqual([]);
    expect(runs.size).toBe(4);
    runs.touch(logged('newcomer', '1'), 2);
    expect(runs.peek(logged('newcomer', '1'), 2)).toBeDefined();
    expect(runs.size).toBe(4);
  });

  test('go when they have been idle, and start anew when they log again', () => {
    const { runs, evicted } = openRuns();
    push(runs.touch(logged('e', 'old'), 0), [1, 2]);
    push(runs.touch(logged('e', 'young'), 600), [5]);
    expect(readMeasure(runs.touch(logged('e', 'young'), 1000), meanLoss)?.samples).toBe(1);
    runs.touch(logged('e', 'young'), 1001);
    expect(runs.size).toBe(1);
    expect(runs.peek(logged('e', 'old'), 1001)).toBeUndefined();
    const again = runs.touch(logged('e', 'old'), 1002);
    expect([recentValues(again, 'loss', 3), again.states.current]).toEqual([[], undefined]);
    expect(evicted).toEqual([]);
  });

  test('that were idle for exactly the time are still there', () => {
    const { runs } = openRuns();
    const run = runs.touch(logged('e', '1'), 0);
    expect(runs.touch(logged('e', '1'), 1000)).toBe(run);
    expect(runs.touch(logged('e', '1'), 2001)).not.toBe(run);
  });

  test('that have ended lose their windows and keep their state, until they log again', () => {
    const { runs } = openRuns();
    const finished = parsedRunEvent(stateEvent('finished', { entity: 'e', run: { id: '1', name: 'prod' } }));
    const run = runs.touch(logged('e', '1'), 0);
    push(run, [1, 2, 3]);
    rememberRunInfo(run, finished.run);
    run.states.begin('finished').settle();
    runs.end(run);
    expect([runs.size, runs.windows, runs.values, recentValues(run, 'loss', 3)]).toEqual([0, 0, 0, []]);
    const after = runs.touch(parsedRunEvent(stateEvent('finished', { entity: 'e', run: { id: '1' } })), 1);
    expect(after).toMatchObject({ states: { current: 'finished' }, info: { name: 'prod' } });
    runs.end(after);
    expect(runs.touch(logged('e', '1'), 2)).toMatchObject({ states: { current: undefined } });
  });

  test('that go on after they have ended have windows again', () => {
    const { runs } = openRuns();
    const run = runs.touch(logged('e', '1'), 0);
    push(run, [1, 2, 3]);
    run.states.begin('finished').settle();
    runs.end(run);
    const again = runs.touch(parsedRunEvent(stateEvent('running', { entity: 'e', run: { id: '1' } })), 1);
    again.states.begin('running').settle();
    push(again, [5, 6, 10]);
    expect([again === run, windowValue(again, meanLoss), runs.windows]).toEqual([true, 7, 1]);
  });

  test('of entities that say nothing any more go too', () => {
    const { runs } = openRuns();
    runs.touch(logged('e', '1'), 0);
    for (const entity of ['silent', 'mute']) {
      for (const id of ['1', '2', '3']) push(runs.touch(logged(entity, id), 0), [1]);
    }
    push(runs.touch(logged('e', '1'), 900), [1]);
    expect([runs.size, runs.windows]).toEqual([7, 7]);
    runs.touch(logged('e', '1'), 1001);
    expect([runs.size, runs.windows]).toEqual([1, 1]);
    // The three of its window, and how many are there.
    expect(runs.values).toBe(4);
  });

  test('go also while another entity has been silent for longer than their own', () => {
    const { runs } = openRuns();
    runs.touch(logged('e', 'old'), 0);
    runs.touch(logged('other', '1'), 600);
    runs.touch(logged('e', 'young'), 900);
    runs.touch(logged('e', 'young'), 1001);
    expect(runs.size).toBe(2);
  });

  test('that end twice count once', () => {
    const { runs } = openRuns();
    const run = runs.touch(logged('e', '1'), 0);
    runs.touch(logged('e', '2'), 0);
    runs.end(run);
    runs.end(run);
    expect(runs.size).toBe(1);
  });
});

describe('a live run', () => {
  const runOf = (): LiveRun => openRuns().runs.touch(logged('e', '1'), 0);

  test('remembers what it said of itself, the latest of each', () => {
    const run = runOf();
    rememberRunInfo(run, { id: '1', name: 'first', tags: ['a'], config: { lr: 0.1, depth: 3 } });
    rememberRunInfo(run, { id: '1' });
    rememberRunInfo(run, { id: '1', name: 'second', user: 'ada', config: { lr: 0.2 } });
    expect(run.info).toEqual({ id: '1', name: 'second', user: 'ada', tags: ['a'], config: { lr: 0.2 } });
  });

  test('does not advance the window of a metric that an event leaves out', () => {
    const run = runOf();
    push(run, [1, 2]);
    const other = parsedRunEvent(metricsEvent({ accuracy: 9 }, { run: { id: '1' } }));
    if (other.type === 'run.metrics') applyMetrics(run, other);
    expect(recentValues(run, 'loss', 3)).toEqual([1, 2]);
    expect(recentValues(run, 'accuracy', 3)).toEqual([]);
  });

  test('finds its metrics wherever they stand in an event, among however many others', () => {
    const run = runOf();
    const event = logged('e', '1');
    const last = (name: string): MetricFact => windowFact('none', 1, 1, name);
    const others = Array.from({ length: 300 }, (_, index): [string, number] => [`other-${index}`, index]);
    followPlan(run, [last('loss'), last('accuracy')]);
    const log = (...metrics: readonly [string, number][]): unknown => {
      if (event.type === 'run.metrics') applyMetrics(run, { ...event, metrics: metricValues(metrics) });
      return [windowValue(run, last('loss')), windowValue(run, last('accuracy'))];
    };
    expect(log(['loss', 1], ['accuracy', 2])).toEqual([1, 2]);
    expect(log(['accuracy', 3], ['loss', 4])).toEqual([4, 3]);
    expect(log(['other', 5], ['loss', 6])).toEqual([6, 3]);
    expect(log(...others, ['accuracy', 7], ['loss', 8])).toEqual([8, 7]);
    expect(log(...others, ['loss', 9], ['accuracy', 10])).toEqual([9, 10]);
    expect(log(...others)).toEqual([9, 10]);
  });

  test('starts a window when an automation needs it, and keeps the others as they are', () => {
    const run = runOf();
    push(run, [1, 2, 3]);
    const last = windowFact('none', 1, 1, 'accuracy');
    followPlan(run, [meanLoss, windowFact('max', 5), last]);
    expect(windowValue(run, meanLoss)).toBe(2);
    expect(readMeasure(run, windowFact('max', 5))).toEqual({ value: 3, samples: 3, samplesNeeded: 1 });
    expect(readMeasure(run, last)).toEqual({ value: undefined, samples: 0, samplesNeeded: 1 });
  });

  test('keeps its values while an automation is deleted and made anew, and lets them go later', () => {
    const run = runOf();
    push(run, [1, 2, 3]);
    followPlan(run, []);
    push(run, [4], [meanLoss]);
    expect(windowValue(run, meanLoss)).toBe(3);
    for (let change = 0; change < 3; change += 1) followPlan(run, []);
    expect([recentValues(run, 'loss', 3), run.values]).toEqual([[], 0]);
  });

  test('has the same windows when only some of its events name its organization', () => {
    const run = runOf();
    const large = windowFact('avg', 100);
    const [withOrganization, without] = [[meanLoss, large], [meanLoss]];
    for (let value = 0; value < 200; value += 1) push(run, [value], value % 3 === 0 ? withOrganization : without);
    expect(windowValue(run, large)).toBe(149.5);
    expect(run.plans).toHaveLength(2);
  });

  test('has windows of its own', () => {
    const { runs } = openRuns();
    const [one, other] = ['1', '2'].map((id) => runs.touch(logged('e', id), 0)) as [LiveRun, LiveRun];
    push(one, [1, 1]);
    push(other, [5]);
    expect([one, other].map((run) => windowValue(run, meanLoss))).toEqual([1, 5]);
  });

  test('knows the other runs of its project, also those that have ended, and not those of other projects', () => {
    const { runs } = openRuns();
    const zscore = factOf({ type: 'zscore', over: 'project', window: 3, minSamples: 2 });
    const log = (entity: string, id: string, project: string, value: number): LiveRun => {
      const event = logged(entity, id, value, project);
      const run = runs.touch(event, 0);
      followPlan(run, [zscore]);
      if (event.type === 'run.metrics') applyMetrics(run, event);
      return run;
    };
    log('e', '1', 'p', 100);
    runs.end(log('e', '1', 'p', 1));
    for (let other = 0; other < 5; other += 1) {
      log('e', `${other}`, 'elsewhere', 50);
      log('f', `${other}`, 'p', 70);
    }
    expect(windowValue(log('e', '2', 'p', 3), zscore)).toBeUndefined();
    const run = log('e', '3', 'p', 5);
    expect(readMeasure(run, zscore)).toEqual({ value: 3, samples: 2, samplesNeeded: 2 });
    expect(runs.projectMetric(logged('e', 'unheard-of', 1, 'p'), 'loss').others(3)).toEqual([1, 3, 5]);
    expect(runs.projectValues).toBe(3 + 4 + 4);
    log('e', '2', 'p', Number.NaN);
    expect(windowValue(run, zscore)).toBeUndefined();
  });

  test('keeps nothing for other runs when no automation compares runs', () => {
    const { runs } = openRuns();
    push(runs.touch(logged('e', '1'), 0), [1, 2, 3]);
    expect(runs.projectValues).toBe(0);
  });
});
