import assert from 'node:assert/strict';
import type { ListQuery, Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { keysOf } from './reading.js';
import { append, deletion, put, takeClaim, write } from './writing.js';

const orders = ['ascending', 'descending'] as const;

/** The keys of records, without the records. */
export const keyListingScenarios: readonly Scenario[] = [
  {
    name: 'the keys are those that a list of the same query has, with the same next page',
    async run({ storage }) {
      await write(storage, ...['A/', 'a', 'a/', 'a/1', 'a/10', 'a/2', 'a/~', 'a0', 'b/1'].map((key) => put(key)));
      for (const prefix of ['', 'a', 'a/', 'a/1', 'a/~', 'b', 'z']) {
        for (const limit of [1, 2, 3, 100]) {
          for (const order of orders) {
            for (const after of [undefined, 'A', 'a/', 'a/1x', 'a/~', 'b', 'zz']) {
              await areAlike(storage, { prefix, limit, order, after });
            }
          }
        }
      }
    },
  },
  {
    name: 'pages of any size, put together, are all keys',
    async run({ storage }) {
      const keys = Array.from({ length: 57 }, (_, index) => `n/${String(index).padStart(3, '0')}`);
      await write(storage, ...keys.map((key) => put(key)), put('m'), put('o'));
      for (const order of orders) {
        const expected = order === 'ascending' ? keys : keys.toReversed();
        for (const limit of [1, 2, 19, 56, 57, 58, 100_000]) {
          const found: string[] = [];
          for (let after: string | undefined, pages = 0; pages <= keys.length; pages += 1) {
            const page = await storage.listKeys({ prefix: 'n/', limit, order, after });
            assert.ok(page.keys.length <= limit, 'a page is no longer than its limit');
            found.push(...page.keys);
            after = page.next;
            if (after === undefined) break;
          }
          assert.deepEqual(found, expected);
        }
      }
    },
  },
  {
    name: 'thousands of keys come in one page, whatever their values',
    async run({ storage }) {
      const keys = Array.from({ length: 5000 }, (_, index) => `k/${String(index).padStart(4, '0')}`);
      const value = { text: 'x'.repeat(500) };
      for (let start = 0; start < keys.length; start += 500) {
        await write(storage, ...keys.slice(start, start + 500).map((key) => put(key, value)));
      }
      assert.deepEqual(await storage.listKeys({ prefix: 'k/', limit: 5000 }), { keys, next: undefined });
      const last = await storage.listKeys({ prefix: 'k/', limit: 2, order: 'descending' });
      assert.deepEqual(last, { keys: ['k/4999', 'k/4998'], next: 'k/4998' });
    },
  },
  {
    name: 'what was put is there, and what was deleted, claimed or appended is not',
    async run({ storage }) {
      await write(storage, put('a'), put('b'), put('c'), append('lane', '1'));
      await takeClaim(storage, 'claimed', 1000, 2000);
      await write(storage, deletion('b'), put('d'));
      await storage.deleteRange({ prefix: 'c', limit: 1 });
      assert.deepEqual(await storage.listKeys({ prefix: '', limit: 10 }), { keys: ['a', 'd'], next: undefined });
    },
  },
];

async function areAlike(storage: Storage, query: ListQuery): Promise<void> {
  const [page, expected] = [await storage.listKeys(query), await storage.list(query)];
  assert.deepEqual(page.keys, keysOf(expected));
  assert.equal(page.next, expected.next);
}
