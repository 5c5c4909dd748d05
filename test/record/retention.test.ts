import fc from 'fast-check';
import type { Execution, Storage } from 'tocsin';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { executionStatuses } from '../../src/record/execution.js';
import { executionAt, longAgoMs, move, record } from './executions.js';
import { durableStorage, idsIn, keysIn, keysOf, manyAt, openRetention } from './open-retention.js';

test('what is too old or too many goes, with its entries, and what is pending stays', async () => {
  const drawn = fc.record({
    at: fc.integer({ min: 0, max: 100 }),
    status: fc.constantFrom(...executionStatuses),
    automationId: fc.constantFrom('automation-a', 'automation-b'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawn, { maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 120 }),
      async (many, maxExecutions, ageMs) => {
        const executions = many
          .map(({ at, status, automationId }) => executionAt(longAgoMs + at, status, automationId))
          .sort((one, other) => (one.id < other.id ? 1 : -1));
        const storage = durableStorage();
        await record(storage, executions);
        const runtime = manualRuntime({ startMs: longAgoMs + 100 });
        const { retention } = openRetention(storage, runtime, { maxExecutions, executionRetentionMs: ageMs + 60_000 });
        await runtime.advance(60_000);
        const kept = executions.filter(
          ({ createdAt, status }, newer) =>
            status === 'pending' || (newer < maxExecutions && createdAt >= longAgoMs + 100 - ageMs),
        );
        expect(await keysIn(storage)).toEqual(await keysOf(kept));
        await retention.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('many thousands go in one round, by small commits, the oldest first', async () => {
  const memory = durableStorage();
  const executions = manyAt(7000);
  await record(memory, executions);
  const commits: number[] = [];
  let newestGone = '';
  const storage: Storage = {
    ...memory,
    commit: (commit) => {
      commits.push(commit.steps.length);
      for (const { write } of commit.steps) {
        expect(write[0] !== undefined && 'key' in write[0] && write[0].key > newestGone).toBe(true);
        newestGone = (write[0] as { readonly key: string }).key;
      }
      return memory.commit(commit);
    },
  };
  const runtime = manualRuntime({ startMs: longAgoMs + 10_000 });
  openRetention(storage, runtime, { maxExecutions: 2500 });
  await runtime.advance(60_000);
  expect(await idsIn(memory)).toEqual(executions.slice(-2500).map(({ id }) => id));
  expect(Math.max(...commits)).toBeLessThanOrEqual(200);
});

test('where nothing is too much, nothing is written, and a short history is not walked over twice', async () => {
  const memory = durableStorage();
  await record(memory, manyAt(50));
  let commits = 0;
  let listings = 0;
  const storage: Storage = {
    ...memory,
    commit: (commit) => {
      commits += 1;
      return memory.commit(commit);
    },
    listKeys: (query) => {
      if (query.prefix === 'execution/') listings += 1;
      return memory.listKeys(query);
    },
  };
  const runtime = manualRuntime({ startMs: longAgoMs });
  openRetention(storage, runtime);
  await runtime.advance(60_000);
  expect([commits, listings]).toEqual([0, 1]);
});

test('what is too old is not walked over to be counted', async () => {
  const memory = durableStorage();
  await record(memory, manyAt(9000));
  let listings = 0;
  const storage: Storage = {
    ...memory,
    listKeys: (query) => {
      if (query.prefix === 'execution/') listings += 1;
      return memory.listKeys(query);
    },
  };
  const runtime = manualRuntime({ startMs: longAgoMs + 9000 });
  openRetention(storage, runtime, { maxExecutions: 1_000_000, executionRetentionMs: 60_000 + 100 });
  await runtime.advance(60_000);
  expect([listings, (await idsIn(memory)).length]).toEqual([1, 100]);
});

test.each([
  ['for ever', { executionRetentionMs: Number.POSITIVE_INFINITY }, 100],
  ['however many', { maxExecutions: Number.POSITIVE_INFINITY, executionRetentionMs: 60_000 + 30 }, 30],
  [
    'for ever, however many',
    { maxExecutions: Number.POSITIVE_INFINITY, executionRetentionMs: Number.POSITIVE_INFINITY },
    150,
  ],
])('executions can be kept %s', async (_, options, kept) => {
  const storage = durableStorage();
  await record(storage, manyAt(150));
  const runtime = manualRuntime({ startMs: longAgoMs + 150 });
  openRetention(storage, runtime, options);
  await runtime.advance(60_000);
  expect(await idsIn(storage)).toHaveLength(kept);
});

test('one that is tried again while it is to go stays', async () => {
  const memory = durableStorage();
  const executions = manyAt(10, 'failed');
  await record(memory, executions);
  let retried: Execution | undefined;
  const storage: Storage = {
    ...memory,
    commit: async (commit) => {
      retried ??= await move(memory, executions[3] as Execution, 'pending');
      return memory.commit(commit);
    },
  };
  const runtime = manualRuntime({ startMs: longAgoMs });
  openRetention(storage, runtime, { maxExecutions: 2 });
  await runtime.advance(60_000);
  expect(await keysIn(memory)).toEqual(await keysOf([retried as Execution, ...executions.slice(-2)]));
});
