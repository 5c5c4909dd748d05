import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryError } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { alert, createChat, minuteMs, ofRun, openChatEngine, sharedStorage, update } from './chat-engine.js';

describe('two engines on one storage', () => {
  test('deliver an alert and what becomes of it once, in order, whichever has the lane', async () => {
    const runtime = manualRuntime();
    const storage = sharedStorage(runtime);
    const chat = createChat();
    const one = await openChatEngine({ runtime, storage, chat });
    await openChatEngine({ runtime, storage, chat });
    for (let round = 0; round < 20; round += 1) {
      const subject = `anomaly ${round}`;
      await one.commit(
        { title: `alert ${round}`, thread: { ...alert, subject } },
        { title: `update ${round}`, thread: { ...update, subject } },
        { reaction: 'eyes', thread: { ...update, subject } },
      );
    }
    await runtime.advance(minuteMs);
    expect(chat.lines).toHaveLength(60);
    for (const round of Array.from({ length: 20 }, (_, index) => index)) {
      const at = chat.lines.findIndex((line) => line.endsWith(`alert ${round}`));
      const id = chat.lines[at]?.split(' ')[1]?.replace(':', '');
      expect(chat.lines.slice(at, at + 3)).toEqual([
        `#ops ${id}: alert ${round}`,
        `#ops ${id} > ${Number(id) + 1}: update ${round}`,
        `#ops ${id} +eyes`,
      ]);
    }
  });

  test('open one thread for a run, though its first message was another process’s', async () => {
    const runtime = manualRuntime();
    const storage = sharedStorage(runtime);
    const chat = createChat();
    const one = await openChatEngine({ runtime, storage, chat });
    await one.commit({ title: 'first', thread: ofRun });
    const two = await openChatEngine({ runtime, storage, chat });
    await one.engine.close();
    await two.commit({ title: 'second', thread: ofRun });
    expect(chat.lines).toEqual(['#ops 1: first', '#ops 1 > 2: second']);
  });
});

describe('a process that ends between an alert and what becomes of it', () => {
  test('leaves both in its files, and the next one goes on', async () => {
    const path = await mkdtemp(join(tmpdir(), 'tocsin-threads-'));
    try {
      const runtime = manualRuntime();
      const chat = createChat();
      const before = await openChatEngine({ runtime, chat, storage: fileStorage({ path }) });
      chat.answer = ({ message }) => {
        if (message.title === 'alert') return { channelId: 'C1', messageId: 'first' };
        throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'Nobody answers' });
      };
      const executions = [
        before.execution({ status: 'failed', thread: alert }),
        before.execution({ status: 'failed', title: 'was viewed', thread: update }),
        before.execution({ status: 'failed', reaction: 'eyes', thread: update }),
      ];
      await before.record(executions);
      for (const { id } of executions) await before.engine.executions.retry(id);
      await expect.poll(() => runtime.advance(1000).then(() => chat.requests.length)).toBeGreaterThan(1);
      expect(chat.lines).toEqual(['#ops 1: alert']);
      await before.engine.close();
      const after = await openChatEngine({ runtime, chat, storage: fileStorage({ path }) });
      chat.answer = () => undefined;
      await expect.poll(() => runtime.advance(60_000).then(() => chat.lines.length)).toBe(3);
      expect(chat.lines).toEqual(['#ops 1: alert', '#ops first > 2: was viewed', '#ops first +eyes']);
      await after.engine.close();
    } finally {
      await rm(path, { recursive: true, force: true });
    }
  });
});
