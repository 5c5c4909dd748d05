import type { Commit, CommitResult, Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openShared, type SharedData } from './shared-storage.js';
import { contractOnShared, failuresOf } from './storage-contract-runs.js';

/** What can be asked of a storage that is open. */
const methods = Object.keys(withoutClose(memoryStorage())) as Exclude<keyof Storage, 'capabilities' | 'close'>[];

function withoutClose({ capabilities: _capabilities, close: _close, ...calls }: Storage) {
  return calls;
}

describe('the contract finds a storage that, opened again or twice,', () => {
  test('forgets everything when it is closed', async () => {
    const cases = contractOnShared({
      async reopen(storage) {
        await storage.close();
        return openShared({ kept: memoryStorage(), queue: Promise.resolve() });
      },
    });
    const failed = await failuresOf(cases);
    expect(failed.filter((name) => name.startsWith('durability: '))).toHaveLength(6);
  });

  test('forgets its claims when it is closed', async () => {
    expect(await failuresOf(contractOnReopened({ claimedUntil: async () => undefined }))).toEqual([
      expect.stringMatching(/^durability: claims/),
    ]);
  });

  test('answers when it is closed', async () => {
    const cases = contractOnShared({}, (data) => ({ ...openShared(data), async close() {} }));
    expect(await failuresOf(cases)).toEqual(['durability: calls after close reject']);
  });

  test.each(methods)('answers %s when it is closed', async (method) => {
    const cases = contractOnShared({}, (data) => {
      const storage = openShared(data);
      return { ...storage, [method]: data.kept[method] };
    });
    const closing = cases.filter(({ name }) => name === 'durability: calls after close reject');
    await expect(closing[0]?.run()).rejects.toThrow(`Expected that ${method} rejects after close, but it resolved`);
  });

  test('checks what is required in a transaction of its own', async () => {
    const failed = await failuresOf(ofSharing((storage) => ({ commit: (commit) => commitInTwo(storage, commit) })));
    expect(failed).toContain('sharing: of two of which each requires what the other writes one only is written');
  });

  test('gives up when two write the same at once', async () => {
    const locks = new Set<string>();
    const failed = await failuresOf(ofSharing((storage) => ({ commit: (commit) => lockAll(storage, commit, locks) })));
    expect(failed).toContain('sharing: two that write the same in opposite orders do not stop each other');
  });

  test('calls two storages one', async () => {
    const cases = contractOnShared({
      second: async () => openShared({ kept: memoryStorage(), queue: Promise.resolve() }),
    });
    const failed = await failuresOf(cases);
    expect(failed.filter((name) => name.startsWith('sharing: ')).length).toBeGreaterThanOrEqual(6);
  });

  test('reads through a cache of its own', async () => {
    const cases = contractOnShared({}, (data) => {
      const storage = openShared(data);
      const cache = new Map<string, ReturnType<Storage['get']>>();
      return {
        ...storage,
        get(key) {
          const answer = cache.get(key) ?? storage.get(key);
          cache.set(key, answer);
          return answer;
        },
        commit(commit) {
          cache.clear();
          return storage.commit(commit);
        },
        deleteRange(range) {
          cache.clear();
          return storage.deleteRange(range);
        },
      };
    });
    const failed = await failuresOf(cases);
    expect(failed).toContain('sharing: what one committed the other reads');
  });
});

/** What the contract asks of two that share their data, of storages that each have a fault. */
function ofSharing(broken: (storage: Storage) => Partial<Storage>) {
  const cases = contractOnShared({}, (data) => {
    const storage = openShared(data);
    return { ...storage, ...broken(storage) };
  });
  return cases.filter(({ name }) => name.startsWith('sharing: '));
}

async function commitInTwo(storage: Storage, { require = [], steps }: Commit): Promise<CommitResult> {
  const checked = await storage.commit({ require, steps: [] });
  return checked.committed ? storage.commit({ steps }) : checked;
}

/** Locks the records that are put one after the other, and gives up at one that another has. */
async function lockAll(storage: Storage, commit: Commit, locks: Set<string>): Promise<CommitResult> {
  const own: string[] = [];
  try {
    for (const write of commit.steps.flatMap((step) => step.write)) {
      if (write.type !== 'put') continue;
      if (locks.has(write.key)) throw new Error('deadlock detected');
      locks.add(write.key);
      own.push(write.key);
      await storage.get(write.key);
    }
    return await storage.commit(commit);
  } finally {
    for (const key of own) locks.delete(key);
  }
}

/** The contract on a storage that answers some calls differently once it has been reopened. */
function contractOnReopened(changed: Partial<Storage>) {
  const dataOf = new Map<Storage, SharedData>();
  return contractOnShared(
    {
      async reopen(storage) {
        const data = dataOf.get(storage);
        if (data === undefined) throw new Error('This storage was not opened here');
        await storage.close();
        const reopened = { ...openShared(data), ...changed };
        dataOf.set(reopened, data);
        return reopened;
      },
    },
    (data) => {
      const storage = openShared(data);
      dataOf.set(storage, data);
      return storage;
    },
  );
}
