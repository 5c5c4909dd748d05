import { callHandler, type Delivery, DeliveryError, onEvent, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { minuteMs, openWaitingLane } from './waiting-lane.js';

const huge = 'x'.repeat(2_000_000);
const most = 4096;
const sizeOf = (value: unknown): number => JSON.stringify(value).length;

describe('what an outsider answers at length stands in short in a record', () => {
  test('a handler that throws a book', async () => {
    const { engine, runtime } = await openEngine({
      handlers: {
        stop: () => {
          throw new Error(huge);
        },
      },
    });
    const event = onEvent('custom.alarm', { scope: team('my-team') });
    await engine.automations.create({ name: 'stops', event, action: callHandler('stop') });
    const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
    await runtime.advance(2 * minuteMs);
    const failed = await engine.executions.get(String(fired[0]?.id));
    expect(failed.attempts.length).toBeGreaterThan(3);
    expect(failed.attempts[0]?.message).toBe(huge.slice(0, most));
    expect(sizeOf(failed)).toBeLessThan(50_000);
  });

  test('an error whose name, message and body are books', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: 1 });
    lane.channels.set('#ops', () => {
      throw new DeliveryError({ kind: 'unavailable', reason: huge, message: huge, body: huge });
    });
    const { id } = await lane.ring('first');
    const [attempt] = (await lane.get(id)).attempts;
    expect(attempt).toMatchObject({
      error: huge.slice(0, 1024),
      message: huge.slice(0, most),
      body: huge.slice(0, most),
    });
  });

  test('a receipt: its words are cut, an id or link that would lead elsewhere is left out', async () => {
    const lane = await openWaitingLane();
    lane.channels.set('#ops', () => ({
      channelId: huge,
      messageId: huge,
      permalink: huge,
      channelName: huge,
      note: huge,
      body: huge,
    }));
    const { id } = await lane.ring('first');
    const cut = huge.slice(0, most);
    expect((await lane.get(id)).receipt).toEqual({ channelName: cut, note: cut, body: cut });
    expect(sizeOf(await lane.get(id))).toBeLessThan(30_000);
    expect((await lane.engine.integrations.get(lane.ops.id)).channelId).toBe(undefined);
  });

  test('texts as long as they may be are kept whole', async () => {
    const lane = await openWaitingLane();
    const whole = 'y'.repeat(most);
    const receipt = {
      channelId: whole,
      messageId: whole,
      permalink: whole,
      channelName: whole,
      note: whole,
      body: whole,
    };
    lane.channels.set('#ops', () => receipt);
    const { id } = await lane.ring('first');
    expect((await lane.get(id)).receipt).toEqual(receipt);
  });

  test('no half of a character stands at the end', async () => {
    const lane = await openWaitingLane({ giveUpAfterMs: 1 });
    lane.channels.set('#ops', () => {
      throw new DeliveryError({ kind: 'unavailable', reason: 'x', message: `x${'🔔'.repeat(most)}` });
    });
    const { id } = await lane.ring('first');
    expect((await lane.get(id)).attempts[0]?.message).toBe(`x${'🔔'.repeat(most / 2 - 1)}`);
  });

  test('why an integration was disabled', async () => {
    const deliver = async (): Promise<never> => {
      throw new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: huge });
    };
    const chats: Delivery = { name: 'chat', integrationTypes: ['custom', 'console'], deliver };
    const { engine, runtime } = await openEngine({ deliveries: [chats, { ...chats, name: 'console' }] });
    const chat = await engine.integrations.create({ type: 'custom', name: 'chat', delivery: 'chat' });
    await engine.integrations.notify(chat.id, { title: 'alarm' });
    await runtime.advance(0);
    expect(await engine.integrations.get(chat.id)).toMatchObject({
      status: 'disabled',
      statusReason: huge.slice(0, most),
    });
  });
});
