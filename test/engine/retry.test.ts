import { callHandler, DeliveryError, onEvent, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { down, hangs, minuteMs, openWaitingLane, secondMs } from './waiting-lane.js';

const refused = () => {
  throw new DeliveryError({ kind: 'message', reason: 'invalid_blocks', message: 'Too many blocks' });
};

describe('an execution that is retried', () => {
  test('waits behind what its destination has waiting, arrives, and keeps its attempts', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', refused);
    const { id } = await lane.ring('failed');
    expect(await lane.get(id)).toMatchObject({ status: 'failed', reason: 'message_refused' });
    lane.channels.set('#ops', down);
    await lane.ring('before');
    const retried = await lane.engine.executions.retry(id);
    expect(retried).toMatchObject({ id, status: 'pending', retriedAt: lane.runtime.now() });
    expect(retried.reason).toBe(undefined);
    expect(retried.attempts).toHaveLength(2);
    expect(lane.engine.stats().undelivered).toBe(2);
    await lane.ring('after');
    lane.channels.delete('#ops');
    await lane.runtime.advance(minuteMs);
    expect(lane.in('#ops')).toEqual(['before', 'failed', 'after']);
    const finished = await lane.get(id);
    expect(finished).toMatchObject({ status: 'finished', receipt: {} });
    // It began with its layout again.
    expect(finished.attempts.map(({ outcome, plainText }) => [outcome, plainText])).toEqual([
      ['failed', undefined],
      ['failed', true],
      ['delivered', undefined],
    ]);
    expect(lane.engine.stats().undelivered).toBe(0);
  });

  test('has all its time again: giving up counts from the retry', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: 10 * minuteMs });
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(11 * minuteMs);
    expect(await lane.get(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
    await lane.runtime.advance(60 * minuteMs);
    const lags = lane.lagging.length;
    await lane.engine.executions.retry(id);
    await lane.runtime.advance(2 * minuteMs - 1);
    expect(lane.lagging).toHaveLength(lags);
    await lane.runtime.advance(secondMs);
    expect(lane.lagging[lags]).toMatchObject({ executionId: id, waitedMs: 2 * minuteMs });
    await lane.runtime.advance(7 * minuteMs);
    expect((await lane.get(id)).status).toBe('pending');
    await lane.runtime.advance(2 * minuteMs);
    expect(await lane.get(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
  });

  test.each(['disable', 'delete'] as const)('is sent though its automation was %sd meanwhile', async (change) => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.engine.automations[change](lane.automationId);
    expect(await lane.get(id)).toMatchObject({ status: 'cancelled', reason: `automation_${change}d` });
    lane.channels.delete('#ops');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.arrived).toEqual([]);
    await lane.engine.executions.retry(id);
    await lane.runtime.advance(0);
    expect(lane.in('#ops')).toEqual(['first']);
    expect((await lane.get(id)).status).toBe('finished');
  });

  test('is called off again when its automation is disabled after that', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.engine.executions.cancel({ id });
    await lane.engine.executions.retry(id);
    await lane.engine.automations.disable(lane.automationId);
    lane.channels.delete('#ops');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.arrived).toEqual([]);
    expect(await lane.get(id)).toMatchObject({ status: 'cancelled', reason: 'automation_disabled' });
  });

  test('is looked for first, since an attempt may have arrived', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: secondMs });
    lane.channels.set('#ops', () => {
      throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'Reset', ambiguous: true });
    });
    const { id } = await lane.ring('first');
    await lane.runtime.advance(minuteMs);
    expect((await lane.get(id)).status).toBe('failed');
    const looked: boolean[] = [];
    lane.channels.set('#ops', ({ mayHaveArrived }) => {
      looked.push(mayHaveArrived);
      return { note: 'may be a duplicate: nobody can look here' };
    });
    await lane.engine.executions.retry(id);
    await lane.runtime.advance(minuteMs);
    expect(looked).toEqual([true]);
    const { attempts } = await lane.get(id);
    expect(attempts.filter(({ mayBeDuplicate }) => mayBeDuplicate)).toEqual(attempts.slice(-1));
  });

  test('while an attempt of before is still on its way arrives once', async () => {
    const lane = await openWaitingLane();
    let arrive: () => void = () => {};
    lane.channels.set('#ops', () => new Promise<void>((resolve) => (arrive = resolve)));
    const { id } = await lane.ring('first');
    await lane.engine.executions.cancel({ id });
    await lane.engine.executions.retry(id);
    arrive();
    await lane.runtime.advance(minuteMs);
    expect(lane.in('#ops')).toEqual(['first']);
    expect((await lane.get(id)).status).toBe('finished');
    expect((await lane.engine.executions.list({ status: 'pending' })).items).toEqual([]);
    expect((await lane.engine.executions.list({ status: 'cancelled' })).items).toEqual([]);
  });

  test('while the attempt that fails it is on its way is not lost', async () => {
    const lane = await openWaitingLane({ deliveryTimeoutMs: minuteMs, giveUpAfterMs: 30 * secondMs });
    lane.channels.set('#ops', hangs);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(40 * secondMs);
    await lane.engine.executions.cancel({ id });
    await lane.engine.executions.retry(id);
    lane.channels.delete('#ops');
    await lane.runtime.advance(2 * minuteMs);
    expect((await lane.get(id)).status).toBe('finished');
    expect(lane.in('#ops')).toEqual(['first']);
  });
});

test('a handler that is retried has its minute again, at the pace of the first', async () => {
  let calls = 0;
  const { engine, runtime } = await openEngine({
    handlers: {
      stop: () => {
        calls += 1;
        throw new Error('not now');
      },
    },
  });
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  await engine.automations.create({ name: 'stops', event, action: callHandler('stop') });
  const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  const id = fired[0]?.id ?? '';
  await runtime.advance(5 * minuteMs);
  expect((await engine.executions.get(id)).status).toBe('failed');
  const first = calls;
  await engine.executions.retry(id);
  await runtime.advance(5 * minuteMs);
  expect(await engine.executions.get(id)).toMatchObject({ status: 'failed', reason: 'gave_up' });
  expect(calls).toBe(2 * first);
});

describe('what can’t be retried', () => {
  test('is pending, finished or skipped', async () => {
    const lane = await openWaitingLane();
    const finished = await lane.ring('finished');
    lane.channels.set('#ops', down);
    const pending = await lane.ring('pending');
    for (const { id } of [finished, pending]) {
      await expect(lane.engine.executions.retry(id)).rejects.toMatchObject({ code: 'not_retryable' });
    }
    expect((await lane.get(finished.id)).status).toBe('finished');
    expect(lane.in('#ops')).toEqual(['finished']);
  });

  test.each(['nobody', '', '__proto__', undefined, 7, {}, null])('is not there: %j', async (id) => {
    const { engine } = await openEngine();
    await expect(engine.executions.retry(id as string)).rejects.toMatchObject({ code: 'not_found' });
  });
});
