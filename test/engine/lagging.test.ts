import { callHandler, DeliveryError, onEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { down, hangs, minuteMs, openWaitingLane, revoked, secondMs } from './waiting-lane.js';

/** A destination that asks to be left alone for so long. */
function throttledFor(retryAfterMs: number): () => never {
  return () => {
    throw new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'x', retryAfterMs });
  };
}

describe('a message that waits longer than two minutes', () => {
  test('is told of once, while its lane rests, with what a person on call needs', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    const first = await lane.ring('first');
    await lane.ring('second');
    await lane.runtime.advance(2 * minuteMs - 1);
    expect(lane.lagging).toEqual([]);
    await lane.runtime.advance(1);
    expect(lane.lagging).toEqual([
      {
        integrationId: lane.ops.id,
        executionId: first.id,
        waitingSince: first.createdAt,
        waitedMs: 2 * minuteMs,
        undelivered: 2,
        reason: 'connection_refused',
      },
    ]);
    await lane.runtime.advance(60 * minuteMs);
    expect(lane.lagging).toHaveLength(1);
  });

  test('is told of again only after the lane had caught up', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    await lane.ring('first');
    await lane.runtime.advance(10 * minuteMs);
    lane.channels.delete('#ops');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.in('#ops')).toEqual(['first']);
    expect(lane.lagging).toHaveLength(1);
    lane.channels.set('#ops', down);
    const second = await lane.ring('second');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging.map(({ executionId }) => executionId).slice(1)).toEqual([second.id]);
  });

  test('is told of in the middle of a rest that the destination asked for', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', throttledFor(30 * minuteMs));
    await lane.ring('first');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toMatchObject([{ reason: 'ratelimited', waitedMs: 2 * minuteMs }]);
  });

  test('is told of though it came when its lane was resting already, with nothing in it', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', throttledFor(60 * minuteMs));
    const first = await lane.ring('first');
    expect(await lane.engine.executions.cancel({ id: first.id })).toBe(1);
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.lagging).toEqual([]);
    const second = await lane.ring('second');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toMatchObject([{ executionId: second.id, undelivered: 1, reason: 'ratelimited' }]);
    await lane.engine.executions.cancel({});
    await lane.runtime.advance(5 * minuteMs);
    const third = await lane.ring('third');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging.map(({ executionId }) => executionId)).toEqual([second.id, third.id]);
  });

  test('is told of while it is parked', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', revoked);
    await lane.ring('first');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toMatchObject([{ reason: 'integration_disabled', undelivered: 1 }]);
    await lane.engine.integrations.enable(lane.ops.id);
    expect(lane.lagging).toHaveLength(1);
  });

  test('is told of while its attempt goes on and on', async () => {
    const lane = await openWaitingLane({ deliveryTimeoutMs: 10 * minuteMs });
    lane.channels.set('#ops', hangs);
    await lane.ring('first');
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toMatchObject([{ reason: 'in_progress', waitedMs: 2 * minuteMs }]);
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.lagging).toHaveLength(1);
  });

  test('is told of when there are only more than may go, once until none waits so long', async () => {
    const lane = await openWaitingLane({ pacing: { messagesPerSecond: 1, burst: 1 } });
    for (let number = 0; number < 200; number += 1) {
      await lane.engine.emit({ type: 'custom.alarm', entity: 'my-team', what: `${number}` } as never);
    }
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toMatchObject([{ reason: 'pacing' }]);
    expect(lane.lagging[0]?.undelivered).toBeGreaterThan(70);
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.in('#ops')).toHaveLength(200);
    expect(lane.lagging).toHaveLength(1);
  });

  test('is told of again when the lane had caught up without ever being empty', async () => {
    const lane = await openWaitingLane({ pacing: { messagesPerSecond: 1, burst: 1 } });
    const send = async (count: number) => {
      for (let number = 0; number < count; number += 1) {
        await lane.engine.emit({ type: 'custom.alarm', entity: 'my-team', what: 'x' } as never);
      }
    };
    await send(150);
    await lane.runtime.advance(2 * minuteMs);
    expect(lane.lagging).toHaveLength(1);
    for (let second = 0; second < 60; second += 1) {
      await send(1);
      await lane.runtime.advance(secondMs);
    }
    expect(lane.engine.stats().undelivered).toBeGreaterThan(20);
    expect(lane.lagging).toHaveLength(1);
    await send(150);
    await lane.runtime.advance(4 * minuteMs);
    expect(lane.lagging).toHaveLength(2);
  });

  test('is told of after a restart, if it is not delivered then', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const reopen = (isDown: boolean) => openWaitingLane({ runtime, storage, ...(isDown ? { answer: down } : {}) });
    const close = async (lane: Awaited<ReturnType<typeof reopen>>) => {
      const closed = lane.engine.close();
      await runtime.advance(minuteMs);
      await closed;
    };
    const before = await reopen(true);
    const { id } = await before.ring('first');
    await close(before);
    const between = await reopen(true);
    await runtime.advance(minuteMs - 1);
    expect(between.lagging).toEqual([]);
    await runtime.advance(1);
    expect(between.lagging).toMatchObject([{ executionId: id, waitedMs: 2 * minuteMs }]);
    await close(between);
    const late = await reopen(true);
    await runtime.advance(secondMs);
    expect(late.lagging).toMatchObject([{ executionId: id, reason: 'connection_refused' }]);
    await close(late);
    const after = await reopen(false);
    await runtime.advance(10 * minuteMs);
    expect(after.in('#ops')).toEqual(['first']);
    expect(after.lagging).toEqual([]);
  });

  test('goes to the logger when nobody listens', async () => {
    const lane = await openWaitingLane({ listens: false });
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(3 * minuteMs);
    expect(lane.lines.filter((line) => line.includes('lags'))).toEqual([
      `tocsin: The integration ${lane.ops.id} lags: 1 undelivered, the oldest for 120 s: connection_refused {"executionId":"${id}"}`,
    ]);
  });

  test('is not told of when it was delivered, cancelled or failed in time', async () => {
    const lane = await openWaitingLane();
    await lane.ring('delivered');
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('cancelled');
    await lane.runtime.advance(minuteMs);
    await lane.engine.executions.cancel({ id });
    await lane.runtime.advance(10 * minuteMs);
    expect(lane.lagging).toEqual([]);
  });
});

