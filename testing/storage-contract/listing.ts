import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { keysOf, listAllKeys } from './reading.js';
import { append, deletion, put, takeClaim, write } from './writing.js';

/** Everything printable in ASCII, in the order of the bytes. */
const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));

const numbered = Array.from({ length: 57 }, (_, index) => `n/${String(index).padStart(3, '0')}`);

/** Records in order of their keys, page by page. */
export const listingScenarios: readonly Scenario[] = [
  {
    name: 'a storage without records lists none, and has no next page',
    async run({ storage }) {
      for (const order of ['ascending', 'descending'] as const) {
        const page = await storage.list({ prefix: '', limit: 1, order });
        assert.deepEqual(page.records, []);
        assert.equal(page.next, undefined);
      }
    },
  },
  {
    name: 'keys are ordered by their bytes, in both directions',
    async run({ storage }) {
      const keys = printable.flatMap((character) => [`k${character}`, `k${character}!`]);
      const sorted = ['k', ...keys];
      await write(storage, ...sorted.toReversed().map((key) => put(key)));
      assert.deepEqual(await listAllKeys(storage, { prefix: 'k', limit: 1000 }), sorted);
      assert.deepEqual(
        await listAllKeys(storage, { prefix: 'k', limit: 1000, order: 'descending' }),
        sorted.toReversed(),
      );
      const texts = ['10', '9', 'B', 'a', 'a-b', 'aB', 'ab'];
      await write(storage, ...texts.toReversed().map((key) => put(`t/${key}`)));
      assert.deepEqual(
        await listAllKeys(storage, { prefix: 't/', limit: 1000 }),
        texts.map((key) => `t/${key}`),
      );
    },
  },
  {
    name: 'records come with their values and revisions',
    async run({ storage }) {
      await write(storage, put('a', { n: 1 }), put('b', { n: 2 }), put('b', { n: 3 }));
      const a = { key: 'a', value: { n: 1 }, revision: 1 };
      const b = { key: 'b', value: { n: 3 }, revision: 2 };
      assert.deepEqual((await storage.list({ prefix: '', limit: 9 })).records, [a, b]);
      assert.deepEqual((await storage.list({ prefix: '', limit: 9, order: 'descending' })).records, [b, a]);
    },
  },
  {
    name: 'pages of any size, put together, are the whole list',
    async run({ storage }) {
      await write(storage, ...numbered.map((key) => put(key)), put('m'), put('o'));
      for (const limit of [1, 2, 10, 19, 56, 57, 58, 100_000]) {
        assert.deepEqual(await listAllKeys(storage, { prefix: 'n/', limit }), numbered);
        const descending = await listAllKeys(storage, { prefix: 'n/', limit, order: 'descending' });
        assert.deepEqual(descending, numbered.toReversed());
      }
    },
  },
  {
    name: 'a page is full when there is enough, and has a next one only when there is more',
    async run({ storage }) {
      await write(storage, put('a/1'), put('a/2'), put('a/3'), put('b'));
      for (const order of ['ascending', 'descending'] as const) {
        const first = await storage.list({ prefix: 'a/', limit: 2, order });
        assert.equal(first.records.length, 2);
        assert.equal(typeof first.next, 'string');
        const last = await storage.list({ prefix: 'a/', limit: 2, order, after: first.next });
        assert.equal(last.records.length, 1);
        assert.equal(last.next, undefined);
        assert.equal((await storage.list({ prefix: 'a/', limit: 3, order })).next, undefined);
      }
    },
  },
  {
    name: 'a prefix ends where it ends',
    async run({ storage }) {
      const inside = ['a/', 'a/ ', 'a//', 'a/0', 'a/a', 'a/~', 'a/~~'];
      await write(storage, ...['', '!', '.', '0', 'a', 'b/', '~'].map((rest) => put(`a${rest}`)), put('A/'), put('b/'));
      await write(storage, ...inside.map((key) => put(key)));
      assert.deepEqual(await listAllKeys(storage, { prefix: 'a/', limit: 3 }), inside);
      const descending = await listAllKeys(storage, { prefix: 'a/', limit: 3, order: 'descending' });
      assert.deepEqual(descending, inside.toReversed());
      assert.deepEqual(await listAllKeys(storage, { prefix: 'a/~', limit: 3 }), ['a/~', 'a/~~']);
      assert.deepEqual(await listAllKeys(storage, { prefix: 'a/~~~', limit: 3 }), []);
    },
  },
  {
    name: 'a prefix means itself, not a pattern',
    async run({ storage }) {
      await write(storage, ...['a%b', 'a_b', 'a\\b', 'a*b', 'a.b', 'axb', 'axxb'].map((key) => put(key)));
      for (const prefix of ['a%', 'a_', 'a\\', 'a*', 'a.']) {
        assert.deepEqual(await listAllKeys(storage, { prefix, limit: 9 }), [`${prefix}b`]);
      }
    },
  },
  {
    name: 'the empty prefix is that of all records, and of nothing else',
    async run({ storage }) {
      await write(storage, put('b'), put(' '), put('~'), append('lane', '1'));
      await takeClaim(storage, 'claimed', 1000, 2000);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 2 }), [' ', 'b', '~']);
    },
  },
  {
    name: 'after need not be the key of a record',
    async run({ storage }) {
      await write(storage, put('a/1'), put('a/3'), put('a/5'), put('b'));
      const ascending = async (after: string) => keysOf(await storage.list({ prefix: 'a/', limit: 9, after }));
      assert.deepEqual(await ascending('a/2'), ['a/3', 'a/5']);
      assert.deepEqual(await ascending('a/3'), ['a/5']);
      assert.deepEqual(await ascending('A'), ['a/1', 'a/3', 'a/5']);
      assert.deepEqual(await ascending('a/5'), []);
      assert.deepEqual(await ascending('b'), []);
      const descending = async (after: string) =>
        keysOf(await storage.list({ prefix: 'a/', limit: 9, after, order: 'descending' }));
      assert.deepEqual(await descending('a/4'), ['a/3', 'a/1']);
      assert.deepEqual(await descending('a/3'), ['a/1']);
      assert.deepEqual(await descending('b'), ['a/5', 'a/3', 'a/1']);
      assert.deepEqual(await descending('a/1'), []);
      assert.deepEqual(await descending('A'), []);
    },
  },
  {
    name: 'reading on goes on behind the last key, whatever was put or deleted between the pages',
    async run({ storage }) {
      await write(storage, ...['b', 'd', 'f', 'h'].map((key) => put(key)));
      const first = await storage.list({ prefix: '', limit: 2 });
      assert.deepEqual(keysOf(first), ['b', 'd']);
      await write(storage, put('a'), put('c'), deletion('d'), put('e'), deletion('f'), put('i'));
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 2, after: first.next }), ['e', 'h', 'i']);

      const last = await storage.list({ prefix: '', limit: 2, order: 'descending' });
      assert.deepEqual(keysOf(last), ['i', 'h']);
      await write(storage, put('j'), deletion('h'), put('g'), deletion('a'));
      const rest = await listAllKeys(storage, { prefix: '', limit: 2, after: last.next, order: 'descending' });
      assert.deepEqual(rest, ['g', 'e', 'c', 'b']);
    },
  },
];
