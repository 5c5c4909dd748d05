import { doNothing, type FilterInput, onRunMetric, onRunState, project, runEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const scope = project('my-team', 'my-project');
const average = runEvent.metric('accuracy').avg(5).lt(0.85);

async function openWith(filter: FilterInput, options: Parameters<typeof openEngine>[0] = {}) {
  const opened = await openEngine(options);
  const { automation } = await opened.engine.automations.create({
    name: 'low',
    event: onRunMetric({ scope, filter }),
    action: doNothing(),
  });
  const skips = async () => {
    await opened.engine.idle();
    const { items } = await opened.engine.executions.list({ status: 'skipped' });
    return items.map(({ automationName, reason, detail, count }) => [automationName, reason, detail, count]);
  };
  return { ...opened, automation, skips };
}

describe('a run that ends before a window had enough values', () => {
  test('leaves one record that says which, so that silence is not taken for health', async () => {
    const { engine, skips } = await openWith(average);
    for (const accuracy of [0.9, 0.1, 0.1]) await engine.emit(metricsEvent({ accuracy }));
    const { fired, skipped } = await engine.emit(stateEvent('finished'));
    expect(fired).toEqual([]);
    expect(skipped).toMatchObject([{ reason: 'never_enough_samples' }]);
    await engine.emit(stateEvent('finished'));
    expect(await skips()).toEqual([['low', 'never_enough_samples', 'avg(accuracy, 5) < 0.85: 3 of 5 values', 1]]);
  });

  test('is told of as well when it never logged the metric, which may be misspelt', async () => {
    const { engine, skips } = await openWith(runEvent.metric('acuracy').lt(0.85));
    await engine.emit(metricsEvent({ accuracy: 0.1 }));
    await engine.emit(stateEvent('failed'));
    expect(await skips()).toEqual([['low', 'never_enough_samples', 'acuracy < 0.85: 0 of 1 values', 1]]);
  });

  test('leaves nothing where every window had enough, or the rest of the filter says no', async () => {
    const { engine, skips } = await openWith(average.and(runEvent.name.regex('^prod-')));
    await engine.emit(metricsEvent({ accuracy: 0.9 }, { run: { id: 'run-1', name: 'dev-1' } }));
    await engine.emit(stateEvent('finished'));
    for (let step = 0; step < 5; step += 1) {
      await engine.emit(metricsEvent({ accuracy: 0.9 }, { run: { id: 'run-2', name: 'prod-1' } }));
    }
    await engine.emit(stateEvent('finished', {}, 'run-2'));
    expect(await skips()).toEqual([]);
  });

  test('leaves nothing for one that has not ended, nor for an automation that is disabled or elsewhere', async () => {
    const { engine, automation, skips } = await openWith(average);
    await engine.emit(metricsEvent({ accuracy: 0.9 }));
    await engine.emit(stateEvent('running'));
    await engine.emit(metricsEvent({ accuracy: 0.9 }, { project: 'other' }));
    await engine.emit(stateEvent('finished', { project: 'other' }));
    await engine.automations.disable(automation.id);
    await engine.emit(stateEvent('finished'));
    expect(await skips()).toEqual([]);
  });

  test('is told of by an automation that waited for its end with a metric', async () => {
    const { engine } = await openEngine();
    for (const [name, state] of [
      ['good end', 'finished'],
      ['bad end', 'failed'],
    ] as const) {
      const filter = runEvent.state.eq(state).and(average);
      await engine.automations.create({ name, event: onRunState({ scope, filter }), action: doNothing() });
    }
    const { skipped } = await engine.emit(stateEvent('finished'));
    expect(skipped).toHaveLength(1);
    await engine.idle();
    const { items } = await engine.executions.list();
    expect(items.map(({ automationName, reason }) => [automationName, reason])).toEqual([
      ['good end', 'never_enough_samples'],
    ]);
  });

  test('that comes back and ends again is told of again', async () => {
    const { engine, skips } = await openWith(average);
    for (let again = 0; again < 2; again += 1) {
      await engine.emit(metricsEvent({ accuracy: 0.9 }));
      await engine.emit(stateEvent('finished'));
    }
    expect(await skips()).toHaveLength(2);
  });

  test('that says first that it is running again is told of again as well', async () => {
    const { engine, skips } = await openWith(average);
    for (let again = 0; again < 2; again += 1) {
      await engine.emit(stateEvent('running'));
      await engine.emit(metricsEvent({ accuracy: 0.9 }));
      await engine.emit(stateEvent('finished'));
    }
    expect(await skips()).toHaveLength(2);
  });

  test('that goes from one end to another is told of once', async () => {
    const { engine, skips } = await openWith(average);
    await engine.emit(metricsEvent({ accuracy: 0.9 }));
    for (const state of ['finished', 'failed', 'finished']) await engine.emit(stateEvent(state));
    expect(await skips()).toHaveLength(1);
  });

  test('is told of once when the storage refused its end at first', async () => {
    const runtime = manualRuntime();
    let fate: CommitFate | undefined;
    const storage = unreliableStorage(memoryStorage({ now: runtime.now }), () => fate);
    const { engine, skips } = await openWith(average, { storage, runtime });
    await engine.automations.create({
      name: 'ends',
      event: onRunState({ scope: team('my-team') }),
      action: doNothing(),
    });
    fate = { type: 'fails' };
    await expect(engine.emit(stateEvent('finished', { id: 'end' }))).rejects.toMatchObject({
      code: 'storage_unavailable',
    });
    fate = undefined;
    const { fired, skipped } = await engine.emit(stateEvent('finished', { id: 'end' }));
    expect([fired.length, skipped.length]).toEqual([1, 1]);
    await engine.emit(stateEvent('finished', { id: 'end' }));
    expect(await skips()).toHaveLength(1);
  });
});
