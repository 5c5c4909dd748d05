import { DeliveryError, type DeliveryRequest, onEvent, sendNotification, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { down, minuteMs, openWaitingLane, revoked, secondMs } from './waiting-lane.js';

const titleOf = ({ message }: DeliveryRequest): string => message.title;

describe('a lane', () => {
  test('fails a poison message alone: those before and behind it arrive, in order', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', (request) => {
      if (titleOf(request) !== 'poison') return {};
      throw new DeliveryError({ kind: 'message', reason: 'invalid_blocks', message: 'x' });
    });
    await lane.ring('before');
    const { id } = await lane.ring('poison');
    await lane.ring('behind');
    await lane.runtime.advance(0);
    expect(lane.in('#ops')).toEqual(['before', 'behind']);
    expect(await lane.get(id)).toMatchObject({ status: 'failed', reason: 'message_refused' });
    expect((await lane.get(id)).attempts.map(({ plainText = false }) => plainText)).toEqual([false, true]);
  });

  test('that is told to wait keeps no other waiting, and itself waits no less', async () => {
    const lane = await openWaitingLane();
    const other = await lane.addChannel('#other');
    await lane.engine.automations.create({
      name: 'others',
      event: onEvent('custom.alarm', { scope: team('my-team') }),
      action: sendNotification(other, { title: '${event.what}' }),
    });
    lane.channels.set('#ops', ({ attempt, message }) => {
      if (message.title !== '1' || attempt > 1) return {};
      throw new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'x', retryAfterMs: 30_000 });
    });
    for (let number = 0; number < 4; number += 1) await lane.ring(`${number}`);
    await lane.runtime.advance(30 * secondMs - 1);
    expect(lane.in('#other')).toEqual(['0', '1', '2', '3']);
    expect(lane.in('#ops')).toEqual(['0']);
    await lane.runtime.advance(1);
    expect(lane.in('#ops')).toEqual(['0', '1', '2', '3']);
  });

  test('that is parked resumes when its integration is enabled, in order', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', revoked);
    for (let number = 0; number < 3; number += 1) await lane.ring(`${number}`);
    await lane.runtime.advance(60 * minuteMs);
    expect(lane.arrived).toEqual([]);
    lane.channels.delete('#ops');
    await lane.engine.integrations.enable(lane.ops.id);
    await lane.runtime.advance(0);
    expect(lane.in('#ops')).toEqual(['0', '1', '2']);
  });

  test('whose messages are given up keeps every attempt of a day, and of longer the first and the last', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: 24 * 60 * minuteMs });
    let first: number | undefined;
    const numbers: number[] = [];
    lane.channels.set('#ops', (request) => {
      first ??= lane.runtime.now();
      numbers.push(request.attempt);
      return down(request);
    });
    const { id } = await lane.ring('a day');
    await lane.runtime.advance(25 * 60 * minuteMs);
    const day = await lane.get(id);
    expect(day).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(day.attempts).toHaveLength(numbers.length);
    expect(day.attempts.length).toBeGreaterThan(280);
    expect(day.attemptsLeftOut).toBe(undefined);
    await lane.engine.executions.retry(id);
    await lane.runtime.advance(25 * 60 * minuteMs);
    const longer = await lane.get(id);
    expect(longer.attempts).toHaveLength(500);
    expect(longer.attemptsLeftOut).toBe(numbers.length - 500);
    expect(longer.attempts[0]?.at).toBe(first);
    expect(longer.attempts.at(-1)?.retryInMs).toBe(undefined);
    // Each attempt has its number, also where some are left out.
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
  });

  test('says of an attempt that it may be a duplicate when the destination could not be asked', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', ({ attempt }) => {
      if (attempt > 1) return { note: 'may be a duplicate: nobody can look here' };
      throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'x', ambiguous: true });
    });
    const { id } = await lane.ring('first');
    await lane.runtime.advance(minuteMs);
    const { attempts } = await lane.get(id);
    expect(attempts.map(({ outcome, mayBeDuplicate }) => [outcome, mayBeDuplicate])).toEqual([
      ['failed', undefined],
      ['delivered', true],
    ]);
  });
});
