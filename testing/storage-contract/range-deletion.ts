import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { laneIds, listAllKeys, revisionOf } from './reading.js';
import { append, put, takeClaim, write } from './writing.js';

/** Deleting many records at once. */
export const rangeDeletionScenarios: readonly Scenario[] = [
  {
    name: 'the records with the prefix are deleted and counted, and no others',
    async run({ storage }) {
      const outside = ['a', 'a.', 'a0', 'b/', 'b/1'];
      await write(storage, ...[...outside, 'a/', 'a/1', 'a/~'].map((key) => put(key)));
      assert.equal(await storage.deleteRange({ prefix: 'a/', limit: 100 }), 3);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 100 }), outside);
      assert.equal(await storage.get('a/1'), undefined);
      assert.equal(await storage.deleteRange({ prefix: 'a/', limit: 100 }), 0);
    },
  },
  {
    name: 'the limit takes the first by their keys, and the next call goes on',
    async run({ storage }) {
      await write(storage, ...['a/5', 'a/1', 'a/4', 'a/2', 'a/3'].map((key) => put(key)));
      const counts: number[] = [];
      for (const left of [['a/3', 'a/4', 'a/5'], ['a/5'], []]) {
        counts.push(await storage.deleteRange({ prefix: 'a/', limit: 2 }));
        assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 100 }), left);
      }
      assert.deepEqual(counts, [2, 2, 1]);
    },
  },
  {
    name: 'before is not deleted itself, and need not be the key of a record',
    async run({ storage }) {
      await write(storage, ...['a/1', 'a/2', 'a/3', 'a/4', 'b/1'].map((key) => put(key)));
      assert.equal(await storage.deleteRange({ prefix: 'a/', before: 'a/1', limit: 100 }), 0);
      assert.equal(await storage.deleteRange({ prefix: 'a/', before: 'a', limit: 100 }), 0);
      assert.equal(await storage.deleteRange({ prefix: 'a/', before: 'a/2', limit: 100 }), 1);
      assert.equal(await storage.deleteRange({ prefix: 'a/', before: 'a/3x', limit: 1 }), 1);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 100 }), ['a/3', 'a/4', 'b/1']);
      assert.equal(await storage.deleteRange({ prefix: 'a/', before: 'z', limit: 100 }), 2);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 100 }), ['b/1']);
    },
  },
  {
    name: 'a record that is put again after it starts at revision 1',
    async run({ storage }) {
      await write(storage, put('a'), put('a'));
      await storage.deleteRange({ prefix: 'a', limit: 1 });
      await write(storage, put('a'));
      assert.equal(await revisionOf(storage, 'a'), 1);
    },
  },
  {
    name: 'as many go at once as the limit says, if there are so many',
    async run({ storage }) {
      const keys = Array.from({ length: 2500 }, (_, index) => `k/${String(index).padStart(4, '0')}`);
      await write(storage, ...keys.map((key) => put(key, {})));
      expectSame('the number of deleted records to be', await storage.deleteRange({ prefix: 'k/', limit: 2400 }), 2400);
      expectSame('the keys then to be', await listAllKeys(storage, { prefix: '', limit: 1000 }), keys.slice(2400));
    },
  },
  {
    name: 'claims and lanes stay',
    async run({ storage }) {
      await write(storage, put('a'), append('a', '1'));
      await takeClaim(storage, 'a', 1000, 2000);
      assert.equal(await storage.deleteRange({ prefix: '', limit: 100 }), 1);
      assert.equal(await takeClaim(storage, 'a', 1999, 3000), false);
      assert.deepEqual(await laneIds(storage, 'a'), ['1']);
    },
  },
  {
    name: 'thousands of records go, a part at a time',
    async run({ storage }) {
      const keys = Array.from({ length: 2500 }, (_, index) => `k/${String(index).padStart(4, '0')}`);
      await write(storage, ...keys.map((key) => put(key, {})));
      let deleted = 0;
      for (const expected of [1000, 1000, 400, 0]) {
        const count = await storage.deleteRange({ prefix: 'k/', before: 'k/2400', limit: 1000 });
        assert.equal(count, expected);
        deleted += count;
      }
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 1000 }), keys.slice(deleted));
    },
  },
];
