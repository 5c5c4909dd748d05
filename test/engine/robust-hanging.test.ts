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
  expect(most).toBe(64);
  expect(engine.stats().queuedCommits).toBe(0);
  isHanging = false;
  for (const each of release) each();
  expect((await engine.emit(metricsEvent({ accuracy: 0.5 }))).fired).toHaveLength(1);
  await engine.idle();
  // What arrived late is delivered too, each once.
  expect(new Set(calls).size).toBe(65);
  expect(calls).toHaveLength(65);
  await engine.close();
});
