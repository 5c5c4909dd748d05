import { memoryStorage } from 'tocsin/storage/memory';
import { storageContract } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const program = 'test/programs/storage-contract-with-node-test.ts';
const cases = storageContract({ open: async () => memoryStorage(), advance: async () => {} });

describe("the contract of storages, run by Node's own test runner,", () => {
  test('passes for a storage that keeps it', { timeout: 60_000 }, async () => {
    const { exitCode, output } = await runProgram(program);
    expect(output).toMatch(new RegExp(`^(#|ℹ) pass ${cases.length}$`, 'm'));
    expect(output).toMatch(/^(#|ℹ) fail 0$/m);
    expect(exitCode).toBe(0);
  });

  test('fails for one that does not, and says which promise', { timeout: 60_000 }, async () => {
    const { exitCode, output } = await runProgram(program, ['broken']);
    expect(output).toContain('claims: a claim that is free is taken, until the instant that was asked for');
    expect(output).not.toMatch(/^(#|ℹ) fail 0$/m);
    expect(exitCode).not.toBe(0);
  });
});
