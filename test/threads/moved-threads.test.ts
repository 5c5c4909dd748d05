import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import {
  alert,
  type Chat,
  type ChatEngine,
  hourMs,
  minuteMs,
  openChatEngine,
  secondMs,
  update,
} from './chat-engine.js';

const skyline = { channel: '#skyline' };
const ops = { channel: '#default' };
const refusedAlert = { destination: skyline, defaultDestination: ops, thread: alert } as const;
const eyes = { destination: skyline, reaction: 'eyes', thread: update } as const;
const bound = { destination: skyline, title: 'was viewed', thread: { ...update, onlyInThread: true } } as const;

/** An engine whose channel #skyline takes nothing; the default channel takes something when it is told to. */
async function open(): Promise<ChatEngine & { readonly chat: Chat; isDefaultDown: boolean }> {
  const chat = await openChatEngine();
  const opened = { ...chat, isDefaultDown: false };
  chat.chat.answer = (_, channel) => {
    if (channel === '#skyline')
      throw new DeliveryError({ kind: 'channel', reason: 'is_archived', message: 'Archived' });
    if (opened.isDefaultDown) throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down' });
    return undefined;
  };
  return opened;
}

describe('what belongs under an alert that its channel refused', () => {
  test.each([
    ['a reaction', eyes, '#skyline 1 +eyes'],
    ['a reply that another message stands in for', bound, undefined],
  ])('%s goes to where the alert stands', async (_, given, line) => {
    const chat = await open();
    // The thread of a reply leads to the channel of its first message; here the adapter would refuse it by name.
    if (line === undefined)
      chat.chat.answer = (request, channel) => {
        if (channel === '#skyline' && request.thread === undefined) {
          throw new DeliveryError({ kind: 'channel', reason: 'is_archived', message: 'Archived' });
        }
        return undefined;
      };
    const [, late] = await chat.commit(refusedAlert, given);
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines).toEqual(['#default 1: alert', line ?? '#skyline 1 > 2: was viewed']);
    expect(await chat.get(late as never)).toMatchObject({ status: 'finished' });
    expect(chat.chat.requests.at(-1)?.thread).toEqual({ channelId: 'id of #default', messageId: '1' });
  });

  test('a reaction waits for it as long as it is on its way, and stops no message', async () => {
    const chat = await open();
    chat.isDefaultDown = true;
    const [, reaction] = await chat.commit(refusedAlert, eyes);
    await chat.runtime.advance(hourMs);
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'pending', attempts: [] });
    chat.chat.answer = () => undefined;
    await chat.commit({ destination: skyline, title: 'next' });
    expect(chat.chat.lines).toEqual(['#skyline 1: next']);
    await chat.runtime.advance(11 * minuteMs);
    expect(chat.chat.lines).toEqual(['#skyline 1: next', '#default 2: alert', '#skyline 2 +eyes']);
  });

  test('a bound reply waits for it for a minute at most: messages wait behind it', async () => {
    const chat = await open();
    chat.isDefaultDown = true;
    const [, reply] = await chat.commit(refusedAlert, bound);
    expect(await chat.get(reply as never)).toMatchObject({ status: 'pending' });
    await chat.runtime.advance(minuteMs);
    expect(await chat.get(reply as never)).toMatchObject({ status: 'skipped', reason: 'no_thread', attempts: [] });
  });

  test('a reaction is left out when the alert arrives nowhere', async () => {
    const chat = await open();
    chat.isDefaultDown = true;
    const [refused, reaction] = await chat.commit(refusedAlert, eyes);
    const { fallbackExecutionId } = await chat.get(refused as never);
    await chat.engine.executions.cancel({ id: String(fallbackExecutionId) });
    await chat.runtime.advance(minuteMs);
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'skipped', reason: 'no_thread' });
  });

  test('a reaction is left out when the alert has no other channel, or went to another integration', async () => {
    const chat = await open();
    const [, alone] = await chat.commit({ destination: skyline, thread: alert }, eyes);
    await chat.runtime.advance(minuteMs);
    expect(await chat.get(alone as never)).toMatchObject({ status: 'skipped', reason: 'no_thread' });

    const backup = await chat.addIntegration('#backup');
    await chat.addIntegration('#main', { fallbackIntegrationId: backup.id } as never);
    const main = await chat.addIntegration('#main');
    chat.chat.answer = (_, channel) => {
      if (channel === '#main') throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down' });
      return undefined;
    };
    const action = { type: 'notification', integrationId: main.id, title: 'x', message: '', severity: 'INFO' } as const;
    const thread = { ...alert, subject: 'elsewhere' };
    const [moved, late] = await chat.commit(
      { action, thread },
      { action, reaction: 'eyes', thread: { ...update, subject: 'elsewhere' } },
    );
    await chat.runtime.advance(20 * minuteMs + secondMs);
    expect(await chat.get(moved as never)).toMatchObject({ status: 'cancelled', reason: 'sent_to_fallback' });
    expect(chat.chat.lines).toEqual(['#backup 1: alert']);
    expect(await chat.get(late as never)).toMatchObject({ status: 'skipped', reason: 'no_thread' });
  });
});
