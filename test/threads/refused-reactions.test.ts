import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { alert, createChat, minuteMs, openChatEngine, update } from './chat-engine.js';

const eyes = { reaction: 'eyes', thread: update } as const;

describe('a reaction whose credential is refused', () => {
  const refused = (): never => {
    throw new DeliveryError({ kind: 'credential', reason: 'access_denied', message: 'not for reactions' });
  };

  test.each([
    ['says that it is good', async () => ({ ok: true, problems: [] })],
    ['can’t tell', async () => ({ ok: true, conclusive: false, problems: [] })],
    ['can’t be asked', undefined],
    [
      'finds fault with the channel alone',
      async () => ({ ok: false, problems: [{ kind: 'channel', reason: 'is_archived', message: 'x' }] as const }),
    ],
  ])('fails alone where the destination %s, however many do', async (_, verify) => {
    const own = createChat();
    own.verify = verify;
    const chat = await openChatEngine({ chat: own });
    own.answerReaction = refused;
    const [, ...reactions] = await chat.commit({ thread: alert }, eyes, eyes, eyes, eyes, { title: 'b' });
    await chat.runtime.advance(10 * minuteMs);
    for (const reaction of reactions.slice(0, 4)) {
      const { status, reason, attempts } = await chat.get(reaction);
      expect([status, reason, attempts.length]).toEqual(['failed', 'message_refused', 1]);
    }
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'ok' });
    expect(own.lines).toEqual(['#ops 1: alert', '#ops 2: b']);
  });

  test('is tried again where the destination can’t be asked now', async () => {
    const own = createChat();
    own.verify = () => {
      throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down' });
    };
    const chat = await openChatEngine({ chat: own });
    own.answerReaction = refused;
    const [, reaction] = await chat.commit({ thread: alert }, eyes, { title: 'b' });
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'pending' });
    expect(own.lines).toEqual(['#ops 1: alert', '#ops 2: b']);
    own.answerReaction = () => undefined;
    await chat.runtime.advance(minuteMs);
    expect(own.lines.at(-1)).toBe('#ops 1 +eyes');
  });
});
