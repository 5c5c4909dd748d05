import { callHandler, DeliveryError, onEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { type Destination, down, minuteMs, openWaitingLane, secondMs, type WaitingLane } from './waiting-lane.js';

const hourMs = 60 * minuteMs;

/** A storage that outlives the engine. */
const lasting = () => {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const open = (shared: boolean) => ({ ...kept, capabilities: { durable: true, shared }, close: async () => {} });
  return { runtime, storage: open(false), shared: open(true) };
};

const throttled =
  (retryAfterMs: number): Destination =>
  () => {
    throw new DeliveryError({
      kind: 'unavailable',
      reason: 'ratelimited',
      message: 'Later',
      status: 429,
      retryAfterMs,
    });
  };

const ringMany = async (lane: WaitingLane, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let number = 0; number < count; number += 1) ids.push((await lane.ring(`m${number}`)).id);
  return ids;
};

const failedOf = async (lane: WaitingLane) => (await lane.engine.executions.list({ status: 'failed' })).items;

describe('what has waited longer than giveUpAfterMs', () => {
  test('survives a hiccup of its destination, when it was parked till now', async () => {
    const lane = await openWaitingLane({ pacing: { messagesPerSecond: 1, burst: 3 } });
    await lane.engine.integrations.disable(lane.ops.id);
    await ringMany(lane, 40);
    await lane.runtime.advance(60 * hourMs);
    let isOver = false;
    lane.channels.set('#ops', (request) => {
      if (isOver || request.message.title !== 'm5') return {};
      isOver = true;
      return throttled(30 * secondMs)(request);
    });
    await lane.engine.integrations.enable(lane.ops.id);
    await lane.runtime.advance(2 * minuteMs);
    expect(await failedOf(lane)).toEqual([]);
    expect(lane.in('#ops')).toHaveLength(40);
  });

  test('survives a network that comes up after the service, which was off till now', async () => {
    const { runtime, storage } = lasting();
    const before = await openWaitingLane({ runtime, storage, answer: down });
    await ringMany(before, 40);
    await before.engine.close();
    await runtime.advance(25 * hourMs);
    const lane = await openWaitingLane({ runtime, storage, answer: down });
    await runtime.advance(10 * secondMs);
    lane.channels.clear();
    await runtime.advance(minuteMs);
    expect(await failedOf(lane)).toEqual([]);
    expect(lane.in('#ops')).toHaveLength(40);
  });

  test('survives while its destination now and then takes what is before it', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs });
    let tries = 0;
    // Of ten attempts one arrives, so what is behind waits for hours.
    lane.channels.set('#ops', (request) => {
      tries += 1;
      return tries % 10 === 0 ? {} : down(request);
    });
    await ringMany(lane, 10);
    await lane.runtime.advance(12 * hourMs);
    expect(await failedOf(lane)).toEqual([]);
    expect(lane.in('#ops')).toHaveLength(10);
  });

  test('is given up in time, though the service was restarted now and then', async () => {
    const { runtime, storage } = lasting();
    let lane = await openWaitingLane({ runtime, storage, answer: down });
    const { id } = await lane.ring('first');
    for (let hour = 0; hour < 24; hour += 1) {
      expect((await lane.get(id)).status).toBe('pending');
      await runtime.advance(hourMs - minuteMs);
      await lane.engine.close();
      await runtime.advance(minuteMs);
      lane = await openWaitingLane({ runtime, storage, answer: down });
    }
    await runtime.advance(5 * minuteMs);
    expect(await lane.get(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
  });

  test('survives a process that reaches nothing, where another one has delivered what was before it', async () => {
    const { runtime, shared } = lasting();
    const options = { storage: shared, giveUpAfterMs: hourMs };
    const cutOff = await openWaitingLane({ ...options, runtime, answer: down });
    const ables = manualRuntime({ seed: 2 });
    const able = await openWaitingLane({ ...options, runtime: ables });
    for (let minute = 0; minute < 70; minute += 1) {
      await cutOff.ring(`m${minute}`);
      await ables.advance(minuteMs);
      await runtime.advance(minuteMs);
    }
    await ables.advance(5 * minuteMs);
    expect(able.in('#ops')).toHaveLength(70);
    // Its clock is late, so its message is old.
    const late = await openWaitingLane({ ...options, runtime: manualRuntime({ seed: 3 }), answer: down });
    const { id } = await late.ring('old');
    await runtime.advance(10 * minuteMs);
    const { status, attempts } = await cutOff.get(id);
    expect(status).toBe('pending');
    expect(attempts.length).toBeGreaterThan(1);
  });

  test('is given up in time by two processes that take turns', async () => {
    const { runtime, shared } = lasting();
    const options = { runtime, storage: shared, answer: down, giveUpAfterMs: 2 * hourMs };
    const one = await openWaitingLane(options);
    await openWaitingLane(options);
    const { id } = await one.ring('first');
    await runtime.advance(2 * hourMs - minuteMs);
    expect((await one.get(id)).status).toBe('pending');
    await runtime.advance(6 * minuteMs);
    expect(await one.get(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
  });
});

describe('a destination that is dead for good', () => {
  test('takes what waited as long with the one that is given up, untried, and is left alone as it asked', async () => {
    // What is not tried needs no turn either.
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs, pacing: { messagesPerSecond: 1, burst: 3 } });
    const tries: number[] = [];
    lane.channels.set('#ops', (request) => {
      tries.push(lane.runtime.now() - lane.startMs);
      return throttled(10 * minuteMs)(request);
    });
    const [first = '', ...others] = await ringMany(lane, 20);
    await lane.runtime.advance(30 * minuteMs);
    const { id: later } = await lane.ring('later');
    await lane.runtime.advance(30 * minuteMs);
    const tried = await lane.get(first);
    expect([tried.status, tried.reason, tried.detail]).toEqual(['failed', 'gave_up', undefined]);
    for (const id of others) {
      const { status, reason, detail, attempts } = await lane.get(id);
      expect([status, reason, attempts]).toEqual(['failed', 'gave_up', []]);
      expect(detail).toBe(
        `its destination has failed since ${new Date(lane.startMs).toISOString()}, so it was not tried again`,
      );
    }
    expect(await lane.get(later)).toMatchObject({ status: 'pending', attempts: [] });
    await lane.runtime.advance(30 * minuteMs);
    expect(await lane.get(later)).toMatchObject({ status: 'failed', reason: 'gave_up' });
    const gaps = tries.map((atMs, index) => atMs - (tries[index - 1] ?? -10 * minuteMs));
    expect(new Set(gaps)).toEqual(new Set([10 * minuteMs]));
  });

  test('never piles up more than giveUpAfterMs of messages, and nothing of what comes after is lost', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs, answer: down });
    for (let minute = 0; minute < 5 * 60; minute += 1) {
      await lane.ring(`m${minute}`);
      await lane.runtime.advance(minuteMs);
      // What is due is given up at the next try, 5 minutes later at most.
      expect(lane.engine.stats().undelivered).toBeLessThanOrEqual(60 + 6);
    }
    const { items: waiting } = await lane.engine.executions.list({ status: 'pending', limit: 1000 });
    expect(waiting.length).toBeGreaterThan(50);
    lane.channels.clear();
    await lane.runtime.advance(6 * minuteMs);
    expect(lane.in('#ops').length).toBeGreaterThan(50);
  });

  test('is tried at once for what somebody calls for again, when it was given up', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs, answer: throttled(10 * minuteMs) });
    const ids = await ringMany(lane, 2);
    await lane.runtime.advance(hourMs + minuteMs);
    lane.channels.clear();
    await lane.engine.executions.retry(ids[1] ?? '');
    await lane.runtime.advance(0);
    expect(lane.in('#ops')).toEqual(['m1']);
  });

  test('keeps those that were called off out of it', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs, answer: down });
    const [, second = '', third = ''] = await ringMany(lane, 3);
    await lane.engine.executions.cancel({ id: second });
    await lane.runtime.advance(hourMs + 5 * minuteMs);
    expect(await lane.get(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_hand' });
    expect(await lane.get(third)).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(lane.engine.stats().undelivered).toBe(0);
  });

  test('is told of each that is given up, tried or not', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: hourMs, answer: down });
    const failed: string[] = [];
    lane.engine.on('execution-failed', ({ id }) => failed.push(id));
    const ids = await ringMany(lane, 5);
    await lane.runtime.advance(hourMs + 5 * minuteMs);
    expect(failed).toEqual(ids);
  });
});

