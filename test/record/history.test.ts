import fc from 'fast-check';
import type { Execution, ExecutionQuery, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { ulid } from 'ulid';
import { describe, expect, test } from 'vitest';
import { listExecutions, readOldestFirst } from '../../src/record/history.js';
import { executionAt, longAgoMs, record } from './executions.js';
import { automationIds, histories, pageThrough, select, selections } from './histories.js';

test('every page of a list is full but the last, and all together are what was asked for, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(histories, selections, fc.integer({ min: 1, max: 9 }), async (executions, selection, limit) => {
      const storage = memoryStorage();
      await record(storage, executions);
      const pages = await pageThrough(storage, { ...selection, limit });
      expect(pages.flat()).toEqual(select(executions, selection).reverse());
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      expect(pages.at(-1)?.length === 0 && pages.length > 1).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('read oldest first, it is the same the other way round', async () => {
  await fc.assert(
    fc.asyncProperty(histories, selections, async (executions, selection) => {
      const storage = memoryStorage();
      await record(storage, executions);
      const read: string[] = [];
      for await (const { id } of readOldestFirst(storage, selection)) read.push(id);
      expect(read).toEqual(select(executions, selection));
    }),
    { numRuns: 300 },
  );
});

test('an entry of an index is left out where its execution is gone, or says another status', async () => {
  const storage = memoryStorage();
  const [gone, changed, kept] = [1, 2, 3].map((at) => executionAt(longAgoMs + at)) as [Execution, Execution, Execution];
  await record(storage, [gone, changed, kept]);
  const [put] = (await storage.list({ prefix: `execution/${changed.id}`, limit: 1 })).records;
  const failed = { ...put?.value, record: { ...changed, status: 'failed' } };
  await storage.commit({
    steps: [
      {
        write: [
          { type: 'delete', key: `execution/${gone.id}` },
          { type: 'put', key: `execution/${changed.id}`, value: failed as never },
        ],
      },
    ],
  });
  const { items, cursor } = await listExecutions(storage, { status: 'finished', limit: 1 });
  expect([items.map(({ id }) => id), cursor]).toEqual([[kept.id], undefined]);
});

test('a cursor of another query counts from where it stands, but not beyond what is asked for', async () => {
  const storage = memoryStorage();
  const executions = Array.from({ length: 9 }, (_, index) => executionAt(longAgoMs + index));
  await record(storage, executions);
  const listed = async (query: ExecutionQuery): Promise<number[]> =>
    (await listExecutions(storage, query)).items.map(({ createdAt }) => createdAt - longAgoMs);
  const [newer, older] = [executions[7]?.id, executions[2]?.id];
  const between = { since: longAgoMs + 1, until: longAgoMs + 5 };
  expect(await listed({ ...between, cursor: newer })).toEqual([4, 3, 2, 1]);
  expect(await listed({ ...between, cursor: older })).toEqual([1]);
});

test('what stands behind entries whose executions are gone is found, in every range of an automation', async () => {
  const storage = memoryStorage();
  const gone = [executionAt(longAgoMs + 8), executionAt(longAgoMs + 9)];
  const kept = [executionAt(longAgoMs + 1, 'pending'), executionAt(longAgoMs + 2, 'failed')];
  await record(storage, [...gone, ...kept]);
  const write = gone.map(({ id }) => ({ type: 'delete', key: `execution/${id}` }) as const);
  await storage.commit({ steps: [{ write }] });
  const pages = await pageThrough(storage, { automationId: 'automation-a', limit: 1 });
  expect(pages).toEqual([[kept[1]?.id], [kept[0]?.id]]);
});

describe('large executions', () => {
  const characters = (executions: readonly Execution[]): number => JSON.stringify(executions).length;

  /** A history of small executions and large ones, and how many of the large ones are in one answer of the storage. */
  async function largeHistory() {
    const memory = memoryStorage();
    const executions = Array.from({ length: 90 }, (_, index) => ({
      ...executionAt(longAgoMs + index, index % 2 === 0 ? 'failed' : 'finished'),
      event: { type: 'custom.thing', text: 'x'.repeat(index >= 70 ? 0 : 100_000) },
    }));
    await record(memory, executions);
    const answers: number[] = [];
    const storage: Storage = {
      ...memory,
      list: async (query) => {
        const page = await memory.list(query);
        answers.push(page.records.length);
        return page;
      },
    };
    return { storage, executions, answers };
  }

  test.each<[ExecutionQuery]>([[{}], [{ status: 'failed' }], [{ automationId: 'automation-a' }]])(
    'of %j make a page shorter than its limit, and all pages are what was asked for',
    async (query) => {
      const { storage, executions } = await largeHistory();
      const pages: Execution[][] = [];
      let cursor: string | undefined;
      do {
        const page = await listExecutions(storage, { ...query, limit: 1000, cursor });
        pages.push([...page.items]);
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(pages.flat().map(({ id }) => id)).toEqual(select(executions, query).reverse());
      expect(pages.length).toBeGreaterThan(1);
      for (const page of pages) {
        expect(page.length).toBeGreaterThan(0);
        expect(characters(page)).toBeLessThan(2_100_000);
      }
    },
  );

  test('are read a few at a time, after the first of them', async () => {
    const { storage, answers } = await largeHistory();
    let read = 0;
    for await (const _ of readOldestFirst(storage, {})) read += 1;
    expect(read).toBe(90);
    expect(answers.slice(2, 20)).toEqual(Array<number>(18).fill(2));
  });

  test('that are larger than a page stand each on one of its own', async () => {
    const storage = memoryStorage();
    const executions = [1, 2, 3].map((at) => ({
      ...executionAt(longAgoMs + at),
      event: { type: 'custom.thing', text: 'x'.repeat(3_000_000) },
    }));
    await record(storage, executions);
    expect((await pageThrough(storage, {})).map((page) => page.length)).toEqual([1, 1, 1]);
  });

  test('let everything else have its turn between them', async () => {
    const { storage } = await largeHistory();
    let turns = 0;
    await listExecutions(storage, { limit: 20 }, async () => {
      turns += 1;
    });
    expect(turns).toBe(20);
  });
});

test('a page costs as many reads far back in the history as at its beginning', async () => {
  const memory = memoryStorage();
  const executions = Array.from({ length: 3000 }, (_, index) =>
    executionAt(longAgoMs + index, index % 3 === 0 ? 'failed' : 'finished', automationIds[index % 2]),
  );
  await record(memory, executions);
  let read = 0;
  const storage: Storage = {
    ...memory,
    get: (key) => {
      read += 1;
      return memory.get(key);
    },
    list: async (query) => {
      const page = await memory.list(query);
      read += page.records.length;
      return page;
    },
    listKeys: async (query) => {
      const page = await memory.listKeys(query);
      read += page.keys.length;
      return page;
    },
  };
  const readsOf = async (query: ExecutionQuery, found = 10): Promise<number> => {
    read = 0;
    const { items } = await listExecutions(storage, { ...query, limit: 10 });
    expect(items).toHaveLength(found);
    return read;
  };
  for (const filter of [{}, { status: 'failed' }, { automationId: 'automation-b' }] as const) {
    const bound = 'automationId' in filter ? 70 : 22;
    expect(await readsOf(filter)).toBeLessThanOrEqual(bound);
    expect(await readsOf({ ...filter, cursor: ulid(longAgoMs + 100) })).toBeLessThanOrEqual(bound);
    expect(await readsOf({ ...filter, until: longAgoMs + 100 })).toBeLessThanOrEqual(bound);
    expect(await readsOf({ ...filter, until: longAgoMs + 100, since: longAgoMs + 10 })).toBeLessThanOrEqual(bound);
    // What is older is not looked at.
    const few = select(executions, { ...filter, until: longAgoMs + 2000, since: longAgoMs + 1994 }).length;
    const reads = await readsOf({ ...filter, until: longAgoMs + 2000, since: longAgoMs + 1994 }, few);
    expect(reads).toBeLessThanOrEqual(bound);
  }
});
