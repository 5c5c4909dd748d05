import { callHandler, doNothing, onRunMetric, project, runEvent, type Storage, sendNotification } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const timeoutMs = 1000;
const scope = project('my-team', 'my-project');
const low = onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) });
const always = { cooldown: 0 } as const;

/** A storage of which the next call of a method is never answered, when it is told so. */
function hangingStorage(runtime: ReturnType<typeof manualRuntime>, durable = true) {
  const base = memoryStorage({ now: runtime.now });
  const hanging = new Set<string>();
  const once =
    <Given extends unknown[], Result>(name: string, call: (...given: Given) => Promise<Result>) =>
    (...given: Given): Promise<Result> =>
      hanging.delete(name) ? new Promise(() => {}) : call(...given);
  const storage: Storage = {
    ...base,
    capabilities: { durable, shared: false },
    claimedUntil: once('claimedUntil', base.claimedUntil),
    leaseLane: once('leaseLane', base.leaseLane),
    get: once('get', base.get),
  };
  return { storage, hangOnce: (name: 'claimedUntil' | 'leaseLane' | 'get') => hanging.add(name) };
}

describe('a storage that never answers one question', () => {
  test.each([true, false])('refuses the emit that asked it, and no other (durable: %s)', async (durable) => {
    const runtime = manualRuntime();
    const { storage, hangOnce } = hangingStorage(runtime, durable);
    const { engine } = await openEngine({ storage, runtime, commitTimeoutMs: timeoutMs });
    const policy = { cooldown: 0, rateLimit: { max: 5, window: '1h', per: 'automation' } } as const;
    await engine.automations.create({ name: 'low', event: low, policy, action: doNothing() });
    hangOnce('claimedUntil');
    const refused = engine.emit(metricsEvent({ accuracy: 0.5 }));
    const rejected = expect(refused).rejects.toMatchObject({ code: 'storage_unavailable' });
    await runtime.advance(timeoutMs);
    await rejected;
    expect((await engine.emit(metricsEvent({ accuracy: 0.5 }))).fired).toHaveLength(1);
    await engine.close();
  });

  test.each(['leaseLane', 'get'] as const)('holds a delivery up for a while, and not for ever: %s', async (name) => {
    const runtime = manualRuntime();
    const { storage, hangOnce } = hangingStorage(runtime);
    const { engine, delivery, terminal } = await openEngine({ storage, runtime, commitTimeoutMs: timeoutMs });
    const action = sendNotification(terminal, { title: 'Low' });
    await engine.automations.create({ name: 'low', event: low, policy: always, action });
    hangOnce(name);
    await engine.emit(metricsEvent({ accuracy: 0.5 }));
    await runtime.advance(3 * timeoutMs);
    expect(delivery.delivered).toHaveLength(1);
    await engine.close();
  });
});

test('a storage that hangs is never given more than it can have, and all works again when it answers', async () => {
  const runtime = manualRuntime();
  const base = memoryStorage({ now: runtime.now });
  let isHanging = false;
  let unanswered = 0;
  let most = 0;
  const release: (() => void)[] = [];
  const storage: Storage = {
    ...base,
    async commit(commit) {
      if (isHanging) {
        unanswered += 1;
        most = Math.max(most, unanswered);
        await new Promise<void>((resolve) => release.push(resolve));
        unanswered -= 1;
      }
      return base.commit(commit);
    },
  };
  const calls: string[] = [];
  const { engine } = await openEngine({
    storage,
    runtime,
    commitTimeoutMs: timeoutMs,
    handlers: { note: ({ executionId }) => void calls.push(executionId) },
  });
  await engine.automations.create({ name: 'low', event: low, policy: always, action: callHandler('note') });
  isHanging = true;
  for (let round = 0; round < 5; round += 1) {
    const emits = Array.from({ length: 200 }, () => engine.emit(metricsEvent({ accuracy: 0.5 })));
    const settled = Promise.allSettled(emits);
    await runtime.advance(timeoutMs);
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
  }
  // Beyond 64 it is tried once in each of the five rounds: it may work again.
  expect(most).toBe(64 + 5);
  expect(engine.stats().queuedCommits).toBe(0);
  isHanging = false;
  for (const each of release) each();
  expect((await engine.emit(metricsEvent({ accuracy: 0.5 }))).fired).toHaveLength(1);
  await engine.idle();
  // What arrived late is delivered too, each once.
  expect(new Set(calls).size).toBe(most + 1);
  expect(calls).toHaveLength(most + 1);
  await engine.close();
});

test('a storage that loses all answers for a while, and then works, is used again without a restart', async () => {
  const runtime = manualRuntime();
  const base = memoryStorage({ now: runtime.now });
  let isLosing = false;
  const orLose = <Result>(call: () => Promise<Result>): Promise<Result> => (isLosing ? new Promise(() => {}) : call());
  const storage: Storage = {
    ...base,
    capabilities: { durable: true, shared: false },
    commit: (commit) => orLose(() => base.commit(commit)),
    get: (key) => orLose(() => base.get(key)),
    list: (query) => orLose(() => base.list(query)),
    leaseLane: (request) => orLose(() => base.leaseLane(request)),
  };
  const calls: string[] = [];
  const { engine } = await openEngine({
    storage,
    runtime,
    logger: { warn() {}, error() {} },
    commitTimeoutMs: timeoutMs,
    handlers: { note: ({ executionId }) => void calls.push(executionId) },
  });
  await engine.automations.create({ name: 'low', event: low, policy: always, action: callHandler('note') });
  isLosing = true;
  for (let round = 0; round < 5; round += 1) {
    const emits = Array.from({ length: 200 }, () => engine.emit(metricsEvent({ accuracy: 0.5 })));
    const reads = Array.from({ length: 50 }, () => engine.executions.list());
    const settled = Promise.allSettled([...emits, ...reads]);
    await runtime.advance(timeoutMs);
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
  }
  isLosing = false;
  await runtime.advance(timeoutMs);
  const { fired } = await engine.emit(metricsEvent({ accuracy: 0.5 }));
  expect((await engine.emit(metricsEvent({ accuracy: 0.5 }))).fired).toHaveLength(1);
  // A lane that found no storage looks again after a while.
  await runtime.advance(60_000);
  await engine.idle();
  expect(calls).toContain(fired[0]?.id);
  expect((await engine.executions.list({ status: 'finished' })).items).toHaveLength(2);
  await engine.close();
});
