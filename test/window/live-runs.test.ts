import { describe, expect, test } from 'vitest';
import { applyMetrics, followPlan, type LiveRun, rememberRunInfo } from '../../src/window/live-run.js';
import { createLiveRuns } from '../../src/window/live-runs.js';
import { metricsEvent, stateEvent } from '../support/events.js';
import { parsedRunEvent } from '../support/parsed-events.js';

const loss = [{ name: 'loss', aggregation: 'avg', window: 3 }] as const;

function logged(entity: string, id: string, value = 1) {
  return parsedRunEvent(metricsEvent({ loss: value }, { entity, run: { id } }));
}

function openRuns(maxLiveRuns: number, runIdleMs = 1000) {
  const evicted: string[] = [];
  const runs = createLiveRuns({ maxLiveRuns, runIdleMs }, ({ entity, info }) => evicted.push(`${entity}/${info.id}`));
  return { runs, evicted };
}

function push(run: LiveRun, ...values: number[]): void {
  followPlan(run, loss);
  for (const value of values) {
    const event = logged(run.entity, run.info.id, value);
    if (event.type === 'run.metrics') applyMetrics(run, event);
  }
}

describe('live runs', () => {
  test('are the same run by entity, project and id, whatever their names look like', () => {
    const { runs } = openRuns(1000);
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
    const { runs, evicted } = openRuns(4);
    runs.touch(logged('quiet', '1'), 0);
    for (const id of ['1', '2', '3', '1', '4', '5']) runs.touch(logged('busy', id), 1);
    expect(evicted).toEqual(['busy/2', 'busy/3']);
    expect(runs.size).toBe(4);
    expect(runs.peek(logged('quiet', '1'), 1)).toBeDefined();
  });

  test('made up by one entity never push out those of another that has its share', () => {
    const { runs, evicted } = openRuns(4);
    for (const id of ['1', '2']) runs.touch(logged('quiet', id), 0);
    for (let id = 0; id < 50; id += 1) runs.touch(logged('loud', `made-up-${id}`), 1);
    expect(evicted.filter((run) => run.startsWith('quiet'))).toEqual([]);
    expect(runs.size).toBe(4);
    runs.touch(logged('newcomer', '1'), 2);
    expect(runs.peek(logged('newcomer', '1'), 2)).toBeDefined();
    expect(runs.size).toBe(4);
  });

  test('go when they have been idle, and start anew when they log again', () => {
    const { runs, evicted } = openRuns(10, 1000);
    push(runs.touch(logged('e', 'old'), 0), 1, 2);
    push(runs.touch(logged('e', 'young'), 600), 5);
    expect(runs.touch(logged('e', 'young'), 1000).series.get('loss')?.count(3)).toBe(1);
    runs.touch(logged('e', 'young'), 1001);
    expect(runs.size).toBe(1);
    expect(runs.peek(logged('e', 'old'), 1001)).toBeUndefined();
    const again = runs.touch(logged('e', 'old'), 1002);
    expect([again.series.size, again.states.current]).toEqual([0, undefined]);
    expect(evicted).toEqual([]);
  });

  test('that were idle for exactly the time are still there', () => {
    const { runs } = openRuns(10, 1000);
    const run = runs.touch(logged('e', '1'), 0);
    expect(runs.touch(logged('e', '1'), 1000)).toBe(run);
    expect(runs.touch(logged('e', '1'), 2001)).not.toBe(run);
  });

  test('that have ended lose their windows and keep their state, until they log again', () => {
    const { runs } = openRuns(10);
    const finished = parsedRunEvent(stateEvent('finished', { entity: 'e', run: { id: '1', name: 'prod' } }));
    const run = runs.touch(logged('e', '1'), 0);
    push(run, 1, 2, 3);
    rememberRunInfo(run, finished.run);
    run.states.begin('finished').settle();
    runs.end(run);
    expect([runs.size, run.series.size]).toEqual([0, 0]);
    const after = runs.touch(parsedRunEvent(stateEvent('finished', { entity: 'e', run: { id: '1' } })), 1);
    expect(after).toMatchObject({ states: { current: 'finished' }, info: { name: 'prod' } });
    runs.end(after);
    expect(runs.touch(logged('e', '1'), 2)).toMatchObject({ states: { current: undefined } });
  });

  test('that end twice count once', () => {
    const { runs } = openRuns(10);
    const run = runs.touch(logged('e', '1'), 0);
    runs.touch(logged('e', '2'), 0);
    runs.end(run);
    runs.end(run);
    expect(runs.size).toBe(1);
  });
});

describe('a live run', () => {
  const runOf = (): LiveRun => openRuns(10).runs.touch(logged('e', '1'), 0);

  test('remembers what it said of itself, the latest of each', () => {
    const run = runOf();
    rememberRunInfo(run, { id: '1', name: 'first', tags: ['a'], config: { lr: 0.1, depth: 3 } });
    rememberRunInfo(run, { id: '1' });
    rememberRunInfo(run, { id: '1', name: 'second', user: 'ada', config: { lr: 0.2 } });
    expect(run.info).toEqual({ id: '1', name: 'second', user: 'ada', tags: ['a'], config: { lr: 0.2 } });
  });

  test('does not advance the window of a metric that an event leaves out', () => {
    const run = runOf();
    push(run, 1, 2);
    const other = parsedRunEvent(metricsEvent({ accuracy: 9 }, { run: { id: '1' } }));
    if (other.type === 'run.metrics') applyMetrics(run, other);
    expect(run.series.get('loss')?.recent(3)).toEqual([1, 2]);
    expect(run.series.has('accuracy')).toBe(false);
  });

  test('starts a window when an automation needs it, and keeps the others as they are', () => {
    const run = runOf();
    push(run, 1, 2, 3);
    followPlan(run, [
      ...loss,
      { name: 'loss', aggregation: 'max', window: 5 },
      { name: 'accuracy', aggregation: 'none', window: 1 },
    ]);
    expect(run.series.get('loss')?.value('avg', 3)).toBe(2);
    expect(run.series.get('loss')?.recent(5)).toEqual([1, 2, 3]);
    expect(run.series.get('accuracy')?.count(1)).toBe(0);
  });

  test('has windows of its own', () => {
    const { runs } = openRuns(10);
    const [one, other] = ['1', '2'].map((id) => runs.touch(logged('e', id), 0)) as [LiveRun, LiveRun];
    push(one, 1, 1);
    push(other, 5);
    expect([one, other].map((run) => run.series.get('loss')?.value('avg', 3))).toEqual([1, 5]);
  });
});
