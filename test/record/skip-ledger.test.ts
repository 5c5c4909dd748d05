import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import type { Execution } from '../../src/record/execution.js';
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
  const ledger = createSkipLedger({ storage, runtime, flushMs: 1000, onError });
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
  // The record and its place in the automation's history.
  expect(writes).toBe(2 * mostUnwritten);
  expect(await memory.get('execution/id-9')).toBeUndefined();
  expect(await memory.get('execution/id-10')).toBeDefined();
  expect(await memory.get(`execution/id-${mostUnwritten + 9}`)).toBeDefined();
});
