import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { readThread, threadAges } from '../../src/record/thread.js';
import { alert, hourMs, minuteMs, openChatEngine, update } from './chat-engine.js';

const executionRetentionMs = 6 * hourMs;
// Less often looked for, so that hours go by quickly.
const options = { executionRetentionMs, refreshMs: 1000, retentionIntervalMs: hourMs };

describe('what is known of threads', () => {
  test('is kept as long as executions are, with all keys that lead to it', async () => {
    const chat = await openChatEngine(options);
    const [first] = await chat.commit({ thread: alert });
    const keys = async () => {
      const prefixes = ['thread/', 'thread-name/', threadAges];
      const pages = await Promise.all(prefixes.map((prefix) => chat.storage.listKeys({ prefix, limit: 10 })));
      return pages.map((page) => page.keys.length);
    };
    expect(await keys()).toEqual([1, 1, 1]);
    await chat.runtime.advance(executionRetentionMs - hourMs);
    expect(await keys()).toEqual([1, 1, 1]);
    await chat.runtime.advance(2 * hourMs);
    expect(await keys()).toEqual([0, 0, 0]);
    await chat.commit({ title: 'was viewed', thread: update });
    expect(chat.chat.lines.at(-1)).toBe('#ops 2: was viewed [Anomaly: cpu at 12]');
    expect(await chat.thread(first as never)).toBe(undefined);
  });

  test('is kept longer when an alert has opened it anew, and then goes whole', async () => {
    const chat = await openChatEngine(options);
    await chat.commit({ thread: alert });
    await chat.runtime.advance(executionRetentionMs - hourMs);
    await chat.commit({ title: 'again', thread: alert });
    expect((await chat.storage.listKeys({ prefix: threadAges, limit: 10 })).keys).toHaveLength(1);
    await chat.runtime.advance(3 * hourMs);
    await chat.commit({ title: 'was viewed', thread: update });
    expect(chat.chat.lines.at(-1)).toBe('#ops 2 > 3: was viewed');
    const names = await chat.storage.listKeys({ prefix: 'thread-name/', limit: 10 });
    expect(names.keys).toHaveLength(1);
    await chat.runtime.advance(executionRetentionMs);
    for (const prefix of ['thread/', 'thread-name/', threadAges]) {
      expect((await chat.storage.listKeys({ prefix, limit: 10 })).keys).toEqual([]);
    }
  });

  test('is kept of as many threads as executions are kept, the newest', async () => {
    const chat = await openChatEngine({ ...options, maxExecutions: 3 });
    for (const subject of ['a', 'b', 'c', 'd', 'e'])
      await chat.commit({ thread: { ...alert, subject, names: undefined } });
    await chat.runtime.advance(2 * hourMs);
    const kept = (await chat.storage.list({ prefix: 'thread/', limit: 10 })).records.map(
      (each) => readThread(each).subject,
    );
    expect(kept.sort()).toEqual(['c', 'd', 'e']);
    expect((await chat.storage.listKeys({ prefix: threadAges, limit: 10 })).keys).toHaveLength(3);
  });

  test('is kept as long as the first message waits, however long and whatever came since', async () => {
    const chat = await openChatEngine({ ...options, maxExecutions: 1 });
    chat.chat.answer = async () => {
      throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'Down' });
    };
    const [first] = await chat.commit({ thread: alert });
    await chat.commit({ thread: { ...alert, subject: 'another', names: undefined } });
    await chat.runtime.advance(executionRetentionMs + 2 * hourMs);
    expect(await chat.thread(first as never)).toMatchObject({ openedBy: first?.id });
    chat.chat.answer = async () => {};
    await chat.runtime.advance(hourMs);
    await chat.runtime.advance(2 * hourMs);
    expect(await chat.thread(first as never)).toBe(undefined);
  });

  test('is written whole when it was let go while its alert was on its way', async () => {
    const chat = await openChatEngine(options);
    chat.chat.answer = async () => {
      for (const prefix of ['thread/', threadAges]) await chat.storage.deleteRange({ prefix, limit: 10 });
    };
    const [first] = await chat.commit({ thread: alert });
    expect(await chat.thread(first as never)).toMatchObject({ openedBy: first?.id, location: { messageId: '1' } });
    expect((await chat.storage.listKeys({ prefix: threadAges, limit: 10 })).keys).toHaveLength(1);
  });

  test('goes in slices, however much there is', async () => {
    const chat = await openChatEngine({ ...options, refreshMs: minuteMs });
    const many = Array.from({ length: 1001 }, (_, index) => ({ thread: { ...alert, subject: `anomaly ${index}` } }));
    await chat.commit(...many);
    await chat.runtime.advance(executionRetentionMs + 2 * hourMs);
    expect((await chat.storage.listKeys({ prefix: 'thread', limit: 10 })).keys).toEqual([]);
  });
});
