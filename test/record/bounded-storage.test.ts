import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { boundStorage } from '../../src/record/bounded-storage.js';

const timeoutMs = 1000;
const mostOwed = 64;
const unavailable = { code: 'storage_unavailable' };

test('a call is answered as the storage answers it, and leaves no timer', async () => {
  const runtime = manualRuntime();
  const down = new Error('down');
  const base: Storage = { ...memoryStorage(), get: () => Promise.reject(down) };
  const storage = boundStorage(base, runtime, timeoutMs);
  expect(await storage.commit({ steps: [] })).toMatchObject({ committed: true });
  await expect(storage.get('a')).rejects.toBe(down);
  expect(runtime.pendingTimers).toBe(0);
});

test('a storage that hangs is asked one thing at a time when it owes 64 answers, and as before once it answers', async () => {
  const runtime = manualRuntime();
  const answers: (() => void)[] = [];
  const get: Storage['get'] = () => new Promise((resolve) => answers.push(() => resolve(undefined)));
  const storage = boundStorage({ ...memoryStorage(), get }, runtime, timeoutMs);
  const lost = Promise.allSettled(Array.from({ length: mostOwed }, () => storage.get('a')));
  await runtime.advance(timeoutMs);
  expect((await lost).every(({ status }) => status === 'rejected')).toBe(true);
  for (let tries = 1; tries <= 3; tries += 1) {
    const tried = expect(storage.get('a')).rejects.toMatchObject(unavailable);
    const owed = mostOwed + tries - 1;
    await expect(storage.get('a')).rejects.toThrow(`The storage owes ${owed} answers, and was not asked for get`);
    // Whatever is asked: who hangs at one hangs at all.
    await expect(storage.commit({ steps: [] })).rejects.toMatchObject(unavailable);
    await runtime.advance(timeoutMs);
    await tried;
    expect(answers).toHaveLength(mostOwed + tries);
  }

  const answered = storage.get('a');
  answers.at(-1)?.();
  expect(await answered).toBeUndefined();
  expect(await storage.commit({ steps: [] })).toMatchObject({ committed: true });
  expect(runtime.pendingTimers).toBe(0);
});
