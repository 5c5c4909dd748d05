import fc from 'fast-check';
import type { Storage } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { storageContract } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { naiveStorage } from './naive-storage.js';
import { storageCommand } from './storage-commands.js';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();

/** The contract on storages in folders, each opened twice at times, with a clock of its own. */
function contractOnFiles(durability: 'disk' | 'process') {
  let nowMs = 0;
  const pathOf = new WeakMap<Storage, string>();
  const openAt = (path: string): Storage => {
    const storage = fileStorage({ path, durability, now: () => nowMs });
    pathOf.set(storage, path);
    return storage;
  };
  return storageContract({
    open: async () => openAt(newPath()),
    async advance(ms) {
      nowMs += ms;
    },
    async reopen(storage) {
      await storage.close();
      return openAt(pathOf.get(storage) ?? '');
    },
    second: async (storage) => openAt(pathOf.get(storage) ?? ''),
  });
}

describe('fileStorage keeps the contract of storages', () => {
  for (const { name, run } of contractOnFiles('disk')) test(name, run);
});

describe('fileStorage keeps the contract of storages when it does not wait for the disk', () => {
  for (const { name, run } of contractOnFiles('process')) test(name, run);
});

describe('fileStorage', () => {
  test('answers whatever it is asked as a naive model does, one after the other and all at once', async () => {
    const commands = fc.array(storageCommand, { minLength: 1, maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(commands, fc.boolean(), async (asked, isPipelined) => {
        let nowMs = 0;
        const storage = fileStorage({ path: newPath(), durability: 'process', now: () => nowMs });
        const model = naiveStorage(() => nowMs);
        let commits: Promise<void>[] = [];
        for (const command of asked) {
          const isCommit = command.type === 'call' && command.name.startsWith('commit');
          if (!isPipelined || !isCommit) await Promise.all(commits.splice(0));
          if (command.type === 'advance') nowMs += command.ms;
          else {
            const expected = await command.call(model);
            const answer = command.call(storage).then((result) => expect(result, command.name).toEqual(expected));
            commits = [...commits, answer];
          }
        }
        await Promise.all(commits);
        const all = { prefix: '', limit: 100 };
        expect(await storage.list(all)).toEqual(await model.list(all));
        await storage.close();
      }),
      { numRuns: 60 },
    );
  });

  test('refuses keys that the port does not have, and values that are no objects, and writes nothing of them', async () => {
    const storage = fileStorage({ path: newPath() });
    const put = (key: string, value: object = {}) =>
      storage.commit({ steps: [{ write: [{ type: 'put', key, value: value as Record<string, string> }] }] });
    for (const key of ['', 'k'.repeat(513), 'a\n', 'a\u0001b', 'é', '損失', undefined as unknown as string]) {
      await expect(put(key), JSON.stringify(key)).rejects.toMatchObject({ code: 'invalid_options' });
      await expect(storage.get(key)).rejects.toMatchObject({ code: 'invalid_options' });
    }
    await expect(put('a', [])).rejects.toMatchObject({ code: 'invalid_options' });
    await expect(put('a', { toJSON: () => 5 })).rejects.toMatchObject({ code: 'invalid_options' });
    expect((await storage.list({ prefix: '', limit: 10 })).records).toEqual([]);
    await storage.close();
  });

  test('close waits for what is under way, and takes nothing more', async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    const commits = Array.from({ length: 600 }, (_, index) =>
      storage.commit({ steps: [{ write: [{ type: 'put', key: `k/${index}`, value: { index } }] }] }),
    );
    const closed = Promise.all([storage.close(), storage.close()]);
    await expect(storage.commit({ steps: [] })).rejects.toMatchObject({ code: 'storage_unavailable' });
    await closed;
    expect((await Promise.all(commits)).every(({ committed }) => committed)).toBe(true);
    const reopened = fileStorage({ path });
    expect((await reopened.listKeys({ prefix: 'k/', limit: 1000 })).keys).toHaveLength(600);
    await reopened.close();
  });

  test('a deletion of many thousands lets commits through meanwhile', async () => {
    const storage = fileStorage({ path: newPath(), durability: 'process' });
    for (let start = 0; start < 5000; start += 500) {
      const write = Array.from({ length: 500 }, (_, index) => {
        return { type: 'put' as const, key: `old/${start + index}`, value: {} };
      });
      await storage.commit({ steps: [{ write }] });
    }
    let isDeleted = false;
    const deleted = storage.deleteRange({ prefix: 'old/', limit: 100_000 }).finally(() => {
      isDeleted = true;
    });
    await storage.commit({ steps: [{ write: [{ type: 'put', key: 'new', value: {} }] }] });
    expect(isDeleted).toBe(false);
    expect(await deleted).toBe(5000);
    expect((await storage.listKeys({ prefix: '', limit: 10 })).keys).toEqual(['new']);
    await storage.close();
  });
});
