import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Storage, Write } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { describe, expect, test } from 'vitest';
import { storageFolders } from './storage-folders.js';

const newPath = storageFolders();

const record = (key: string, length: number): Write => ({ type: 'put', key, value: { text: 'x'.repeat(length) } });
const read = async (storage: Storage) => (await storage.list({ prefix: '', limit: 10_000 })).records;

/** Makes a file, of which one half is free again when `last` is written. */
async function makeFile(path: string, rounds: number, last: Write): Promise<Awaited<ReturnType<typeof read>>> {
  const storage = fileStorage({ path, durability: 'process' });
  for (const prefix of ['kept', 'gone']) {
    const write = Array.from({ length: 200 }, (_, index) =>
      record(`${prefix}/${index}`, index % 10 === 0 ? 10_000 : 500),
    );
    await storage.commit({ steps: [{ write }] });
  }
  expect(await storage.deleteRange({ prefix: 'gone/', limit: 1000 })).toBe(200);
  // What was freed is used again after some commits, so that the last pages of the file become free, too.
  for (let round = 0; round < rounds; round += 1)
    await storage.commit({ steps: [{ write: [record('kept/0', round)] }] });
  await storage.commit({ steps: [{ write: [last] }] });
  const records = await read(storage);
  await storage.close();
  return records;
}

/** Opens the file at every size it could have been cut off at, and reads all of it where it is opened. */
async function cutOff(path: string, expected: unknown, pages = Number.POSITIVE_INFINITY) {
  const file = join(path, 'data.mdb');
  const whole = readFileSync(file);
  const outcomes = { opened: 0, refused: 0 };
  for (let size = whole.length; size > Math.max(0, whole.length - pages * 4096); size -= 4096) {
    writeFileSync(file, whole);
    truncateSync(file, size);
    let storage: Storage;
    try {
      storage = fileStorage({ path, durability: 'process' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'storage_corrupt' });
      outcomes.refused += 1;
      continue;
    }
    expect(await read(storage)).toEqual(expected);
    await storage.close();
    outcomes.opened += 1;
  }
  return outcomes;
}

describe('a file that is cut off page by page', () => {
  test('is opened as long as all that it holds is there, and no longer', async () => {
    const outcomes = { opened: 0, refused: 0 };
    // Which pages are free at the end depends on how often was written.
    for (let rounds = 14; rounds < 24; rounds += 1) {
      const path = newPath();
      const { opened, refused } = await cutOff(path, await makeFile(path, rounds, record('last', 100)), 12);
      outcomes.opened += opened;
      outcomes.refused += refused;
    }
    expect(outcomes.opened).toBeGreaterThan(12);
    expect(outcomes.refused).toBeGreaterThan(50);
  });

  test('is refused when a part of a large value is missing', async () => {
    const path = newPath();
    const { opened, refused } = await cutOff(path, await makeFile(path, 20, record('last', 600_000)));
    expect(opened).toBe(1);
    expect(refused).toBeGreaterThan(100);
  });
});
