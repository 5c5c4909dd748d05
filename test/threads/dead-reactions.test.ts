import { DeliveryError } from 'tocsin';
import { expect, test } from 'vitest';
import { type ChatEngine, hourMs, minuteMs, ofRun, openChatEngine, secondMs } from './chat-engine.js';

const fails = (): never => {
  throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'down' });
};

const eyes = { reaction: 'eyes', thread: { ...ofRun, role: 'update' } } as const;

async function openRun(): Promise<ChatEngine> {
  const chat = await openChatEngine({ giveUpAfterMs: hourMs, refreshMs: 10 * secondMs });
  await chat.commit({ thread: { ...ofRun, role: 'open' } });
  await chat.runtime.advance(minuteMs);
  chat.chat.answerReaction = fails;
  return chat;
}

/** What waits, by how long in minutes, the longest first. */
const waitingMinutes = async ({ engine, runtime }: ChatEngine): Promise<number[]> => {
  const { items } = await engine.executions.list({ status: 'pending', limit: 1000 });
  return items
    .map(({ createdAt }) => Math.round((runtime.now() - createdAt) / minuteMs))
    .toSorted((left, right) => right - left);
};

test.each([
  ['with messages before and behind them', [{ title: 'm' }, eyes], 6],
  ['alone', [eyes], 6],
  ['of which each comes before its message', [eyes, { title: 'm' }], 3],
])('reactions %s do not pile up in a destination that is dead for good', async (_, given, perHour) => {
  const chat = await openRun();
  chat.chat.answer = fails;
  for (let count = 0; count < 12 * perHour; count += 1) {
    await chat.commit(...given);
    await chat.runtime.advance(hourMs / perHour - secondMs);
  }
  const waiting = await waitingMinutes(chat);
  expect(waiting[0]).toBeLessThanOrEqual(2 * 60 + 6);
  await chat.runtime.advance(3 * hourMs);
  expect(await waitingMinutes(chat)).toEqual([]);
});

test.each([
  ['each tenth message', 10],
  ['each message', 1],
])('reactions to %s are given up in time where only messages arrive', async (_, every) => {
  const chat = await openRun();
  for (let minute = 0; minute < 5 * 60; minute += 1) {
    await chat.commit({ title: `${minute}` }, ...(minute % every === 0 ? [eyes] : []));
    await chat.runtime.advance(minuteMs - secondMs);
  }
  expect(chat.chat.messages).toBe(5 * 60 + 1);
  expect((await waitingMinutes(chat))[0]).toBeLessThanOrEqual(66);
});

test('of reactions that failed the oldest is tried first, though messages and other reactions came meanwhile', async () => {
  const chat = await openRun();
  const reactions = ['r1', 'r2', 'r3', 'r4'];
  for (const reaction of reactions) {
    await chat.commit({ title: 'm' }, { ...eyes, reaction });
    await chat.runtime.advance(5 * minuteMs);
  }
  chat.chat.answerReaction = () => undefined;
  await chat.runtime.advance(10 * minuteMs);
  expect(chat.chat.lines.filter((line) => line.includes('+')).map((line) => line.split('+')[1])).toEqual(reactions);
});

test('a reaction is tried where messages have failed for long, as long as none has failed itself', async () => {
  const chat = await openRun();
  chat.chat.answer = fails;
  chat.chat.answerReaction = () => undefined;
  await chat.commit({ title: 'm' }, eyes);
  await chat.runtime.advance(hourMs + 6 * minuteMs);
  expect(chat.chat.lines.at(-1)).toBe('#ops 1 +eyes');
});
