import fc from 'fast-check';
import { DeliveryError, type DeliveryErrorOptions } from 'tocsin';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import {
  alert,
  type ChatEngine,
  createChat,
  hourMs,
  minuteMs,
  openChatEngine,
  secondMs,
  sharedStorage,
  update,
} from './chat-engine.js';

const eyes = { reaction: 'eyes', thread: update } as const;

const fails =
  (fault: Partial<DeliveryErrorOptions> = {}) =>
  (): never => {
    throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down', ...fault });
  };

/** An attempt that nobody answers is given up when the time for that is over. */
async function closeMeanwhile({ engine, runtime }: ChatEngine): Promise<void> {
  const closed = engine.close();
  await runtime.advance(minuteMs);
  await closed;
}

const forever = () => new Promise<never>(() => {});

describe('a message behind a reaction', () => {
  test.each([
    ['fails for good', fails({ ambiguous: true })],
    ['is to wait for 5 minutes', fails({ reason: 'ratelimited', retryAfterMs: 5 * minuteMs })],
    ['is to wait for a day', fails({ reason: 'ratelimited', retryAfterMs: 24 * hourMs })],
  ])('that %s goes at once', async (_, answer) => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = answer;
    await chat.commit({ thread: alert }, eyes, { title: 'next' });
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: next']);
    await chat.runtime.advance(4 * hourMs);
    await chat.commit({ title: 'hours later' });
    expect(chat.chat.lines.at(-1)).toBe('#ops 3: hours later');
  });

  test('that nobody answers goes when the first attempt is given up, and the next ones at once', async () => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = forever;
    await chat.commit({ thread: alert }, eyes, { ...eyes, reaction: 'tada' }, { title: 'b' }, { title: 'c' });
    await chat.runtime.advance(30 * secondMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: b', '#ops 3: c']);
  });

  test('that is given up after a day does not wait for the others that are given up then', async () => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = fails();
    const many = Array.from({ length: 20 }, (_, index) => ({ ...eyes, reaction: `r${index}` }));
    const [, ...reactions] = await chat.commit({ thread: alert }, ...many);
    await chat.runtime.advance(24 * hourMs - 10 * secondMs);
    chat.chat.answerReaction = forever;
    await chat.runtime.advance(20 * secondMs);
    await chat.commit({ title: 'a day later' });
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: a day later']);
    await chat.runtime.advance(hourMs);
    for (const reaction of reactions) {
      expect(await chat.get(reaction)).toMatchObject({ status: 'failed', reason: 'gave_up' });
    }
  });

  test('is never more than a minute late, whatever many reactions do', async () => {
    const conduct = fc.constantFrom('ok', 'fails', 'hangs', 'asks for minutes', 'is refused');
    const deed = fc.record({ isReaction: fc.boolean(), conduct, waitMs: fc.constantFrom(0, 0, 700, 7000, 70_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 20 }), fc.boolean(), async (deeds, isRestarted) => {
        const runtime = manualRuntime();
        const chat = createChat();
        const storage = sharedStorage(runtime);
        let engine = await openChatEngine({ runtime, chat, storage });
        chat.answerReaction = ({ reaction }) => {
          const how = deeds[Number(reaction.slice(1))]?.conduct;
          if (how === 'fails') return fails({ ambiguous: true })();
          if (how === 'asks for minutes') return fails({ retryAfterMs: 10 * minuteMs })();
          if (how === 'is refused') return fails({ kind: 'credential', reason: 'access_denied' })();
          return how === 'hangs' ? forever() : undefined;
        };
        await engine.commit({ thread: alert });
        const sentAtMs: number[] = [];
        for (const [index, { isReaction, waitMs }] of deeds.entries()) {
          if (!isReaction) sentAtMs.push(runtime.now());
          await engine.commit(isReaction ? { ...eyes, reaction: `r${index}` } : { title: `m${index}` });
          await runtime.advance(waitMs);
        }
        let openedAtMs = 0;
        if (isRestarted) {
          await closeMeanwhile(engine);
          openedAtMs = runtime.now();
          engine = await openChatEngine({ runtime, chat, storage });
        }
        await runtime.advance(2 * minuteMs);
        const arrivedAtMs = chat.arrivedAtMs.slice(1);
        expect(arrivedAtMs).toHaveLength(sentAtMs.length);
        for (const [index, atMs] of arrivedAtMs.entries()) {
          // In between there may have been no engine.
          const sinceMs = atMs > openedAtMs ? Math.max(openedAtMs, Number(sentAtMs[index])) : Number(sentAtMs[index]);
          expect(atMs - sinceMs).toBeLessThanOrEqual(minuteMs);
        }
        expect(await engine.engine.integrations.get(engine.ops.id)).toMatchObject({ status: 'ok' });
        await closeMeanwhile(engine);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a reaction that fails', () => {
  test('is added when it can be, also after messages have passed it', async () => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = fails();
    const [, reaction] = await chat.commit({ thread: alert }, eyes, { title: 'b' });
    for (const title of ['c', 'd', 'e']) {
      await chat.runtime.advance(10 * minuteMs);
      await chat.commit({ title });
    }
    chat.chat.answerReaction = () => undefined;
    await chat.runtime.advance(5 * minuteMs);
    expect(chat.chat.lines).toEqual([
      ...['alert', 'b', 'c', 'd', 'e'].map((title, index) => `#ops ${index + 1}: ${title}`),
      '#ops 1 +eyes',
    ]);
    const { status, attempts } = await chat.get(reaction as never);
    expect(status).toBe('finished');
    expect(
      attempts
        .slice(0, -1)
        .map(({ retryInMs = 0 }) => Math.round(retryInMs / secondMs))
        .slice(0, 3),
    ).toEqual([1, 2, 5]);
  });

  test('is tried as often as ever, however many messages come', async () => {
    const tried = async (withMessages: boolean): Promise<number> => {
      const chat = await openChatEngine();
      chat.chat.answerReaction = fails();
      const [, reaction] = await chat.commit({ thread: alert }, eyes);
      for (let minute = 0; minute < 30; minute += 1) {
        if (withMessages) await chat.commit({ title: `${minute}` });
        await chat.runtime.advance(minuteMs - (withMessages ? secondMs : 0));
      }
      return (await chat.get(reaction as never)).attempts.length;
    };
    expect(await tried(true)).toBe(await tried(false));
  });

  test('that waited behind an outage is added when it is over', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = fails();
    chat.chat.answerReaction = fails();
    await chat.commit({ thread: alert }, eyes, { title: 'b' });
    await chat.runtime.advance(20 * hourMs);
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(6 * minuteMs);
    chat.chat.answerReaction = () => undefined;
    await chat.runtime.advance(6 * minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: b', '#ops 1 +eyes']);
  });

  test('keeps the others of its channel behind it, which are tried after it', async () => {
    const chat = await openChatEngine();
    const tried: string[] = [];
    chat.chat.answerReaction = ({ reaction }) => {
      tried.push(reaction);
      return chat.runtime.now() - startMs < minuteMs ? fails()() : undefined;
    };
    const startMs = chat.runtime.now();
    await chat.commit({ thread: alert }, { ...eyes, reaction: 'r1' }, { ...eyes, reaction: 'r2' });
    await chat.runtime.advance(50 * secondMs);
    expect(new Set(tried)).toEqual(new Set(['r1']));
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 +r1', '#ops 1 +r2']);
  });

  test('delays no message that another process commits', async () => {
    const runtime = manualRuntime();
    const chat = createChat();
    const storage = sharedStorage(runtime);
    chat.answerReaction = fails();
    const one = await openChatEngine({ runtime, chat, storage });
    const two = await openChatEngine({ runtime, chat, storage });
    await one.commit({ thread: alert }, eyes);
    await runtime.advance(hourMs);
    await two.commit({ title: 'of the other' });
    await runtime.advance(secondMs);
    expect(chat.lines).toEqual(['#ops 1: alert', '#ops 2: of the other']);
    await one.engine.close();
    await runtime.advance(hourMs);
    await two.commit({ title: 'alone' });
    expect(chat.lines.at(-1)).toBe('#ops 3: alone');
    chat.answerReaction = () => undefined;
    await runtime.advance(6 * minuteMs);
    expect(chat.lines.filter((line) => line.includes('+'))).toEqual(['#ops 1 +eyes']);
  });

  test('is told of as lagging once, not again for each message that passes it', async () => {
    const chat = await openChatEngine();
    let told = 0;
    chat.engine.on('delivery-lagging', () => {
      told += 1;
    });
    chat.chat.answerReaction = fails();
    await chat.commit({ thread: alert }, eyes);
    for (let round = 0; round < 5; round += 1) {
      await chat.runtime.advance(5 * minuteMs);
      await chat.commit({ title: `${round}` });
    }
    expect(told).toBe(1);
  });

  test('can be called off while messages pass it', async () => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = fails();
    const [, reaction] = await chat.commit({ thread: alert }, eyes, { title: 'b' });
    await chat.engine.executions.cancel({ id: String(reaction?.id) });
    chat.chat.answerReaction = () => undefined;
    await chat.runtime.advance(hourMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: b']);
    expect(chat.engine.stats().undelivered).toBe(0);
  });
});
