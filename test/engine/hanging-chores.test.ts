import { callHandler, doNothing, onRunMetric, project, runEvent, type Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const timeoutMs = 1000;
const hourMs = 3_600_000;
const scope = project('my-team', 'my-project');
const low = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });
const unavailable = { code: 'storage_unavailable' };

type Operation = 'commit' | 'get' | 'list' | 'listKeys';

/** A storage that outlives the process, of which a test can have one call never answered. */
function losingStorage() {
  const runtime = manualRuntime();
  const base = memoryStorage({ now: runtime.now });
  let lost: Operation | undefined;
  let lostCalls = 0;
  const losing =
    <Given extends unknown[], Result>(name: Operation, call: (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> => {
      if (lost !== name) return call(...given);
      lost = undefined;
      lostCalls += 1;
      return new Promise(() => {});
    };
  const storage: Storage = {
    ...base,
    capabilities: { durable: true, shared: false },
    commit: losing('commit', base.commit),
    get: losing('get', base.get),
    list: losing('list', base.list),
    listKeys: losing('listKeys', base.listKeys),
  };
  return {
    runtime,
    storage,
    base,
    loseNext(name: Operation): void {
      lost = name;
    },
    lostCalls: () => lostCalls,
  };
}

describe('one call that the storage never answers', () => {
  test('of skip counts: they are written the next time, and the engine comes to rest', async () => {
    const { runtime, storage, ...lost } = losingStorage();
    const { engine } = await openEngine({ storage, runtime, commitTimeoutMs: timeoutMs, windowCheckpointMs: hourMs });
    await engine.automations.create({ name: 'low', event: low, policy: { cooldown: '1d' }, action: doNothing() });
    await engine.emit(metricsEvent({ accuracy: 0.5 }));
    await engine.emit(metricsEvent({ accuracy: 0.5 }));
    lost.loseNext('commit');
    await runtime.advance(1000);
    expect(lost.lostCalls()).toBe(1);
    for (let emitted = 0; emitted < 5; emitted += 1) await engine.emit(metricsEvent({ accuracy: 0.5 }));
    const idle = engine.idle();
    await runtime.advance(10 * timeoutMs);
    await idle;
    expect((await engine.executions.list({ status: 'skipped' })).items.map(({ count }) => count)).toEqual([6]);
    await engine.close();
  });

  test.each(['list', 'listKeys'] as const)(
    'of retention (%s): the next round deletes, and one error is told',
    async (name) => {
      const { runtime, storage, base, ...lost } = losingStorage();
      const options = { maxExecutions: 10, retentionIntervalMs: hourMs, refreshMs: hourMs, commitTimeoutMs: timeoutMs };
      const { engine } = await openEngine({ storage, runtime, ...options });
      const errors: unknown[] = [];
      engine.on('error', (error) => errors.push(error));
      await engine.automations.create({ name: 'low', event: low, policy: { cooldown: 0 }, action: doNothing() });
      for (let emitted = 0; emitted < 30; emitted += 1) await engine.emit(metricsEvent({ accuracy: 0.5 }));
      await runtime.advance(59_000);
      lost.loseNext(name);
      await runtime.advance(1000 + timeoutMs);
      const executions = async () => (await base.listKeys({ prefix: 'execution/', limit: 100 })).keys.length;
      expect([await executions(), errors]).toMatchObject([30, [unavailable]]);
      await runtime.advance(hourMs);
      expect([await executions(), errors.length]).toEqual([10, 1]);
      await engine.close();
    },
  );

  test('of the end of a mute: it is ended at the next try', async () => {
    const { runtime, storage, ...lost } = losingStorage();
    const { engine } = await openEngine({ storage, runtime, commitTimeoutMs: timeoutMs, windowCheckpointMs: hourMs });
    const errors: unknown[] = [];
    engine.on('error', (error) => errors.push(error));
    const until = runtime.now() + 60_000;
    await engine.mutes.create({ matcher: { entity: 'my-team' }, until, reason: 'repairs' });
    await runtime.advance(59_999);
    lost.loseNext('commit');
    await runtime.advance(1 + timeoutMs);
    expect(errors).toMatchObject([unavailable]);
    const mutes = async () => (await storage.listKeys({ prefix: 'mute/', limit: 10 })).keys.length;
    expect(await mutes()).toBe(1);
    await runtime.advance(60_000);
    expect([await mutes(), errors.length]).toEqual([0, 1]);
    await engine.close();
  });

  test.each([
    ['create', 'commit'],
    ['cancel', 'listKeys'],
    ['retry', 'get'],
    ['read', 'list'],
  ] as const)('of a person who manages (%s): that call is refused, and no later one', async (what, name) => {
    const { runtime, storage, ...lost } = losingStorage();
    const { engine } = await openEngine({
      storage,
      runtime,
      commitTimeoutMs: timeoutMs,
      handlers: { note: () => Promise.reject(new Error('no')) },
    });
    await engine.automations.create({ name: 'low', event: low, policy: { cooldown: 0 }, action: callHandler('note') });
    const { fired } = await engine.emit(metricsEvent({ accuracy: 0.5 }));
    const id = String(fired[0]?.id);
    const calls = {
      create: () => engine.automations.create({ name: 'low again', event: low, action: doNothing() }),
      cancel: () => engine.executions.cancel({ automationId: String(fired[0]?.automationId) }),
      retry: () =>
        engine.executions.retry(id).catch((error) => error.code === 'storage_unavailable' && Promise.reject(error)),
      read: () => engine.executions.list(),
    };
    lost.loseNext(name);
    const refused = expect(calls[what]()).rejects.toMatchObject(unavailable);
    await runtime.advance(timeoutMs);
    await refused;
    expect(lost.lostCalls()).toBe(1);
    await calls[what]();
    await engine.close();
  });
});

test('one commit that is never answered costs one emit, and none after it, for as long as the process lives', async () => {
  const { runtime, storage, ...lost } = losingStorage();
  const { engine } = await openEngine({ storage, runtime, commitTimeoutMs: timeoutMs, windowCheckpointMs: hourMs });
  await engine.automations.create({ name: 'low', event: low, policy: { cooldown: 0 }, action: doNothing() });
  lost.loseNext('commit');
  const refused = expect(engine.emit(metricsEvent({ accuracy: 0.5 }))).rejects.toMatchObject(unavailable);
  await runtime.advance(timeoutMs);
  await refused;
  const atMs = runtime.now();
  for (let emitted = 0; emitted < 300; emitted += 1) {
    expect((await engine.emit(metricsEvent({ accuracy: 0.5 }))).fired).toHaveLength(1);
  }
  expect(runtime.now()).toBe(atMs);
  await engine.close();
});
