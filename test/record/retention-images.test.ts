import type { Execution, ExecutionStatus, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { newImageHandle, readImage, writeImage } from '../../src/record/images.js';
import { deleteUnusedImages } from '../../src/record/retention-images.js';
import { deleteSurplus } from '../../src/record/retention-round.js';
import type { RoundOptions } from '../../src/record/round-options.js';
import { createSortableIds } from '../../src/record/sortable-id.js';
import { toStored } from '../../src/record/stored.js';
import { executionAt, longAgoMs, move, record } from './executions.js';
import { keysIn } from './open-retention.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let given = 0;

/** Keeps a picture that was given `daysAgo`. */
async function give(storage: Storage, daysAgo: number, origin: 'host' | 'event' = 'host'): Promise<string> {
  given += 1;
  const runtime = manualRuntime({ startMs: longAgoMs - daysAgo * dayMs + given });
  const handle = newImageHandle(createSortableIds(runtime), runtime);
  await writeImage(storage, runtime, { handle, bytes: png, origin });
  return handle;
}

function showing(handle: string, createdAt = longAgoMs, status: ExecutionStatus = 'finished'): Execution {
  const message = { title: 'low', body: '', severity: 'INFO', image: { type: 'stored', handle } } as const;
  return { ...executionAt(createdAt, status), message } as unknown as Execution;
}

function round(options: Partial<RoundOptions> = {}): RoundOptions {
  return {
    executionRetentionMs: 30 * dayMs,
    maxExecutions: 100,
    nowMs: longAgoMs,
    giveWay: async () => {},
    isStopped: () => false,
    ...options,
  };
}

async function lookAt(storage: Storage, options: Partial<RoundOptions> = {}): Promise<void> {
  await deleteSurplus(storage, round(options));
  await deleteUnusedImages(storage, round(options));
}

async function isThere(storage: Storage, handle: string): Promise<boolean> {
  return (await readImage(storage, handle)) !== undefined;
}

test('a picture that is shown again and again leaves no more behind than there are executions', async () => {
  const storage = memoryStorage();
  const handle = await give(storage, 100);
  const usesLeft: number[] = [];
  for (let day = 0; day < 5; day += 1) {
    const executions = Array.from({ length: 300 }, (_, index) => showing(handle, longAgoMs + day * dayMs + index));
    await record(storage, executions);
    // Also of one that has been through several statuses.
    await move(storage, await move(storage, executions[0] as Execution, 'pending'), 'failed');
    await lookAt(storage, { nowMs: longAgoMs + (day + 1) * dayMs });
    usesLeft.push((await storage.listKeys({ prefix: 'image-use/', limit: 10_000 })).keys.length);
  }
  // And one that says in what state the picture is.
  expect(usesLeft).toEqual([101, 101, 101, 101, 101]);
  expect(await isThere(storage, handle)).toBe(true);
  await lookAt(storage, { nowMs: longAgoMs + 40 * dayMs });
  expect(await keysIn(storage)).toEqual([]);
});

test('however often a picture is shown, a round reads a bounded number of keys at a time, and pauses between', async () => {
  const memory = memoryStorage();
  const handle = await give(memory, 10);
  await record(
    memory,
    Array.from({ length: 5000 }, (_, index) => showing(handle, longAgoMs + index)),
  );
  let calls = 0;
  const perPause: number[] = [];
  const counted = <Given extends unknown[], Answer>(call: (...given: Given) => Answer) => {
    return (...given: Given): Answer => {
      calls += 1;
      return call(...given);
    };
  };
  const storage: Storage = { ...memory, get: counted(memory.get), listKeys: counted(memory.listKeys) };
  const giveWay = async (): Promise<void> => {
    perPause.push(calls);
    calls = 0;
  };
  await deleteUnusedImages(storage, round({ giveWay }));
  expect(Math.max(...perPause)).toBeLessThanOrEqual(5);
  expect(perPause.reduce((sum, count) => sum + count, calls)).toBeLessThan(20);
  let pauses = 0;
  let reads = 0;
  const listKeys: Storage['listKeys'] = (query) => {
    reads += 1;
    return memory.listKeys(query);
  };
  const pause = async (): Promise<void> => {
    pauses += 1;
  };
  await deleteUnusedImages({ ...memory, listKeys }, round({ isStopped: () => pauses > 0, giveWay: pause }));
  expect([pauses, reads]).toEqual([1, 1]);
});

test('pictures that are in use are not looked at one by one', async () => {
  const memory = memoryStorage();
  for (let count = 0; count < 600; count += 1) {
    const handle = await give(memory, 40);
    await record(memory, [showing(handle), showing(handle)]);
  }
  const reads: string[] = [];
  const storage: Storage = {
    ...memory,
    get: async (key) => memory.get(key).finally(() => reads.push(key)),
    listKeys: async (query) => memory.listKeys(query).finally(() => reads.push(query.prefix)),
  };
  await deleteUnusedImages(storage, round());
  expect(reads).toEqual(['image-use/', 'image-use/']);
});

test('an execution that is committed while a round is on its way keeps its picture, at whatever moment', async () => {
  // The round asks for something, or writes, so often; the execution comes before each of these in turn.
  const outcomes: boolean[][] = [];
  for (let moment = 1; moment <= 12; moment += 1) {
    const memory = memoryStorage();
    const handle = await give(memory, 39, 'event');
    for (let others = 0; others < 3; others += 1) await record(memory, [showing(await give(memory, 40))]);
    let calls = 0;
    let hadItsPicture = false;
    const before = async () => {
      calls += 1;
      if (calls !== moment) return;
      hadItsPicture = await isThere(memory, handle);
      await record(memory, [showing(handle, longAgoMs, 'pending')]);
    };
    const storage: Storage = {
      ...memory,
      get: async (key) => before().then(() => memory.get(key)),
      list: async (query) => before().then(() => memory.list(query)),
      listKeys: async (query) => before().then(() => memory.listKeys(query)),
      commit: async (commit) => before().then(() => memory.commit(commit)),
      deleteRange: async (range) => before().then(() => memory.deleteRange(range)),
    };
    await deleteUnusedImages(storage, round());
    outcomes.push([hadItsPicture, await isThere(memory, handle)]);
  }
  for (const [hadItsPicture, hasIt] of outcomes) expect(hasIt).toBe(hadItsPicture);
  expect(outcomes.filter(([hadItsPicture]) => hadItsPicture).length).toBeGreaterThan(3);
});

test('what an execution leaves that came too late for its picture goes with it', async () => {
  const storage = memoryStorage();
  const handle = await give(storage, 40);
  await deleteUnusedImages(storage, round());
  await record(storage, [showing(handle)]);
  await lookAt(storage);
  await lookAt(storage, { nowMs: longAgoMs + 31 * dayMs });
  expect(await keysIn(storage)).toEqual([]);
});

test('a picture that an automation names stays, among many automations, until none does', async () => {
  const storage = memoryStorage();
  const [named, other] = [await give(storage, 100), await give(storage, 100)];
  const put = (id: string, value: object) =>
    storage.commit({ steps: [{ write: [{ type: 'put', key: `automation/${id}`, value: { ...value } }] }] });
  for (let count = 0; count < 250; count += 1) await put(`a${count}`, toStored({ action: { type: 'none' } }));
  await put('b1', toStored({ enabled: false, action: { type: 'notification', image: ` ${named}\n` } }));
  // Whatever another version may have written keeps nothing from being looked at.
  await put('b2', { formatVersion: 99, record: null });
  await put('b3', { formatVersion: 99, record: { action: null } });
  await put('b4', { record: { action: { image: [other] } } });
  await put('b5', {});
  await lookAt(storage);
  expect([await isThere(storage, named), await isThere(storage, other)]).toEqual([true, false]);
  await record(storage, [showing(named, longAgoMs - 40 * dayMs)]);
  await lookAt(storage);
  expect(await isThere(storage, named)).toBe(true);
  await put('b1', toStored({ action: { type: 'notification', image: 'https://example.com/plot.png' } }));
  await lookAt(storage);
  expect(await isThere(storage, named)).toBe(false);
});

test('a round that is stopped while it reads the automations deletes no picture', async () => {
  const memory = memoryStorage();
  const handle = await give(memory, 100);
  let isStopped = false;
  const list: Storage['list'] = async (query) => {
    isStopped = true;
    return memory.list(query);
  };
  await deleteUnusedImages({ ...memory, list }, round({ isStopped: () => isStopped }));
  expect(await isThere(memory, handle)).toBe(true);
});
