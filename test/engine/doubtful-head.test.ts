import { type Delivery, onEvent, type Storage, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { openShared } from '../storage/shared-storage.js';
import { openEngine } from '../support/open-engine.js';

/** Longer than a lane is leased. */
const leaseEndsMs = 120_000;

/** A storage whose process can die: from then on it does nothing more. */
function mortal(storage: Storage): { readonly storage: Storage; die(): void } {
  let isDead = false;
  const call = <Result>(make: () => Promise<Result>): Promise<Result> => (isDead ? new Promise(() => {}) : make());
  return {
    storage: {
      ...storage,
      commit: (commit) => call(() => storage.commit(commit)),
      leaseLane: (request) => call(() => storage.leaseLane(request)),
      releaseLane: (lease) => call(() => storage.releaseLane(lease)),
    },
    die() {
      isDead = true;
    },
  };
}

test('a message that a dead process may have sent is looked for, although one that could not send it closed in between', async () => {
  const runtime = manualRuntime();
  const data = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
  const deliverWith = (deliver: Delivery['deliver'], storage = openShared(data)) => ({
    storage,
    runtime,
    deliveries: [{ name: 'console', integrationTypes: ['console'], deliver } satisfies Delivery],
  });
  const doubts: boolean[] = [];

  // It has sent the message, and dies before it hears of that.
  const dying = mortal(openShared(data));
  const first = await openEngine(deliverWith(() => new Promise(() => {}), dying.storage));
  await first.engine.automations.create({
    name: 'deploys',
    event: onEvent('custom.deploy', { scope: team('my-team') }),
    action: sendNotification(first.terminal),
  });
  await first.engine.emit({ type: 'custom.deploy', entity: 'my-team' });
  await first.engine.integrations.disable(first.terminal.id);
  dying.die();
  await runtime.advance(leaseEndsMs);

  const second = await openEngine(deliverWith(async () => ({})));
  await second.engine.idle();
  await second.engine.close();
  await runtime.advance(leaseEndsMs);

  const third = await openEngine(
    deliverWith(async ({ mayHaveArrived }) => {
      doubts.push(mayHaveArrived);
      return {};
    }),
  );
  await third.engine.integrations.enable(first.terminal.id);
  await third.engine.idle();
  expect(doubts).toEqual([true]);
});

test('a message that a dead process may have sent is looked for when it is called for again, though it ended in between', async () => {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const terminal: Delivery = { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) };
  const open = (deliver?: Delivery['deliver'], storage: Storage = kept) => {
    const chat = deliver === undefined ? [] : [{ name: 'chat', integrationTypes: ['custom'] as const, deliver }];
    return openEngine({ storage: { ...storage, close: async () => {} }, runtime, deliveries: [terminal, ...chat] });
  };
  const doubts: boolean[] = [];
  const deliver: Delivery['deliver'] = async ({ mayHaveArrived }) => {
    doubts.push(mayHaveArrived);
    return {};
  };

  const dying = mortal(kept);
  const first = await open(() => new Promise(() => {}), dying.storage);
  const chat = await first.engine.integrations.create({ type: 'custom', name: 'chat', delivery: 'chat' });
  const { id } = await first.engine.integrations.notify(chat.id, { title: 'alarm' });
  await runtime.advance(0);
  dying.die();

  // It was started without the delivery, and gives the message up.
  const second = await open();
  await runtime.advance(leaseEndsMs);
  expect(await second.engine.executions.get(id)).toMatchObject({
    status: 'failed',
    reason: 'delivery_missing',
    attempts: [],
    mayHaveArrived: true,
  });
  // Called for again where nothing has changed, the doubt is not forgotten.
  const { mayHaveArrived } = await second.engine.executions.retry(id);
  expect(mayHaveArrived).toBe(undefined);
  await runtime.advance(0);
  expect(await second.engine.executions.get(id)).toMatchObject({ status: 'failed', mayHaveArrived: true });
  await second.engine.close();

  const third = await open(deliver);
  await third.engine.executions.retry(id);
  await runtime.advance(leaseEndsMs);
  const finished = await third.engine.executions.get(id);
  expect(finished.status).toBe('finished');
  expect(finished.mayHaveArrived).toBe(undefined);
  expect(doubts).toEqual([true]);

  // What was never tried is not in doubt.
  const fourth = await open();
  const untried = await fourth.engine.integrations.notify(chat.id, { title: 'other' });
  await runtime.advance(0);
  const failed = await fourth.engine.executions.get(untried.id);
  expect(failed.status).toBe('failed');
  expect(failed.mayHaveArrived).toBe(undefined);
});
