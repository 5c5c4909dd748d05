import { type Delivery, DeliveryError, onEvent, type Storage, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, onTestFinished, test } from 'vitest';
import { openShared } from '../storage/shared-storage.js';
import { openEngine } from '../support/open-engine.js';

const deploy = { type: 'custom.deploy', entity: 'my-team' } as const;

/** Longer than any lease lasts. */
const leaseMs = 120_000;

/** A storage that several processes share, of which the first can die or lose its disk. */
function openWorld() {
  const runtime = manualRuntime();
  const data = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
  const first = { isDead: false, hasNoDisk: false };
  /** Whether the message may have arrived before, as each delivery is told. */
  const doubts: boolean[] = [];

  const storageOfFirst = (): Storage => {
    const shared = openShared(data);
    const unlessDead = <Result>(call: () => Promise<Result>): Promise<Result> =>
      first.isDead ? new Promise(() => {}) : call();
    return {
      ...shared,
      commit: (commit) =>
        first.hasNoDisk ? Promise.reject(new Error('no disk')) : unlessDead(() => shared.commit(commit)),
      leaseLane: (request) => unlessDead(() => shared.leaseLane(request)),
      releaseLane: (lease) => unlessDead(() => shared.releaseLane(lease)),
    };
  };

  const open = async (deliver: Delivery['deliver'], storage: Storage, giveUpAfterMs?: number) =>
    openEngine({
      storage,
      runtime,
      logger: { warn() {}, error() {} },
      deliveries: [{ name: 'console', integrationTypes: ['console'], deliver }],
      ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
    });

  /** A process that has committed a message and is at it. */
  const openFirst = async (deliver: Delivery['deliver']) => {
    const { engine, terminal } = await open(deliver, storageOfFirst());
    await engine.automations.create({
      name: 'deploys',
      event: onEvent('custom.deploy', { scope: team('my-team') }),
      action: sendNotification(terminal),
    });
    const { fired } = await engine.emit(deploy);
    await runtime.advance(500);
    return { engine, id: fired[0]?.id ?? '' };
  };

  const openNext = async (giveUpAfterMs?: number, deliver?: Delivery['deliver']) => {
    const take: Delivery['deliver'] = async ({ mayHaveArrived }) => {
      doubts.push(mayHaveArrived);
      return {};
    };
    const { engine } = await open(deliver ?? take, openShared(data), giveUpAfterMs);
    onTestFinished(() => engine.close());
    return engine;
  };

  return { runtime, first, doubts, openFirst, openNext };
}

const hang: Delivery['deliver'] = () => new Promise(() => {});

test('a message that arrived, but could not be written down before the engine closed, is looked for by the next process', async () => {
  const { runtime, first, doubts, openFirst, openNext } = openWorld();
  const { engine } = await openFirst(async () => {
    first.hasNoDisk = true;
    return {};
  });
  const closing = engine.close();
  await runtime.advance(20_000);
  await closing;
  const next = await openNext();
  await runtime.advance(leaseMs);
  await next.idle();
  expect(doubts).toEqual([true]);
});

test('a message whose process died amid the attempt is looked for, though it was cancelled and retried meanwhile', async () => {
  const { runtime, first, doubts, openFirst, openNext } = openWorld();
  const { id } = await openFirst(hang);
  first.isDead = true;
  const next = await openNext();
  await next.executions.cancel({ id });
  await runtime.advance(leaseMs);
  await next.executions.retry(id);
  await runtime.advance(leaseMs);
  await next.idle();
  expect(doubts).toEqual([true]);
});

test('a message whose process died amid the attempt is still looked for when the next attempt was refused outright, and a restart came between', async () => {
  const { runtime, first, doubts, openFirst, openNext } = openWorld();
  const { id } = await openFirst(hang);
  first.isDead = true;
  await runtime.advance(leaseMs);
  const throttled = await openNext(1000, async () => {
    throw new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'Too many' });
  });
  await runtime.advance(leaseMs);
  expect((await throttled.executions.get(id)).status).toBe('failed');
  await throttled.close();
  const last = await openNext();
  await last.executions.retry(id);
  await runtime.advance(leaseMs);
  await last.idle();
  expect(doubts).toEqual([true]);
});
