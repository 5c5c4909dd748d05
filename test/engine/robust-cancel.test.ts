import {
  type CommitResult,
  callHandler,
  doNothing,
  type ListQuery,
  onEvent,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  type Storage,
  sendNotification,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const lowAccuracy = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });
const deploy = (more: object = {}) => ({ type: 'custom.deploy' as const, entity: 'my-team', ...more });

/** A storage whose operations a test can hold up or make fail. */
function steeredStorage(runtime: ReturnType<typeof manualRuntime>) {
  const storage = memoryStorage({ now: runtime.now });
  const steer: {
    commit?: ((commit: () => Promise<CommitResult>) => Promise<CommitResult>) | undefined;
    list?: boolean;
  } = {};
  const steered: Storage = {
    ...storage,
    commit: (commit) =>
      steer.commit === undefined ? storage.commit(commit) : steer.commit(() => storage.commit(commit)),
    list: (query: ListQuery) =>
      steer.list === false ? Promise.reject(new Error('disk on fire')) : storage.list(query),
    listKeys: (query: ListQuery) =>
      steer.list === false ? Promise.reject(new Error('disk on fire')) : storage.listKeys(query),
  };
  return { storage: steered, steer };
}

describe('an automation that is deleted', () => {
  test('does not ring later, though what it had pending could not be called off at that moment', async () => {
    const runtime = manualRuntime();
    const { storage, steer } = steeredStorage(runtime);
    const { engine, delivery, terminal } = await openEngine({ runtime, storage });
    const { automation } = await engine.automations.create({
      name: 'low',
      event: lowAccuracy,
      action: sendNotification(terminal, { title: 'Low' }),
    });
    await engine.integrations.disable(terminal.id);
    const { fired } = await engine.emit(metricsEvent({ accuracy: 0.1 }));
    await engine.idle();
    steer.list = false;
    await expect(engine.automations.delete(automation.id)).rejects.toMatchObject({ code: 'storage_unavailable' });
    steer.list = true;
    await engine.integrations.enable(terminal.id);
    await engine.idle();
    expect(delivery.delivered).toEqual([]);
    expect(await engine.executions.get(fired[0]?.id ?? '')).toMatchObject({
      status: 'cancelled',
      reason: 'automation_deleted',
    });
    expect(engine.stats().undelivered).toBe(0);
  });

  test.each(['delete', 'disable'] as const)(
    'does not ring for an emit that was being committed at its %s',
    async (change) => {
      const runtime = manualRuntime();
      const { storage, steer } = steeredStorage(runtime);
      const { engine, delivery, terminal } = await openEngine({ runtime, storage });
      const { automation } = await engine.automations.create({
        name: 'low',
        event: lowAccuracy,
        action: sendNotification(terminal, { title: 'Low' }),
      });
      let release: () => void = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      steer.commit = async (commit) => {
        steer.commit = undefined;
        await held;
        return commit();
      };
      const emitted = engine.emit(metricsEvent({ accuracy: 0.1 }));
      // The commit is on its way when the automation goes.
      await new Promise((resolve) => setImmediate(resolve));
      await engine.automations[change](automation.id);
      release();
      const { fired } = await emitted;
      await engine.idle();
      expect(delivery.delivered).toEqual([]);
      expect((await engine.executions.get(fired[0]?.id ?? '')).status).toBe('cancelled');
    },
  );

  test('calls no handler any more either, and one that another process made is carried out', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const calls: string[] = [];
    const handlers = { stop: () => calls.push('stop') };
    const one = await openEngine({ runtime, storage });
    const other = await openEngine({ runtime, storage, handlers });
    await other.engine.automations.create({
      name: 'stops',
      event: onEvent('custom.deploy', { scope: team('my-team') }),
      action: callHandler('stop'),
    });
    await other.engine.emit(deploy());
    await other.engine.idle();
    expect(calls).toEqual(['stop']);
    expect(one.engine.stats().undelivered).toBe(0);
  });
});

describe('a rate limit', () => {
  test('is remembered, whatever else has a cooldown meanwhile', async () => {
    const { engine } = await openEngine();
    const event = onEvent('custom.deploy', { scope: team('my-team') });
    await engine.automations.create({
      name: 'limited',
      event,
      policy: { rateLimit: { max: 30, window: '1h' } },
      action: doNothing(),
    });
    await engine.automations.create({
      name: 'cools',
      event: onEvent('custom.other', { scope: team('my-team') }),
      policy: { cooldown: '24h', per: 'event' },
      action: doNothing(),
    });
    for (let index = 0; index < 20; index += 1) await engine.emit(deploy());
    const other = (index: number) => ({ type: 'custom.other' as const, entity: 'my-team', id: `e${index}` });
    for (let index = 0; index < 100_500; index += 1) await engine.emit(other(index));
    const fired = [];
    for (let index = 0; index < 12; index += 1) fired.push((await engine.emit(deploy())).fired.length);
    expect(fired).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  }, 60_000);
});

describe('a run that ends', () => {
  test('is told of once, though its first end was refused while the second was on its way', async () => {
    const runtime = manualRuntime();
    const { storage, steer } = steeredStorage(runtime);
    const { engine } = await openEngine({ runtime, storage });
    const average = runEvent.metric('accuracy').avg(5).lt(0.85);
    await engine.automations.create({
      name: 'low',
      event: onRunMetric({ scope, filter: average }),
      action: doNothing(),
    });
    await engine.automations.create({ name: 'ends', event: onRunState({ scope }), action: doNothing() });
    await engine.emit(metricsEvent({ accuracy: 0.1 }));
    steer.commit = () => {
      steer.commit = undefined;
      return Promise.reject(new Error('disk on fire'));
    };
    const failed = engine.emit(stateEvent('failed'));
    const finished = engine.emit(stateEvent('finished'));
    await expect(failed).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect((await finished).skipped).toMatchObject([{ reason: 'never_enough_samples' }]);
    await engine.emit(stateEvent('failed'));
    await engine.idle();
    expect((await engine.executions.list({ status: 'skipped' })).items).toHaveLength(1);
  });
});

test('close closes the storage, also when it cannot say what is lost', async () => {
  const runtime = manualRuntime();
  const memory = memoryStorage({ now: runtime.now });
  let closed = 0;
  const storage: Storage = {
    ...memory,
    lanes: () => (closed < 0 ? memory.lanes({ limit: 1 }) : Promise.reject(new Error('disk on fire'))),
    async close() {
      closed += 1;
    },
  };
  const opening = { ...storage, lanes: memory.lanes };
  const { engine, logger } = await openEngine({ runtime, storage: opening });
  opening.lanes = storage.lanes;
  await engine.close();
  expect(closed).toBe(1);
  expect(logger.lines.some((line) => line.includes('storage'))).toBe(true);
});