describe('calls of a handler that queue behind one another', () => {
  const openPager = async (page: (attempt: number) => Promise<void>) => {
    const opened = await openEngine({ handlers: { page: ({ attempt }) => page(attempt) } });
    const event = onEvent('custom.page', { scope: team('my-team') });
    await opened.engine.automations.create({ name: 'page', event, action: callHandler('page') });
    return opened;
  };
  const ring = async ({ engine }: Awaited<ReturnType<typeof openPager>>, count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      await engine.emit({ type: 'custom.page', entity: 'my-team', number } as never);
    }
  };

  test('each have their own minute: time in the queue is no failure', async () => {
    const opened = await openPager(async (attempt) => {
      await new Promise<void>((resolve) => opened.runtime.setTimer(resolve, 5 * secondMs));
      if (attempt === 1) throw new Error('busy');
    });
    await ring(opened, 20);
    for (let second = 0; second < 300; second += 1) await opened.runtime.advance(secondMs);
    const { items } = await opened.engine.executions.list();
    expect(items.map(({ status, attempts }) => [status, attempts.length])).toEqual(
      Array.from({ length: 20 }, () => ['finished', 2]),
    );
  });

  test('are each tried for a minute, though the ones before them failed', async () => {
    const opened = await openPager(() => Promise.reject(new Error('never')));
    await ring(opened, 3);
    for (let second = 0; second < 200; second += 1) await opened.runtime.advance(secondMs);
    const { items } = await opened.engine.executions.list();
    expect(items.map(({ reason, attempts }) => [reason, attempts.length])).toEqual([
      ['gave_up', 7],
      ['gave_up', 7],
      ['gave_up', 7],
    ]);
  });
});
