import { type Delivery, DeliveryError, onEvent, type Storage, sendNotification, sendWebhook, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { down, hangs, minuteMs, openWaitingLane, secondMs } from './waiting-lane.js';

function sharedWorld() {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const steer = { isOut: false, listings: 0 };
  const storage: Storage = {
    ...kept,
    capabilities: { durable: true, shared: true },
    async lanes(query) {
      steer.listings += 1;
      if (steer.isOut) throw new Error('disk on fire');
      return kept.lanes(query);
    },
    close: async () => {},
  };
  return { runtime, storage, kept, steer };
}

describe('what another process appends or leaves behind', () => {
  test('is delivered within about a second, though nobody here emitted it', async () => {
    const { runtime, storage } = sharedWorld();
    const looked: boolean[] = [];
    const here = await openWaitingLane({
      runtime,
      storage,
      answer: ({ mayHaveArrived }) => {
        looked.push(mayHaveArrived);
      },
    });
    // A process that is stopped in the middle of an attempt: its clock stands still, and its lease runs out.
    const stopped = manualRuntime({ seed: 2 });
    const deliveryTimeoutMs = 10 * secondMs;
    const there = await openWaitingLane({ runtime: stopped, storage, answer: hangs, deliveryTimeoutMs });
    const { id } = await there.ring('first');
    await runtime.advance(deliveryTimeoutMs + 29 * secondMs);
    expect(here.arrived).toEqual([]);
    await runtime.advance(2 * secondMs);
    expect(here.in('#ops')).toEqual(['first']);
    expect(looked).toEqual([true]);
    expect((await here.get(id)).status).toBe('finished');
    expect(there.arrived).toEqual([]);
  });

  test('is found in a lane that this process has never heard of', async () => {
    const { runtime, storage } = sharedWorld();
    const here = await openWaitingLane({ runtime, storage });
    const other = await openWaitingLane({ runtime, storage, answer: down });
    await other.ring('left behind');
    await other.engine.close();
    await runtime.advance(2 * secondMs);
    expect(here.in('#ops')).toEqual(['left behind']);
  });

  test('is left to a process that can deliver it, whoever emitted it; if there is none, somebody is told', async () => {
    const { runtime, storage } = sharedWorld();
    const able = await openWaitingLane({ runtime, storage, answer: down });
    await able.ring('first');
    const poor = await openEngine({ runtime, storage });
    const told: string[] = [];
    poor.engine.on('delivery-lagging', ({ reason }) => told.push(reason));
    const { fired } = await poor.engine.emit({ type: 'custom.alarm', entity: 'my-team', what: 'second' } as never);
    await runtime.advance(minuteMs);
    able.channels.clear();
    await runtime.advance(minuteMs);
    expect(able.in('#ops')).toEqual(['first', 'second']);
    expect((await poor.engine.executions.get(fired[0]?.id ?? '')).status).toBe('finished');
    await able.engine.close();
    await poor.engine.emit({ type: 'custom.alarm', entity: 'my-team', what: 'third' } as never);
    await runtime.advance(3 * minuteMs);
    expect(told).toEqual(['delivery_missing']);
    const [third] = (await poor.engine.executions.list()).items;
    expect(third).toMatchObject({ status: 'pending', attempts: [] });
    await runtime.advance(24 * 60 * minuteMs);
    expect(await poor.engine.executions.get(third?.id ?? '')).toMatchObject({
      status: 'failed',
      reason: 'delivery_missing',
    });
  });
});

describe('a destination that told another process to wait', () => {
  test('is left alone by this one as long, and tried at once after a restart', async () => {
    const { runtime, storage } = sharedWorld();
    const tried: string[] = [];
    const throttled = (name: string) => () => {
      tried.push(`${name} ${(runtime.now() - startMs) / secondMs}s`);
      throw new DeliveryError({
        kind: 'unavailable',
        reason: 'ratelimited',
        message: 'x',
        retryAfterMs: 30 * secondMs,
      });
    };
    const startMs = runtime.now();
    const here = await openWaitingLane({ runtime, storage, answer: throttled('here') });
    const there = await openWaitingLane({ runtime, storage, answer: throttled('there') });
    await there.ring('first');
    await here.ring('second');
    await runtime.advance(30 * secondMs - 1);
    expect(tried).toEqual(['there 0s']);
    await runtime.advance(29 * secondMs);
    expect(tried).toHaveLength(2);
    const after = await openWaitingLane({ runtime, storage, answer: throttled('after') });
    await runtime.advance(0);
    expect(tried).toHaveLength(3);
    expect(after.arrived).toEqual([]);
  });

  test.each([true, false])('says so to what is started then, too (on a storage that is shared: %s)', async (shared) => {
    const { runtime, storage } = sharedWorld();
    const tried: number[] = [];
    const options = {
      runtime,
      storage: { ...storage, capabilities: { durable: true, shared } },
      answer: () => {
        tried.push((runtime.now() - startMs) / secondMs);
        const more = { status: 429, retryAfterMs: 3600 * secondMs };
        throw new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'x', ...more });
      },
    };
    let lane = await openWaitingLane(options);
    const { startMs } = lane;
    await lane.ring('first');
    for (let crash = 0; crash < 5; crash += 1) {
      await runtime.advance(10 * secondMs);
      await lane.engine.close();
      lane = await openWaitingLane(options);
    }
    expect(tried).toEqual([0]);
    await runtime.advance(3550 * secondMs);
    expect(tried).toEqual([0, 3600]);
    // Whoever enables it wants it tried now.
    await lane.engine.integrations.enable(lane.ops.id);
    await runtime.advance(0);
    expect(tried).toEqual([0, 3600, 3600]);
  });

  test('is tried no more often for it: the back-off of one goes on in the other', async () => {
    const { runtime, storage } = sharedWorld();
    let attempts = 0;
    const answer = () => {
      attempts += 1;
      throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'x' });
    };
    const one = await openWaitingLane({ runtime, storage, answer });
    await openWaitingLane({ runtime, storage, answer });
    await one.ring('first');
    await runtime.advance(30 * minuteMs);
    expect(attempts).toBeLessThan(16);
    await one.engine.close();
    attempts = 0;
    await runtime.advance(30 * minuteMs);
    // One every 5 minutes, not again after 1, 2, 5, … seconds.
    expect(attempts).toBeGreaterThan(4);
    expect(attempts).toBeLessThan(9);
  });
});

