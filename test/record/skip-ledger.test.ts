import type { Commit } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import type { Execution } from '../../src/record/execution.js';
import { deleteExecution, putExecution } from '../../src/record/execution-writes.js';
import { createSkipLedger } from '../../src/record/skip-ledger.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const mostUnwritten = 100_000;

function skipped(id: string): Execution {
  return {
    id,
    automationId: 'automation',
    automationName: 'low',
    automationRevision: 1,
    status: 'skipped',
    count: 1,
    createdAt: 0,
    updatedAt: 0,
    event: {},
    action: { type: 'none' },
    attempts: [],
  };
}

test('skips pile up only so far while the storage is away: the oldest are lost', async () => {
  const runtime = manualRuntime();
  let fate: CommitFate | undefined = { type: 'fails' };
  let writes = 0;
  const memory = memoryStorage({ now: runtime.now });
  const storage = unreliableStorage(
    {
      ...memory,
      commit: async (commit) => {
        writes += commit.steps?.flatMap((step) => step.write).length ?? 0;
        return memory.commit(commit);
      },
    },
    () => fate,
  );
  let failures = 0;
  const onError = () => {
    failures += 1;
  };
  const ledger = createSkipLedger({ storage, runtime, flushMs: 1000, recorded() {}, onError });
  const add = (index: number): void => {
    ledger.add({ key: `story ${index}`, untilMs: 0, record: () => skipped(`id-${index}`) });
  };
  for (let index = 0; index < mostUnwritten; index += 1) add(index);
  await ledger.flush();
  for (let index = mostUnwritten; index < mostUnwritten + 10; index += 1) add(index);
  await ledger.flush();
  expect(failures).toBe(2);
  fate = undefined;
  await ledger.flush();
  // The record, and its places in the history of its automation and of its status.
  expect(writes).toBe(3 * mostUnwritten);
  expect(await memory.get('execution/id-9')).toBeUndefined();
  expect(await memory.get('execution/id-10')).toBeDefined();
  expect(await memory.get(`execution/id-${mostUnwritten + 9}`)).toBeDefined();
});

/** Opens a ledger on a storage that counts what is written to it. */
function openLedger() {
  const runtime = manualRuntime();
  const memory = memoryStorage({ now: runtime.now });
  let fate: CommitFate | undefined;
  const commits: Commit[] = [];
  const storage = unreliableStorage(
    {
      ...memory,
      commit: (commit) => {
        commits.push(commit);
        return memory.commit(commit);
      },
    },
    () => fate,
  );
  const ledger = createSkipLedger({ storage, runtime, flushMs: 1000, recorded() {}, onError() {} });
  const untilMs = runtime.now() + 3_600_000;
  return {
    memory,
    commits,
    ledger,
    skip: (id: string) => ledger.add({ key: id, untilMs, record: () => skipped(id) }),
    meet(next: CommitFate | undefined) {
      fate = next;
    },
    keys: async () => (await memory.listKeys({ prefix: '', limit: 100 })).keys,
    async count(id: string) {
      return ((await memory.get(`execution/${id}`))?.value['record'] as Execution | undefined)?.count;
    },
  };
}

const placesOfOne = ['execution-in/skipped/one', 'execution-of/automation/skipped/one', 'execution/one'];

test('a story that is counted on writes its record anew, and its places in the indexes no more', async () => {
  const { ledger, memory, skip, keys, count } = openLedger();
  skip('one');
  await ledger.flush();
  expect([await count('one'), await keys()]).toEqual([1, placesOfOne]);
  for (let times = 0; times < 3; times += 1) {
    skip('one');
    await ledger.flush();
  }
  expect([await count('one'), await keys()]).toEqual([4, placesOfOne]);
  expect((await memory.get('execution/one'))?.revision).toBe(4);
  expect((await memory.get('execution-in/skipped/one'))?.revision).toBe(1);
});

test('a story whose record was deleted meanwhile comes back whole, with all that was counted', async () => {
  const { ledger, memory, skip, keys, count } = openLedger();
  skip('one');
  await ledger.flush();
  for (let times = 0; times < 3; times += 1) {
    await memory.commit({ steps: [{ write: deleteExecution(skipped('one')) }] });
    skip('one');
    await ledger.flush();
    expect([await count('one'), await keys()]).toEqual([2 + times, placesOfOne]);
  }
});

test('a story of which nobody knows whether it was written is whole in the end', async () => {
  const { ledger, memory, skip, meet, keys, count } = openLedger();
  skip('one');
  meet({ type: 'fails' });
  await ledger.flush();
  // Written by a commit that was never answered.
  await memory.commit({ steps: [{ write: putExecution(skipped('one')) }] });
  meet(undefined);
  for (let times = 0; times < 4; times += 1) {
    skip('one');
    await ledger.flush();
    expect([await count('one'), await keys()]).toEqual([2 + times, placesOfOne]);
  }
});

test('many stories are written in small commits, each in one of them', async () => {
  const { ledger, commits, skip } = openLedger();
  for (let index = 0; index < 1001; index += 1) skip(`story-${index}`);
  await ledger.flush();
  expect(commits.map(({ steps }) => steps.length)).toEqual([200, 200, 200, 200, 200, 1]);
});

test('what had been written before the storage failed is not written again', async () => {
  const { ledger, commits, skip, meet, count } = openLedger();
  for (let index = 0; index < 300; index += 1) skip(`story-${index}`);
  const flushed = ledger.flush();
  // The first commit is on its way; the second one fails.
  await Promise.resolve();
  meet({ type: 'fails' });
  await flushed;
  meet(undefined);
  await ledger.flush();
  expect(commits.map(({ steps }) => steps.length)).toEqual([200, 100]);
  expect([await count('story-0'), await count('story-299')]).toEqual([1, 1]);
});
