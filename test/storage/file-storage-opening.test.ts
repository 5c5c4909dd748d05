import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Commit } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { afterAll, describe, expect, test } from 'vitest';
import { openAlone } from '../../adapters/storage/file/opening.js';
import { findBadPage } from '../../adapters/storage/file/page-walk.js';
import { storageFolders } from './storage-folders.js';
import { type StorageProcess, startOpening } from './storage-process.js';

const newPath = storageFolders();
const put = (key: string): Commit => ({ steps: [{ write: [{ type: 'put', key, value: { text: 'x'.repeat(200) } }] }] });
const remove = (key: string): Commit => ({ steps: [{ write: [{ type: 'delete', key }] }] });
const keyOf = (index: number): string => `k/${String(index).padStart(7, '0')}`;

/** Memory that looks like a disk: there a commit is so fast that openings meet it most often. */
const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/tocsin-storage-') : undefined;
afterAll(() => memory !== undefined && rmSync(memory, { recursive: true, force: true }));

/** Visits every page of a file that nobody has open. */
function badPage(path: string): bigint | undefined {
  const file = join(path, 'data.mdb');
  const bytes = readFileSync(file);
  const pageSize = bytes.readUInt32LE(48);
  const head = bytes.readBigUInt64LE(152) > bytes.readBigUInt64LE(pageSize + 152) ? 0 : pageSize;
  const handle = openSync(file, 'r');
  try {
    return findBadPage(handle, pageSize, [bytes.readBigInt64LE(head + 88), bytes.readBigInt64LE(head + 136)], 'all');
  } finally {
    closeSync(handle);
  }
}

async function kill(process: StorageProcess): Promise<void> {
  process.child.kill('SIGKILL');
  await process.ended;
}

describe('a folder that others open and close all the time', () => {
  test.each([
    ['on disk', newPath()],
    ['in memory', memory === undefined ? undefined : join(memory, 'storage')],
  ])('keeps all that resolved, %s', { timeout: 60_000 }, async (_, path) => {
    if (path === undefined) return;
    const storage = fileStorage({ path, durability: 'process' });
    const openers = [startOpening(path, 'reopen', 2500), startOpening(path, 'reopen', 2500)];
    let isOver = false;
    const over = Promise.all(openers.map(({ ended }) => ended)).then(() => {
      isOver = true;
    });
    const lost: string[] = [];
    let count = 0;
    for (; !isOver; count += 1) {
      await storage.commit(put(keyOf(count)));
      if (count >= 200) await storage.commit(remove(keyOf(count - 200)));
      for (const index of [count, count - 1, count - 2]) {
        if (index >= 0 && (await storage.get(keyOf(index))) === undefined) lost.push(keyOf(index));
      }
    }
    await over;
    expect(lost).toEqual([]);
    const { keys } = await storage.listKeys({ prefix: 'k/', limit: 1000 });
    expect(keys).toEqual(
      Array.from({ length: Math.min(count, 200) }, (_, index) => keyOf(Math.max(count - 200, 0) + index)),
    );
    for (const { said } of openers) expect(said[0]?.['opens']).toBeGreaterThan(10);
    await storage.close();
    expect(badPage(path)).toBeUndefined();
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
  });

  test('is not written to while one is opening it, and at once when that one is killed', {
    timeout: 30_000,
  }, async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    const opening = startOpening(path, 'opening');
    await opening.hasSaid(1);
    let isResolved = false;
    const commit = storage.commit(put('a')).then(() => {
      isResolved = true;
    });
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isResolved).toBe(false);
    expect((await storage.get('a'))?.key).toBeUndefined();

    await kill(opening);
    await commit;
    await storage.close();
    // What the killed one has left the next one removes.
    await fileStorage({ path }).close();
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
  });

  test('is opened, written and closed although somebody keeps a file of his own where openings are announced', async () => {
    const path = newPath();
    await fileStorage({ path }).close();
    mkdirSync(join(path, 'opening'));
    writeFileSync(join(path, 'opening', 'notes.txt'), 'mine');
    const storage = fileStorage({ path });
    await storage.commit(put('a'));
    await storage.close();
    expect(readdirSync(join(path, 'opening'))).toEqual(['notes.txt']);
  });

  test('is closed although it has been removed meanwhile', async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    await storage.commit(put('a'));
    rmSync(path, { recursive: true });
    await storage.close();
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  test('is opened at once when one that was writing, or opening, has been killed', { timeout: 30_000 }, async () => {
    const path = newPath();
    await fileStorage({ path }).close();
    for (const task of ['writing', 'opening'] as const) {
      const other = startOpening(path, task);
      await other.hasSaid(1);
      await kill(other);
      const startMs = performance.now();
      const storage = fileStorage({ path });
      await storage.commit(put('a'));
      expect(performance.now() - startMs).toBeLessThan(1000);
      await storage.close();
      expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb']);
    }
  });

  test('is not opened while another process writes and writes', { timeout: 30_000 }, async () => {
    const path = newPath();
    await fileStorage({ path }).close();
    const writing = startOpening(path, 'writing');
    await writing.hasSaid(1);
    let opened = 0;
    const open = (): void => {
      opened += 1;
    };
    const message = expect.stringContaining(`${writing.child.pid}`);
    expect(() => openAlone(path, open, 100)).toThrow(expect.objectContaining({ code: 'storage_unavailable', message }));
    expect(opened).toBe(0);
    await kill(writing);
    await fileStorage({ path }).close();
  });
});

describe('the files that say who has a folder open', () => {
  test('are made anew when they are removed, and what is no such file stays', async () => {
    const path = newPath();
    const storage = fileStorage({ path });
    mkdirSync(join(path, 'process-mine'));
    writeFileSync(join(path, 'process-notes'), '1 of mine');
    const own = (): readonly string[] => readdirSync(path).filter((name) => /^process-.{36}$/.test(name));
    for (const name of own()) rmSync(join(path, name));
    await storage.commit(put('a'));
    expect(own()).toHaveLength(1);
    await fileStorage({ path }).close();
    expect(own()).toHaveLength(1);
    await storage.close();
    expect(readdirSync(path).sort()).toEqual(['data.mdb', 'lock.mdb', 'process-mine', 'process-notes']);
  });

  test('are one for all that a thread opens, until the last is closed', async () => {
    const path = newPath();
    const [one, other] = [fileStorage({ path }), fileStorage({ path })];
    expect(readdirSync(path)).toHaveLength(3);
    await one.close();
    await other.commit(put('a'));
    expect(readdirSync(path)).toHaveLength(3);
    await other.close();
    expect(readdirSync(path)).toHaveLength(2);
  });
});
