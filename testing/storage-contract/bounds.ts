import type { ListQuery, Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame, inLine } from './expecting.js';
import { keysOf, listAllKeys } from './reading.js';
import { append, put, write } from './writing.js';

const keys = ['!', 'a', 'b', 'b/', 'b/1', 'b/3', 'b/3/x', 'b/5', 'b0', 'c'];

/** Below, among and behind them, and the empty text, which is below all. */
const places = [
  '',
  ' ',
  '!',
  'a',
  'b',
  'b!',
  'b/',
  'b/0',
  'b/1',
  'b/2',
  'b/3',
  'b/3/',
  'b/5',
  'b/6',
  'b/~',
  'b0',
  'c',
  '~',
];

const orders = ['ascending', 'descending'] as const;

/** As large as a number can be that is exact. */
const largest = Number.MAX_SAFE_INTEGER;

/** Where ranges of keys begin and end. */
export const boundScenarios: readonly Scenario[] = [
  {
    name: 'after may be any text, below, among or behind the keys with the prefix',
    async run({ storage }) {
      await write(storage, ...keys.map((key) => put(key)));
      for (const prefix of ['', 'b', 'b/', 'b/3', 'x']) {
        for (const order of orders) {
          for (const after of places) {
            const query = { prefix, order, after, limit: 100 };
            const expected = keysBehind(query);
            expectSame(`list(${inLine(query)}) to be`, keysOf(await storage.list(query)), expected);
            expectSame(`listKeys(${inLine(query)}) to be`, (await storage.listKeys(query)).keys, expected);
          }
        }
      }
    },
  },
  {
    name: 'after the empty text everything is read when ascending, and nothing when descending',
    async run({ storage }) {
      await write(storage, put('a'), put('b'), append('a', '1'), append('b', '1'));
      for (const order of orders) {
        const expected = { keys: order === 'ascending' ? ['a', 'b'] : [], next: undefined };
        const query = { prefix: '', order, after: '', limit: 2 };
        const page = await storage.list(query);
        expectSame(`list(${inLine(query)}) to be`, { keys: keysOf(page), next: page.next }, expected);
        expectSame(`listKeys(${inLine(query)}) to be`, await storage.listKeys(query), expected);
      }
      expectSame("lanes after '' to be", await storage.lanes({ after: '', limit: 2 }), ['a', 'b']);
    },
  },
  {
    name: 'deleting before what is below all keys with the prefix deletes nothing',
    async run({ storage }) {
      await write(storage, ...keys.map((key) => put(key)));
      for (const prefix of ['', 'b', 'b/', 'b/3', 'x']) {
        for (const before of places.filter((place) => place <= prefix)) {
          const range = { prefix, before, limit: 100 };
          expectSame(`deleteRange(${inLine(range)}) to be`, await storage.deleteRange(range), 0);
          expectSame('the keys then to be', await listAllKeys(storage, { prefix: '', limit: 100 }), keys);
        }
      }
    },
  },
  {
    name: 'deleting ends with the prefix, wherever before is, and before it otherwise',
    async run({ storage }) {
      for (const before of places) {
        await write(storage, ...keys.map((key) => put(key)));
        const range = { prefix: 'b/', before, limit: 100 };
        const left = keys.filter((key) => !key.startsWith('b/') || key >= before);
        expectSame(`deleteRange(${inLine(range)}) to be`, await storage.deleteRange(range), keys.length - left.length);
        expectSame('the keys then to be', await listAllKeys(storage, { prefix: '', limit: 100 }), left);
      }
    },
  },
  {
    name: 'a prefix means itself, and no pattern, to whoever lists or deletes',
    async run({ storage }) {
      const signs = ['%', '_', '*', '?', '.', '\\', '[', ']', '^', '$', '{', '(', '|', "'", '"', '+'];
      const all = [...signs.map((sign) => `a${sign}b`), 'axb', 'axxb', 'b'].toSorted();
      await write(storage, ...all.map((key) => put(key)));
      for (const sign of signs) {
        for (const prefix of [`a${sign}`, `a${sign}b`]) {
          const query = { prefix, limit: 9 };
          expectSame(`list(${inLine(query)}) to be`, keysOf(await storage.list(query)), [`a${sign}b`]);
          expectSame(`listKeys(${inLine(query)}) to be`, (await storage.listKeys(query)).keys, [`a${sign}b`]);
        }
        const range = { prefix: `a${sign}`, limit: 9 };
        expectSame(`deleteRange(${inLine(range)}) to be`, await storage.deleteRange(range), 1);
      }
      expectSame('the keys that are left to be', await listAllKeys(storage, { prefix: '', limit: 9 }), [
        'axb',
        'axxb',
        'b',
      ]);
    },
  },
  {
    name: 'a limit may be as large as a whole number can be',
    async run({ storage }) {
      await write(storage, put('a'), put('b'), append('a', '1'), append('a', '2'));
      for (const order of orders) await expectBoth(storage, { prefix: '', limit: largest, order });
      expectSame('the lanes to be', await storage.lanes({ limit: largest }), ['a']);
      const leased = await storage.leaseLane({ lane: 'a', holder: 'a', leaseMs: 60_000, limit: largest });
      expectSame('the number of entries to be', leased.type === 'leased' && leased.entries.length, 2);
      expectSame('the number of deleted records to be', await storage.deleteRange({ prefix: '', limit: largest }), 2);
    },
  },
];

async function expectBoth(storage: Storage, query: ListQuery): Promise<void> {
  const expected = query.order === 'descending' ? ['b', 'a'] : ['a', 'b'];
  expectSame(`list(${inLine(query)}) to be`, keysOf(await storage.list(query)), expected);
  expectSame(`listKeys(${inLine(query)}) to be`, (await storage.listKeys(query)).keys, expected);
}

function keysBehind({ prefix, after = '', order }: ListQuery): string[] {
  const isBehind = (key: string) => (order === 'descending' ? key < after : key > after);
  const found = keys.filter((key) => key.startsWith(prefix) && isBehind(key));
  return order === 'descending' ? found.toReversed() : found;
}
