import fc from 'fast-check';
import { memoryStorage } from 'tocsin/storage/memory';
import { storageContract } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { naiveStorage } from './naive-storage.js';
import { storageCommand } from './storage-commands.js';

describe('memoryStorage keeps the contract of storages', () => {
  let nowMs = 0;
  const cases = storageContract({
    open: async () => memoryStorage({ now: () => nowMs }),
    async advance(ms) {
      nowMs += ms;
    },
  });
  for (const { name, run } of cases) test(name, run);
});

describe('memoryStorage keeps the contract of leases by the clock of the system', () => {
  const cases = storageContract({ open: async () => memoryStorage(), leaseMs: 300 });
  for (const { name, run } of cases) if (/^(leases|fencing):/.test(name)) test.concurrent(name, run);
});

describe('memoryStorage', () => {
  test('answers whatever it is asked as a naive model does', async () => {
    const commands = fc.array(storageCommand, { minLength: 1, maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(commands, async (asked) => {
        let nowMs = 0;
        const storage = memoryStorage({ now: () => nowMs });
        const model = naiveStorage(() => nowMs);
        for (const command of asked) {
          if (command.type === 'advance') nowMs += command.ms;
          else expect(await command.call(storage), command.name).toEqual(await command.call(model));
        }
        const all = { prefix: '', limit: 100 };
        expect(await storage.list(all)).toEqual(await model.list(all));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every printable character of ASCII in a key apart', async () => {
    const storage = memoryStorage();
    const keys = Array.from({ length: 0x7f - 0x20 }, (_, index) => `a/${String.fromCharCode(0x20 + index)}`);
    await storage.commit({ steps: [{ write: keys.map((key) => ({ type: 'put', key, value: {} })) }] });
    const { records } = await storage.list({ prefix: 'a/', limit: 1000 });
    expect(records.map(({ key }) => key)).toEqual(keys);
  });

  test('keeps what it holds when it is closed, so that another engine can be opened on it', async () => {
    const storage = memoryStorage();
    await storage.commit({ steps: [{ write: [{ type: 'put', key: 'a', value: { n: 1 } }] }] });
    await storage.close();
    expect(await storage.get('a')).toEqual({ key: 'a', value: { n: 1 }, revision: 1 });
  });
});
