import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type StorageContractOptions, storageContract } from 'tocsin/testing';
import { openShared, type SharedData } from './shared-storage.js';

/** The contract on a storage in memory, with a clock of its own. */
export function contractOn(wrap: (storage: Storage) => Storage, more: Partial<StorageContractOptions> = {}) {
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
export function contractOnShared(
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
export async function failuresOf(cases: ReturnType<typeof storageContract>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of cases) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}
