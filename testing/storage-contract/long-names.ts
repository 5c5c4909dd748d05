import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { laneIds, listAllKeys } from './reading.js';
import { append, put, remove, takeClaim, write } from './writing.js';

/** The longest names that there are, which differ in their last character only. */
const [one, other] = ['1', '2'].map((last) => `${' k~'.repeat(170)}k${last}`) as [string, string];

/** Keys of 512 characters, and lanes of thousands of entries. */
export const longNameScenarios: readonly Scenario[] = [
  {
    name: 'records with keys of 512 characters are apart, and listed in order',
    async run({ storage }) {
      assert.equal(one.length, 512);
      await write(storage, put(other, { n: 2 }), put(one, { n: 1 }), put(one.slice(0, -1)));
      assert.deepEqual((await storage.get(one))?.value, { n: 1 });
      assert.deepEqual((await storage.get(other))?.value, { n: 2 });
      const all = [one.slice(0, -1), one, other];
      assert.deepEqual(await listAllKeys(storage, { prefix: ' k~', limit: 1 }), all);
      assert.deepEqual(
        await listAllKeys(storage, { prefix: one.slice(0, -1), limit: 1, order: 'descending' }),
        all.toReversed(),
      );
      assert.deepEqual(await listAllKeys(storage, { prefix: one, limit: 10 }), [one]);
      assert.equal(await storage.deleteRange({ prefix: one, limit: 10 }), 1);
    },
  },
  {
    name: 'a prefix or a place that is longer than any key finds what it should',
    async run({ storage }) {
      await write(storage, put('a'), put(one), put('z'));
      const long = 'k'.repeat(10_000);
      assert.deepEqual(await listAllKeys(storage, { prefix: long, limit: 10 }), []);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', after: long, limit: 10 }), ['z']);
      const descending = { prefix: '', after: long, limit: 10, order: 'descending' } as const;
      assert.deepEqual(await listAllKeys(storage, descending), ['a', one]);
      assert.equal(await storage.deleteRange({ prefix: long, limit: 10 }), 0);
      assert.equal(await storage.deleteRange({ prefix: '', before: long, limit: 10 }), 2);
    },
  },
  {
    name: 'claims with keys of 512 characters are apart',
    async run({ storage }) {
      assert.equal(await takeClaim(storage, one, 1000, 2000), true);
      assert.equal(await takeClaim(storage, other, 1000, 3000), true);
      assert.equal(await takeClaim(storage, one, 1999, 4000), false);
      assert.equal(await storage.claimedUntil(one), 2000);
      assert.equal(await storage.claimedUntil(other), 3000);
    },
  },
  {
    name: 'lanes and entries with names of 512 characters are apart',
    async run({ storage }) {
      await write(storage, append(one, other), append(one, one), append(other, one));
      assert.deepEqual(await storage.lanes({ limit: 10 }), [one, other]);
      assert.deepEqual(await storage.lanes({ limit: 10, after: one }), [other]);
      assert.deepEqual(await laneIds(storage, one), [other, one]);
      await write(storage, remove(one, other));
      assert.deepEqual(await laneIds(storage, one), [one]);
      assert.deepEqual(await laneIds(storage, other), [one]);
    },
  },
  {
    name: 'a lane of 10,000 entries keeps their order, and settles wherever they stand',
    async run({ storage }) {
      const ids = Array.from({ length: 10_000 }, (_, index) => `${(index * 7919) % 10_000}`);
      for (let start = 0; start < ids.length; start += 1000) {
        await write(storage, ...ids.slice(start, start + 1000).map((id) => append('lane', id)));
      }
      const removed = new Set(ids.filter((_, index) => index < 10 || index % 1000 === 500 || index === 9999));
      await write(storage, ...[...removed].map((id) => remove('lane', id)));
      const left = ids.filter((id) => !removed.has(id));
      const ask = (limit: number) => storage.leaseLane({ lane: 'lane', holder: 'reader', leaseMs: 600_000, limit });
      for (const limit of [1, 5000, 10_000]) {
        const result = await ask(limit);
        assert.ok(result.type === 'leased');
        assert.deepEqual(
          result.entries.map(({ id }) => id),
          left.slice(0, limit),
        );
      }
    },
  },
];
