import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type StorageContractOptions, storageContract } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { brokenClaims } from './broken-claims.js';
import { brokenCommits } from './broken-commits.js';
import { brokenKeys, brokenPipelines } from './broken-keys.js';
import { brokenLanes } from './broken-lanes.js';
import { brokenRecords } from './broken-storages.js';
import { openShared, type SharedData } from './shared-storage.js';

/** The contract on a storage in memory, with a clock of its own. */
function contractOn(wrap: (storage: Storage) => Storage, more: Partial<StorageContractOptions> = {}) {
  let nowMs = 0;
  return storageContract({
    open: async () => wrap(memoryStorage({ now: () => nowMs })),
    async advance(ms) {
      nowMs += ms;
    },
    ...more,
  });
}

/** The contract on storages that outlive their handles. */
function contractOnShared(
  more: Partial<StorageContractOptions> = {},
  open: (data: SharedData) => Storage = openShared,
) {
  const dataOf = new WeakMap<Storage, SharedData>();
  const openOn = (data: SharedData): Storage => {
    const storage = open(data);
    dataOf.set(storage, data);
    return storage;
  };
  const sameData = (storage: Storage): SharedData => {
    const data = dataOf.get(storage);
    if (data === undefined) throw new Error('This storage was not opened here');
    return data;
  };
  return contractOn((kept) => openOn({ kept, queue: Promise.resolve() }), {
    async reopen(storage) {
      await storage.close();
      return openOn(sameData(storage));
    },
    second: async (storage) => openOn(sameData(storage)),
    ...more,
  });
}

/** The names of the cases that a storage does not pass. */
async function failuresOf(cases: ReturnType<typeof storageContract>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('the contract of storages', () => {
  test('gives every case a name of its own', () => {
    const names = contractOnShared().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('lists only the cases that the options allow', () => {
    const count = (options: Partial<StorageContractOptions>) =>
      storageContract({ open: async () => memoryStorage(), ...options }).length;
    const none = count({});
    expect(count({ advance: async () => {} })).toBe(none + 1);
    expect(count({ reopen: async (storage) => storage })).toBe(none + 7);
    expect(count({ second: async (storage) => storage })).toBe(none + 7);
  });

  test('closes whatever it opened, also when a case fails', async () => {
    let open = 0;
    const counted = (data: SharedData): Storage => {
      open += 1;
      const storage = openShared(data);
      return {
        ...storage,
        async close() {
          open -= 1;
          await storage.close();
        },
        claimedUntil: async () => 12,
      };
    };
    expect(await failuresOf(contractOnShared({}, counted))).not.toEqual([]);
    expect(open).toBe(0);
  });
});

describe('a storage that is durable, shared and slow passes the contract', () => {
  for (const { name, run } of contractOnShared()) test(name, run);
});

describe('the contract finds a storage that', () => {
  const faults = [
    ...brokenRecords,
    ...brokenCommits,
    ...brokenClaims,
    ...brokenLanes,
    ...brokenKeys,
    ...brokenPipelines,
  ];

  for (const { fault, foundBy, broken } of faults) {
    test(fault, async () => {
      const cases = contractOn((storage) => ({ ...storage, ...broken(storage) }));
      expect(await failuresOf(cases.filter(({ name }) => name.startsWith(`${foundBy}: `)))).not.toEqual([]);
    });
  }

  test('promises what it has not', async () => {
    const boastful = contractOn((storage) => ({ ...storage, capabilities: { durable: true, shared: false } }));
    expect(await failuresOf(boastful)).toEqual([expect.stringMatching(/^capabilities: /)]);
  });

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