describe('another bound', () => {
  test('is taken from lagMs, and refused when it can’t be meant', async () => {
    const lane = await openWaitingLane({ lagMs: 5 * secondMs });
    lane.channels.set('#ops', down);
    await lane.ring('first');
    await lane.runtime.advance(5 * secondMs);
    expect(lane.lagging).toHaveLength(1);
    await expect(openWaitingLane({ lagMs: 0 })).rejects.toMatchObject({ code: 'invalid_options' });
    await expect(openWaitingLane({ fallbackAfterMs: Number.NaN })).rejects.toMatchObject({ code: 'invalid_options' });
  });
});

test('calls of a handler that wait are told of with its name', async () => {
  const { engine, runtime } = await openEngine({
    lagMs: 10 * secondMs,
    handlers: {
      'stop it': () => {
        throw new Error('not now');
      },
    },
  });
  await engine.automations.create({
    name: 'stops',
    event: onEvent('custom.alarm', { scope: team('my-team') }),
    action: callHandler('stop it'),
  });
  const told: unknown[] = [];
  engine.on('delivery-lagging', (lagging) => told.push(lagging));
  const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await runtime.advance(10 * secondMs);
  expect(told).toMatchObject([{ handler: 'stop it', executionId: fired[0]?.id, reason: 'handler_failed' }]);
});

test('what is delivered while it is told of is told of all the same, as others wait behind it', async () => {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  let reads: Promise<void> | undefined;
  const lane = await openWaitingLane({
    runtime,
    pacing: { messagesPerSecond: 0.1, burst: 1 },
    storage: {
      ...kept,
      async get(key) {
        if (key.startsWith('execution/')) await reads;
        return kept.get(key);
      },
    },
  });
  for (let number = 0; number < 50; number += 1) await lane.ring(`${number}`);
  await lane.runtime.advance(2 * minuteMs - 1);
  let release: () => void = () => {};
  reads = new Promise((resolve) => {
    release = resolve;
  });
  await lane.runtime.advance(1);
  reads = undefined;
  release();
  await lane.runtime.advance(minuteMs);
  expect(lane.lagging).toHaveLength(1);
});