test('a storage that can’t list lanes is reported once for each outage', async () => {
  const { runtime, storage, steer } = sharedWorld();
  const lane = await openWaitingLane({ runtime, storage });
  const errors: string[] = [];
  lane.engine.on('error', ({ message }) => errors.push(message));
  steer.isOut = true;
  await runtime.advance(20 * secondMs);
  expect(errors).toHaveLength(1);
  steer.isOut = false;
  await runtime.advance(2 * secondMs);
  steer.isOut = true;
  await runtime.advance(20 * secondMs);
  expect(errors).toHaveLength(2);
  const before = steer.listings;
  steer.isOut = false;
  await lane.engine.close();
  await runtime.advance(20 * secondMs);
  expect(steer.listings).toBe(before);
});

test('a storage of one process is never asked for lanes of others', async () => {
  const { runtime, kept, steer, storage } = sharedWorld();
  const lane = await openWaitingLane({ runtime, storage: { ...storage, capabilities: kept.capabilities } });
  await lane.ring('first');
  await runtime.advance(minuteMs);
  expect(steer.listings).toBe(1);
});

test('an integration that another process has just made is not taken for one that is deleted', async () => {
  const { runtime, storage } = sharedWorld();
  const here = await openWaitingLane({ runtime, storage, answer: down, refreshMs: 5 * secondMs });
  const there = await openWaitingLane({ runtime, storage, refreshMs: 5 * secondMs });
  await runtime.advance(5 * secondMs);
  const fresh = await there.addChannel('#fresh');
  await there.engine.automations.create({
    name: 'fresh',
    event: onEvent('custom.fresh', { scope: team('my-team') }),
    action: sendNotification(fresh, { title: 'Fresh' }),
  });
  // Who emits it goes at once, and the other one sees its lane before it hears of the integration.
  there.channels.set('#fresh', () => {
    throw new DeliveryError({ kind: 'unavailable', reason: 'x', message: 'x', retryAfterMs: 10 * minuteMs });
  });
  const { fired } = await there.engine.emit({ type: 'custom.fresh', entity: 'my-team' } as never);
  await runtime.advance(20 * secondMs);
  expect(here.in('#fresh')).toEqual(['Fresh']);
  expect((await there.get(fired[0]?.id ?? '')).status).toBe('finished');
});

test('a payload that its delivery can’t carry fails alone: it holds up nothing in its lane', async () => {
  const { runtime, storage } = sharedWorld();
  const arrived: string[] = [];
  const hook: Delivery = {
    name: 'hook',
    integrationTypes: ['webhook', 'console'],
    async deliver({ message }) {
      arrived.push(message.title);
      return {};
    },
    deliverPayload: async () => ({}),
  };
  const { deliverPayload: _, ...older } = hook;
  const one = await openEngine({ runtime, storage, deliveries: [hook, { ...hook, name: 'console' }] });
  const url = 'https://example.com';
  const { id } = await one.engine.integrations.create({ type: 'webhook', name: 'hook', delivery: 'hook', url });
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  await one.engine.integrations.disable(id);
  await one.engine.automations.create({ name: 'payload', event, action: sendWebhook(id) });
  await one.engine.automations.create({ name: 'message', event, action: sendNotification(id, { title: 'behind' }) });
  await one.engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await one.engine.close();
  const other = await openEngine({
    runtime: manualRuntime({ seed: 2 }),
    storage,
    deliveries: [older, { ...older, name: 'console' }],
  });
  await other.engine.integrations.enable(id);
  await other.runtime.advance(0);
  expect(arrived).toEqual(['behind']);
  const { items } = await other.engine.executions.list();
  expect(items.map(({ status, reason }) => [status, reason]).toSorted()).toEqual([
    ['failed', 'delivery_missing'],
    ['finished', undefined],
  ]);
});
