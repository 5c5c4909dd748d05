import fc from 'fast-check';
import type { Execution, ExecutionQuery, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { ulid } from 'ulid';
import { expect, test } from 'vitest';
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
    fc.asyncProperty(histories, selections, fc.integer({ min: 1, max: 9 }), async (executions, selection, limit) => {
      const storage = memoryStorage();
      await record(storage, executions);
      const read: string[] = [];
      for (;;) {
        const page = await readOldestFirst(storage, selection, read.at(-1), limit);
        read.push(...page.map(({ id }) => id));
        if (page.length < limit) break;
      }
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
