import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitResult, Storage } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();
const mebibyte = 2 ** 20;

function put(storage: Storage, index: number, length = 2000): Promise<CommitResult> {
  const key = `k/${String(index).padStart(6, '0')}`;
  return storage.commit({ steps: [{ write: [{ type: 'put', key, value: { text: 'x'.repeat(length) } }] }] });
}

/** Puts until there is no room, many at once, and says which were written. */
async function fill(storage: Storage, from = 0): Promise<number[]> {
  const written: number[] = [];
  for (let start = from; start < from + 20_000; start += 50) {
    const indices = Array.from({ length: 50 }, (_, index) => start + index);
    const results = await Promise.allSettled(indices.map((index) => put(storage, index)));
    for (const [place, result] of results.entries()) {
      if (result.status === 'fulfilled') written.push(start + place);
      else expect(result.reason).toMatchObject({ name: 'TocsinError', code: 'storage_full' });
    }
    if (results.some(({ status }) => status === 'rejected')) return written;
  }
  throw new Error('There was always room');
}

const keysOf = (written: readonly number[]) => written.map((index) => `k/${String(index).padStart(6, '0')}`);
const keysIn = async (storage: Storage) => (await storage.listKeys({ prefix: 'k/', limit: 100_000 })).keys;

describe('a storage that has no room left in maxBytes', () => {
  test('refuses what adds, keeps what it has, deletes, and takes again as much as was deleted', async () => {
    const path = newPath();
    const storage = fileStorage({ path, maxBytes: 4 * mebibyte, durability: 'process' });
    const written = await fill(storage);
    expect(written.length).toBeGreaterThan(500);
    expect(await keysIn(storage)).toEqual(keysOf(written));
    await expect(put(storage, 999_999)).rejects.toMatchObject({ code: 'storage_full' });
    await expect(put(storage, 999_999)).rejects.toThrow(`maxBytes is ${4 * mebibyte}`);

    expect(await storage.deleteRange({ prefix: 'k/', limit: 300 })).toBe(300);
    await storage.commit({ steps: [{ write: [{ type: 'delete', key: keysOf(written)[300] ?? '' }] }] });
    const again = await fill(storage, 100_000);
    expect(again.length).toBeGreaterThan(100);
    expect(await keysIn(storage)).toEqual(keysOf([...written.slice(301), ...again]));
    expect(statSync(join(path, 'data.mdb')).size).toBeLessThanOrEqual(5 * mebibyte);
    await storage.close();
  });

  test('refuses a commit that is too large alone, and writes the small ones that were called with it', async () => {
    const storage = fileStorage({ path: newPath(), maxBytes: 2 * mebibyte, durability: 'process' });
    const results = await Promise.allSettled([put(storage, 1), put(storage, 2, 3 * mebibyte), put(storage, 3)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await keysIn(storage)).toEqual(keysOf([1, 3]));
    await storage.close();
  });

  test('works again when it is opened with a larger bound', async () => {
    const path = newPath();
    const small = fileStorage({ path, maxBytes: mebibyte, durability: 'process' });
    const written = await fill(small);
    await small.close();
    const large = fileStorage({ path, maxBytes: 2 * mebibyte, durability: 'process' });
    expect((await put(large, 999_999)).committed).toBe(true);
    expect(await keysIn(large)).toEqual(keysOf([...written, 999_999]));
    await large.close();
  });

  test('does not grow when as much is deleted as is added', async () => {
    const path = newPath();
    const storage = fileStorage({ path, durability: 'process' });
    const sizes: number[] = [];
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(Array.from({ length: 200 }, (_, index) => put(storage, round * 200 + index)));
      if (round >= 4) expect(await storage.deleteRange({ prefix: 'k/', limit: 200 })).toBe(200);
      sizes.push(statSync(join(path, 'data.mdb')).size);
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual(1.25 * (sizes[15] ?? 0));
    await storage.close();
  });
});

describe('a storage whose disk is full', () => {
  test('refuses what adds, can be read, is whole, and works again when there is room', async (context) => {
    const disk = newPath();
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return context.skip('a disk of its own can only be mounted by root, where mounting is allowed');
    }
    try {
      const path = join(disk, 'storage');
      writeFileSync(join(disk, 'other'), Buffer.alloc(3 * mebibyte));
      const storage = fileStorage({ path });
      const written = await fill(storage);
      expect(written.length).toBeGreaterThan(100);
      await expect(put(storage, 999_999)).rejects.toThrow('the disk has');
      expect(await keysIn(storage)).toEqual(keysOf(written));
      expect(await storage.get(keysOf(written)[7] ?? '')).toMatchObject({ revision: 1 });

      // To the last byte: now lmdb itself may find no room for what only deletes.
      writeFileSync(join(disk, 'rest'), Buffer.alloc(statfsSync(disk).bavail * statfsSync(disk).bsize));
      const left = [...written];
      for (let round = 0; round < 20; round += 1) {
        const [key = ''] = keysOf(left.slice(0, 1));
        const deleted = await storage.deleteRange({ prefix: key, limit: 1 }).catch((error) => error);
        if (deleted === 1) left.shift();
        else expect(deleted).toMatchObject({ code: 'storage_full' });
      }
      expect(await keysIn(storage)).toEqual(keysOf(left));

      rmSync(join(disk, 'other'));
      expect((await put(storage, 999_999)).committed).toBe(true);
      await storage.close();
      const reopened = fileStorage({ path });
      expect(await keysIn(reopened)).toEqual(keysOf([...left, 999_999]));
      await reopened.close();
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});
