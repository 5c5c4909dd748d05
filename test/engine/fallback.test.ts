import { onEvent, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { down, hangs, minuteMs, openWaitingLane, revoked } from './waiting-lane.js';

describe('a message that waits longer than ten minutes', () => {
  test('goes to the fallback, once, and says so; the original is cancelled', async () => {
    const lane = await openWaitingLane({ fallback: true });
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(10 * minuteMs - 1);
    expect(lane.arrived).toEqual([]);
    await lane.runtime.advance(1);
    const [arrived] = lane.arrived;
    expect(arrived).toMatchObject({
      where: '#backup',
      what: 'first',
      text: 'It has waited for #ops for 10 minutes; sent here instead\n\nLook at it',
      atMs: 10 * minuteMs,
    });
    expect(await lane.get(id)).toMatchObject({
      status: 'cancelled',
      reason: 'sent_to_fallback',
      fallbackExecutionId: arrived?.executionId,
    });
    const brought = await lane.get(arrived?.executionId ?? '');
    expect(brought).toMatchObject({ status: 'finished', fallbackOf: id, attempts: [{ outcome: 'delivered' }] });
    expect(brought.id > id).toBe(true);
    lane.channels.delete('#ops');
    await lane.runtime.advance(60 * minuteMs);
    expect(lane.arrived).toHaveLength(1);
    expect(lane.engine.stats().undelivered).toBe(0);
  });

  test('goes though its lane rests for an hour; those that came later go when it is their time, untried', async () => {
    const lane = await openWaitingLane({ fallback: true });
    let attempts = 0;
    lane.channels.set('#ops', (request) => {
      attempts += 1;
      return down(request);
    });
    await lane.ring('first');
    await lane.ring('second');
    await lane.runtime.advance(7 * minuteMs);
    await lane.ring('third');
    const attemptsBefore = attempts;
    await lane.runtime.advance(3 * minuteMs);
    expect(lane.in('#backup')).toEqual(['first', 'second']);
    await lane.runtime.advance(7 * minuteMs - 1);
    expect(lane.in('#backup')).toEqual(['first', 'second']);
    await lane.runtime.advance(1);
    expect(lane.in('#backup')).toEqual(['first', 'second', 'third']);
    // The back-off went on as if nothing had happened.
    expect(attempts - attemptsBefore).toBeLessThan(5);
    lane.channels.delete('#ops');
    await lane.ring('fourth');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.in('#ops')).toEqual(['fourth']);
  });

  test('goes while its lane is parked, also one that came when nothing was in it', async () => {
    const lane = await openWaitingLane({ fallback: true });
    lane.channels.set('#ops', revoked);
    await lane.ring('first');
    await lane.runtime.advance(10 * minuteMs);
    expect(lane.in('#backup')).toEqual(['first']);
    await lane.runtime.advance(60 * minuteMs);
    await lane.ring('second');
    await lane.runtime.advance(10 * minuteMs);
    expect(lane.in('#backup')).toEqual(['first', 'second']);
    expect(lane.lagging).toHaveLength(2);
  });

  test('is never taken from an attempt that is on its way', async () => {
    const lane = await openWaitingLane({ fallback: true, deliveryTimeoutMs: 15 * minuteMs });
    lane.channels.set('#ops', hangs);
    await lane.ring('first');
    await lane.ring('second');
    await lane.runtime.advance(15 * minuteMs - 1);
    expect(lane.arrived).toEqual([]);
    await lane.runtime.advance(1);
    expect(lane.in('#backup')).toEqual(['first', 'second']);
  });

  test('goes when there are only more than may go', async () => {
    const lane = await openWaitingLane({ fallback: true, pacing: { messagesPerSecond: 0.01, burst: 1 } });
    for (let number = 0; number < 8; number += 1) await lane.ring(`${number}`);
    await lane.runtime.advance(2 * 60 * minuteMs);
    const all = [...lane.in('#ops'), ...lane.in('#backup')];
    expect(all.toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(lane.in('#ops')).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('waits on where the fallback is disabled, and goes at once when that is enabled', async () => {
    const lane = await openWaitingLane({ fallback: true });
    lane.channels.set('#ops', down);
    const fallbackId = lane.ops.fallbackIntegrationId ?? '';
    await lane.engine.integrations.disable(fallbackId);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(30 * minuteMs);
    expect(await lane.get(id)).toMatchObject({ status: 'pending' });
    await lane.engine.integrations.enable(fallbackId);
    await lane.runtime.advance(0);
    expect(lane.in('#backup')).toEqual(['first']);
  });

  test('waits on where the fallback is gone or belongs to another entity, and arrives when it can', async () => {
    const lane = await openWaitingLane({ fallback: true });
    lane.channels.set('#ops', down);
    const fallbackId = lane.ops.fallbackIntegrationId ?? '';
    await lane.engine.integrations.update(fallbackId, { entity: 'other-team' });
    await lane.ring('first');
    await lane.runtime.advance(30 * minuteMs);
    expect(lane.arrived).toEqual([]);
    await lane.engine.integrations.delete(fallbackId, { force: true });
    await lane.runtime.advance(30 * minuteMs);
    lane.channels.delete('#ops');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.arrived).toMatchObject([{ where: '#ops', what: 'first', text: 'Look at it' }]);
    await lane.engine.integrations.update(lane.ops.id, { name: '#ops-2' });
  });

  test('says so truly where its channel is not out of reach, but more comes than may go there', async () => {
    const lane = await openWaitingLane({ fallback: true, pacing: { messagesPerSecond: 1 / 300, burst: 1 } });
    for (const what of ['first', 'second', 'third', 'fourth']) await lane.ring(what);
    await lane.runtime.advance(30 * minuteMs);
    expect(lane.in('#ops').slice(0, 2)).toEqual(['first', 'second']);
    const sentOn = lane.arrived.filter(({ where }) => where === '#backup');
    expect(sentOn[0]?.text).toBe('It has waited for #ops for 10 minutes; sent here instead\n\nLook at it');
  });

  test('goes to a fallback that is given while it waits', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    await lane.ring('first');
    await lane.runtime.advance(30 * minuteMs);
    const backup = await lane.addChannel('#late');
    await lane.engine.integrations.update(lane.ops.id, { fallbackIntegrationId: backup.id });
    await lane.runtime.advance(0);
    expect(lane.arrived).toMatchObject([{ where: '#late', text: expect.stringContaining('for 30 minutes') }]);
  });

  test('goes one hop only, and does not keep those behind it from going', async () => {
    const lane = await openWaitingLane({ fallback: true });
    const backupId = lane.ops.fallbackIntegrationId ?? '';
    const third = await lane.addChannel('#third');
    await lane.engine.integrations.update(backupId, { fallbackIntegrationId: third.id });
    await lane.engine.automations.create({
      name: 'direct',
      event: onEvent('custom.direct', { scope: team('my-team') }),
      action: sendNotification(backupId, { title: '${event.what}' }),
    });
    lane.channels.set('#ops', down);
    lane.channels.set('#backup', down);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(10 * minuteMs);
    await lane.engine.emit({ type: 'custom.direct', entity: 'my-team', what: 'direct' } as never);
    await lane.runtime.advance(30 * minuteMs);
    expect(lane.in('#third')).toEqual(['direct']);
    const original = await lane.get(id);
    expect(await lane.get(original.fallbackExecutionId ?? '')).toMatchObject({ status: 'pending', fallbackOf: id });
    lane.channels.delete('#backup');
    await lane.runtime.advance(5 * minuteMs);
    expect(lane.in('#backup')).toEqual(['first']);
  });

  test('tells listeners of the new execution, and goes once though the storage fails meanwhile', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    let failures = 0;
    const lane = await openWaitingLane({
      runtime,
      fallback: true,
      storage: {
        ...storage,
        async commit(commit) {
          const result = await storage.commit(commit);
          // It is written, but the answer is lost.
          if (failures > 0 && commit.steps.some(({ write }) => write.length > 5)) {
            failures -= 1;
            throw new Error('reset');
          }
          return result;
        },
      },
    });
    const created: (string | undefined)[] = [];
    lane.engine.on('execution-created', ({ fallbackOf }) => created.push(fallbackOf));
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.runtime.advance(9 * minuteMs);
    failures = 1;
    await lane.runtime.advance(2 * minuteMs);
    expect(failures).toBe(0);
    expect(lane.in('#backup')).toEqual(['first']);
    expect(created.slice(0, 1)).toEqual([undefined]);
    expect((await lane.get(id)).status).toBe('cancelled');
    expect((await lane.engine.executions.list()).items).toHaveLength(2);
  });

  test('goes nowhere when it is called off at that very moment', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    let meanwhile: (() => Promise<unknown>) | undefined;
    const lane = await openWaitingLane({
      runtime,
      fallback: true,
      storage: {
        ...storage,
        async commit(commit) {
          const callOff = JSON.stringify(commit).includes('sent_to_fallback') ? meanwhile : undefined;
          if (callOff !== undefined) meanwhile = undefined;
          await callOff?.();
          return storage.commit(commit);
        },
      },
    });
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await lane.ring('second');
    meanwhile = () => lane.engine.executions.cancel({ id });
    await lane.runtime.advance(11 * minuteMs);
    expect(meanwhile).toBe(undefined);
    expect(lane.in('#backup')).toEqual(['second']);
    expect(await lane.get(id)).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_hand' });
    expect((await lane.engine.executions.list({ status: 'pending' })).items).toEqual([]);
  });

  test('goes after a restart, and one that was retried has its ten minutes again', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const before = await openWaitingLane({ runtime, storage, fallback: true, answer: down });
    const { id } = await before.ring('first');
    const closed = before.engine.close();
    await runtime.advance(5 * minuteMs);
    await closed;
    const lane = await openWaitingLane({ runtime, storage, fallback: true, answer: down });
    await runtime.advance(5 * minuteMs);
    expect(lane.in('#backup')).toEqual(['first']);
    expect(await lane.engine.executions.retry(id)).toMatchObject({ status: 'pending' });
    await runtime.advance(10 * minuteMs - 1);
    expect(lane.in('#backup')).toEqual(['first']);
    await runtime.advance(1);
    expect(lane.in('#backup')).toEqual(['first', 'first']);
  });

  test('goes with all others, however many, in order and each once', async () => {
    const lane = await openWaitingLane({ fallback: true });
    lane.channels.set('#ops', down);
    for (let number = 0; number < 1000; number += 1) {
      await lane.engine.emit({ type: 'custom.alarm', entity: 'my-team', what: `${number}` } as never);
    }
    await lane.runtime.advance(10 * minuteMs);
    await lane.engine.idle();
    expect(lane.in('#backup')).toEqual(Array.from({ length: 1000 }, (_, number) => `${number}`));
    expect((await lane.engine.executions.list({ status: 'pending' })).items).toEqual([]);
  });
});
