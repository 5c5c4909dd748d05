import { createEngine, DeliveryError, onEvent, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { appendToOutbox } from '../../src/notify/outbox.js';
import { putExecution } from '../../src/record/execution-writes.js';
import { down, minuteMs, openWaitingLane, revoked } from './waiting-lane.js';

describe('cancel', () => {
  test('calls off what waits, and says how many', async () => {
    const lane = await openWaitingLane();
    const { id: finishedId } = await lane.ring('finished');
    lane.channels.set('#ops', revoked);
    const waiting = [];
    for (let number = 0; number < 250; number += 1) waiting.push(await lane.ring(`${number}`));
    expect(await lane.engine.executions.cancel({})).toBe(250);
    expect(lane.engine.stats().undelivered).toBe(0);
    for (const { id } of waiting) {
      expect(await lane.get(id)).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_hand' });
    }
    expect((await lane.get(finishedId)).status).toBe('finished');
    lane.channels.delete('#ops');
    await lane.engine.integrations.enable(lane.ops.id);
    await lane.runtime.advance(10 * minuteMs);
    expect(lane.in('#ops')).toEqual(['finished']);
    expect(await lane.engine.executions.cancel({})).toBe(0);
  });

  test('calls off only what fits every part of the filter', async () => {
    const lane = await openWaitingLane();
    const other = await lane.addChannel('#other');
    const { automation } = await lane.engine.automations.create({
      name: 'others',
      event: onEvent('custom.alarm', { scope: team('my-team') }),
      action: sendNotification(other, { title: '${event.what}' }),
    });
    lane.channels.set('#ops', down);
    lane.channels.set('#other', down);
    const rings: { readonly atMs: number }[] = [];
    for (let number = 0; number < 3; number += 1) {
      rings.push({ atMs: lane.runtime.now() });
      await lane.ring(`${number}`);
      await lane.runtime.advance(10);
    }
    const pending = async () =>
      (await lane.engine.executions.list({ status: 'pending' })).items
        .map(({ automationName, message }) => `${automationName} ${message?.title}`)
        .toSorted();
    const { cancel } = lane.engine.executions;
    expect(await cancel({ automationId: automation.id, integrationId: lane.ops.id })).toBe(0);
    expect(await cancel({ automationId: 'nobody' })).toBe(0);
    expect(await cancel({ integrationId: other.id, since: rings[1]?.atMs, until: rings[2]?.atMs })).toBe(1);
    expect(await pending()).toEqual(['alarms 0', 'alarms 1', 'alarms 2', 'others 0', 'others 2']);
    expect(await cancel({ automationId: automation.id, until: rings[2]?.atMs })).toBe(1);
    const [last] = (await lane.engine.executions.list({ automationId: lane.automationId })).items;
    expect(await cancel({ id: last?.id, automationId: automation.id })).toBe(0);
    expect(await cancel({ id: last?.id })).toBe(1);
    expect(await pending()).toEqual(['alarms 0', 'alarms 1', 'others 2']);
    expect(await cancel({ since: rings[2]?.atMs })).toBe(1);
    expect(await pending()).toEqual(['alarms 0', 'alarms 1']);
  });

  test('lets what is being delivered arrive, and that says finished', async () => {
    const lane = await openWaitingLane();
    let arrive: () => void = () => {};
    lane.channels.set('#ops', () => new Promise<void>((resolve) => (arrive = resolve)));
    const finished: string[] = [];
    lane.engine.on('execution-finished', ({ id }) => finished.push(id));
    const { id } = await lane.ring('first');
    expect(await lane.engine.executions.cancel({ integrationId: lane.ops.id })).toBe(1);
    expect((await lane.get(id)).status).toBe('cancelled');
    arrive();
    await lane.runtime.advance(0);
    expect(await lane.get(id)).toMatchObject({ status: 'finished', attempts: [{ outcome: 'delivered' }] });
    expect((await lane.get(id)).reason).toBe(undefined);
    expect(finished).toEqual([id]);
    expect((await lane.engine.executions.list({ status: 'cancelled' })).items).toEqual([]);
    expect((await lane.engine.executions.list({ status: 'finished', automationId: lane.automationId })).items).toEqual([
      expect.objectContaining({ id }),
    ]);
  });

  test.each([
    ['that may have arrived', true, { giveUpAfterMs: 60 * minuteMs }],
    ['that has not arrived', false, { giveUpAfterMs: 60 * minuteMs }],
    ['after which it would have been given up', true, { giveUpAfterMs: 1 }],
  ])('keeps the attempt that was under way, %s', async (_, ambiguous, options) => {
    const lane = await openWaitingLane(options);
    let fail: () => void = () => {};
    lane.channels.set('#ops', () => {
      const error = new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'Reset', ambiguous });
      return new Promise((__, reject) => (fail = () => reject(error)));
    });
    const told: string[] = [];
    lane.engine.on('delivery-attempted', ({ executionId }) => told.push(executionId));
    lane.engine.on('execution-failed', () => told.push('failed'));
    const { id } = await lane.ring('first');
    await lane.runtime.advance(10);
    await lane.engine.executions.cancel({ id });
    fail();
    await lane.runtime.advance(minuteMs);
    const cancelled = await lane.get(id);
    expect(cancelled).toMatchObject({ status: 'cancelled', reason: 'cancelled_by_hand' });
    expect(cancelled.attempts).toMatchObject([{ outcome: 'failed', error: 'reset' }]);
    expect(cancelled.attempts[0]?.ambiguous).toBe(ambiguous ? true : undefined);
    // Nothing follows it.
    expect(cancelled.attempts[0]?.retryInMs).toBe(undefined);
    expect(told).toEqual([id]);
    expect((await lane.engine.executions.list({ status: 'cancelled' })).items).toMatchObject([{ id }]);
    expect(lane.engine.stats().undelivered).toBe(0);
    lane.channels.delete('#ops');
    await lane.ring('second');
    await lane.runtime.advance(minuteMs);
    expect(lane.in('#ops')).toEqual(['second']);
  });

  test('of one that is called for again at once keeps the attempt that was under way, and looks for it', async () => {
    const lane = await openWaitingLane();
    let fail: () => void = () => {};
    lane.channels.set('#ops', () => {
      const error = new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'Reset', ambiguous: true });
      return new Promise((_, reject) => (fail = () => reject(error)));
    });
    const { id } = await lane.ring('first');
    await lane.runtime.advance(10);
    await lane.engine.executions.cancel({ id });
    await lane.engine.executions.retry(id);
    const looked: boolean[] = [];
    lane.channels.set('#ops', ({ mayHaveArrived }) => looked.push(mayHaveArrived));
    fail();
    await lane.runtime.advance(minuteMs);
    const { status, attempts } = await lane.get(id);
    expect(status).toBe('finished');
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'delivered']);
    expect(looked).toEqual([true]);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'all'],
    ['a misspelt part', { integrationID: 'x' }],
    ['a status', { status: 'pending' }],
    ['a time that is none', { since: Number.NaN }],
    ['an id that is none', { id: 7 }],
    ['a list', []],
  ])('given %s is refused, and calls off nothing', async (_, filter) => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', down);
    const { id } = await lane.ring('first');
    await expect(lane.engine.executions.cancel(filter as never)).rejects.toMatchObject({ code: 'invalid_options' });
    expect((await lane.get(id)).status).toBe('pending');
  });
});

test('many that wait are called off in parts, between which everything else has its turn', async () => {
  const many = 5_000;
  const storage = memoryStorage();
  const lane = await openWaitingLane({ storage });
  await lane.engine.integrations.disable(lane.ops.id);
  const first = await lane.ring('first');
  await lane.engine.close();
  for (let number = 0; number < many; number += 500) {
    const executions = Array.from({ length: 500 }, (_, index) => ({ ...first, id: idOf(number + index) }));
    await storage.commit({
      steps: [{ write: executions.flatMap((each) => [...putExecution(each), ...appendToOutbox(each)]) }],
    });
  }
  const engine = await createEngine({ storage, logger: { warn: () => {}, error: () => {} }, deliveries: [] });
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  turn();
  const count = await engine.executions.cancel({ automationId: first.automationId });
  isDone = true;
  expect(count).toBe(many + 1);
  expect(turns).toBeGreaterThan(10);
  expect((await engine.executions.list({ status: 'pending' })).items).toEqual([]);
  await engine.close();
});

function idOf(number: number): string {
  return `01KDVDNA0047C4FEZD${String(number).padStart(8, '0')}`;
}
