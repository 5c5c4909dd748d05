import type { Pacing } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { createQueuedPacer } from '../../src/notify/lane/pacer.js';
import { type ChatEngine, hourMs, minuteMs, openChatEngine, secondMs } from './chat-engine.js';

const pacing: Pacing = { messagesPerSecond: 100, burst: 100, together: { messagesPerSecond: 1, burst: 2 } };

/** After how many seconds each message arrived. */
function seconds({ chat }: ChatEngine, startMs: number): number[] {
  return chat.arrivedAtMs.map((atMs) => (atMs - startMs) / secondMs);
}

const channels = (count: number) => Array.from({ length: count }, (_, index) => ({ channel: `#c${index}` }));

describe('all channels of one integration together', () => {
  test('get no more than may go, and an idle engine leaves no timer', async () => {
    const chat = await openChatEngine({ pacing });
    const startMs = chat.runtime.now() + secondMs;
    await chat.commit(...channels(6).map((destination) => ({ destination })));
    await chat.runtime.advance(minuteMs);
    expect(seconds(chat, startMs)).toEqual([0, 0, 1, 2, 3, 4]);
    await chat.engine.close();
    expect(chat.runtime.pendingTimers).toBe(0);
  });

  test('take turns, so that a busy one keeps no other waiting', async () => {
    const chat = await openChatEngine({ pacing });
    const [busy, quiet] = channels(2);
    await chat.commit(...Array.from({ length: 100 }, () => ({ title: 'busy', destination: busy })));
    await chat.runtime.advance(10 * secondMs);
    chat.chat.lines.length = 0;
    await chat.commit({ title: 'quiet', destination: quiet });
    await chat.runtime.advance(2 * secondMs);
    expect(chat.chat.lines.filter((line) => line.endsWith('quiet'))).toHaveLength(1);
    expect(chat.chat.lines.length).toBeLessThanOrEqual(4);
  });

  test('keep the pace of each, too', async () => {
    const slow: Pacing = { messagesPerSecond: 0.5, burst: 1, together: { messagesPerSecond: 100, burst: 100 } };
    const chat = await openChatEngine({ pacing: slow });
    const startMs = chat.runtime.now() + secondMs;
    const [one, other] = channels(2);
    await chat.commit({ destination: one }, { destination: one }, { destination: other }, { destination: one });
    await chat.runtime.advance(minuteMs);
    expect(seconds(chat, startMs)).toEqual([0, 0, 2, 4]);
  });

  test('wait for no other integration', async () => {
    const chat = await openChatEngine({ pacing });
    const more = await chat.addIntegration('#more');
    const startMs = chat.runtime.now() + secondMs;
    const action = { type: 'notification', integrationId: more.id, title: '', message: '', severity: 'INFO' } as const;
    await chat.commit({}, {}, {}, { action }, { action });
    await chat.runtime.advance(minuteMs);
    expect(seconds(chat, startMs)).toEqual([0, 0, 0, 0, 1]);
  });

  test('share what integrations with one secret may send', async () => {
    const chat = await openChatEngine({ pacing });
    const startMs = chat.runtime.now() + secondMs;
    const slack = { type: 'slack', tokenSecretName: 'TOKEN' } as const;
    const first = await chat.addIntegration('#first', slack);
    const second = await chat.addIntegration('#second', slack);
    const to = ({ id }: { readonly id: string }) =>
      ({ type: 'notification', integrationId: id, title: '', message: '', severity: 'INFO' }) as const;
    await chat.commit({ action: to(first) }, { action: to(first) }, { action: to(second) });
    await chat.runtime.advance(minuteMs);
    expect(seconds(chat, startMs)).toEqual([0, 0, 1]);
  });

  test('are not waited for when the engine closes', async () => {
    const chat = await openChatEngine({ pacing });
    await chat.commit(...channels(50).map((destination) => ({ destination })));
    await chat.engine.close();
    expect(chat.runtime.pendingTimers).toBe(0);
    expect(chat.chat.lines.length).toBeLessThan(5);
    const after = await openChatEngine({ pacing, chat: chat.chat, runtime: chat.runtime, storage: chat.storage });
    await chat.runtime.advance(hourMs);
    expect(chat.chat.lines).toHaveLength(50);
    expect(after.engine.stats().undelivered).toBe(0);
  });
});

describe('turns', () => {
  test('come in the order in which they were asked for, whatever the clock does', () => {
    const pacer = createQueuedPacer({ messagesPerSecond: 2, burst: 1 });
    expect([0, 0, 0].map((atMs) => pacer.take(atMs))).toEqual([0, 500, 1000]);
    expect(pacer.take(1000)).toBe(500);
    // It is set back: nothing is gained, nothing is lost.
    expect(pacer.take(-5000)).toBe(1000);
    expect(pacer.take(-4000)).toBe(500);
    expect([60_000, 60_000].map((atMs) => pacer.take(atMs))).toEqual([0, 500]);
  });
});
