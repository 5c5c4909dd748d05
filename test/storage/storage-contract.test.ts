import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type StorageContractOptions, storageContract } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { brokenClaims } from './broken-claims.js';
import { brokenCommits } from './broken-commits.js';
import { brokenKeys, brokenPipelines } from './broken-keys.js';
import { brokenLanes } from './broken-lanes.js';
import { brokenLargeCommits } from './broken-large-commits.js';
import { brokenNames, brokenRefusals } from './broken-names.js';
import { brokenPreconditions } from './broken-preconditions.js';
import { brokenRanges } from './broken-ranges.js';
import { brokenRecords } from './broken-storages.js';
import { brokenTokens } from './broken-tokens.js';
import { brokenEntries, brokenValues } from './broken-values.js';
import { openShared, type SharedData } from './shared-storage.js';
import { contractOn, contractOnShared, failuresOf } from './storage-contract-runs.js';

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
    expect(count({ second: async (storage) => storage })).toBe(none + 10);
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
    ...brokenPreconditions,
    ...brokenLargeCommits,
    ...brokenTokens,
    ...brokenRanges,
    ...brokenNames,
    ...brokenRefusals,
    ...brokenValues,
    ...brokenEntries,
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
});
