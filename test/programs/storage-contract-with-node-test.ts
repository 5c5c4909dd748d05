/** Runs the contract of storages with Node's own test runner, as an adapter from outside would. */
import { test } from 'node:test';
import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { storageContract } from 'tocsin/testing';

let nowMs = 0;

function myStorage(): Storage {
  const storage = memoryStorage({ now: () => nowMs });
  return process.argv.includes('broken') ? { ...storage, claimedUntil: async () => undefined } : storage;
}

const cases = storageContract({
  open: async () => myStorage(),
  async advance(ms) {
    nowMs += ms;
  },
});
for (const { name, run } of cases) test(name, run);
