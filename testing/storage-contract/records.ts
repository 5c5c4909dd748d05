import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { keysOf, revisionOf } from './reading.js';
import { deletion, put, takeClaim, write } from './writing.js';

/** The longest key. */
const longestKey = 'k'.repeat(512);

/** Records under their keys. */
export const recordScenarios: readonly Scenario[] = [
  {
    name: 'a record that was put can be read, with its key and revision 1',
    async run({ storage }) {
      await write(storage, put('run/1', { loss: 0.5 }));
      assert.deepEqual(await storage.get('run/1'), { key: 'run/1', value: { loss: 0.5 }, revision: 1 });
    },
  },
  {
    name: 'a record that is not there is undefined',
    async run({ storage }) {
      await write(storage, put('run/1'));
      for (const key of ['run/2', 'run/', 'run', 'run/10']) assert.equal(await storage.get(key), undefined);
    },
  },
  {
    name: 'a put replaces the whole value',
    async run({ storage }) {
      await write(storage, put('a', { kept: { deep: 1 }, gone: true }));
      await write(storage, put('a', { kept: { other: 2 } }));
      assert.deepEqual((await storage.get('a'))?.value, { kept: { other: 2 } });
    },
  },
  {
    name: 'the revision grows by 1 with each put, of the same value too',
    async run({ storage }) {
      for (let expected = 1; expected <= 12; expected += 1) {
        await write(storage, put('a', { same: true }));
        assert.equal(await revisionOf(storage, 'a'), expected);
      }
    },
  },
  {
    name: 'each put of one commit counts',
    async run({ storage }) {
      await write(storage, put('a', { n: 1 }), put('a', { n: 2 }), put('b'), put('a', { n: 3 }));
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { n: 3 }, revision: 3 });
      assert.equal(await revisionOf(storage, 'b'), 1);
    },
  },
  {
    name: 'a record that was deleted is gone, and starts again at revision 1',
    async run({ storage }) {
      await write(storage, put('a'), put('a'), put('b'));
      await write(storage, deletion('a'));
      assert.equal(await storage.get('a'), undefined);
      assert.equal(await revisionOf(storage, 'b'), 1);
      await write(storage, put('a'));
      assert.equal(await revisionOf(storage, 'a'), 1);
      await write(storage, put('a'), deletion('a'), put('a', { last: true }));
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { last: true }, revision: 1 });
    },
  },
  {
    name: 'deleting what is not there does nothing',
    async run({ storage }) {
      await write(storage, deletion('a'), put('b'), deletion('c'));
      await write(storage, deletion('a'));
      assert.deepEqual(keysOf(await storage.list({ prefix: '', limit: 10 })), ['b']);
    },
  },
  {
    name: 'a key may have 512 characters, and its last one counts',
    async run({ storage }) {
      const other = `${longestKey.slice(1)}l`;
      await write(storage, put(longestKey, { n: 1 }), put(other, { n: 2 }));
      assert.deepEqual((await storage.get(longestKey))?.value, { n: 1 });
      assert.deepEqual((await storage.get(other))?.value, { n: 2 });
      const page = await storage.list({ prefix: longestKey.slice(1), after: longestKey, limit: 10 });
      assert.deepEqual(keysOf(page), [other]);
      assert.equal(await takeClaim(storage, longestKey, 1000, 2000), true);
      assert.equal(await takeClaim(storage, other, 1000, 2000), true);
      assert.equal(await takeClaim(storage, longestKey, 1000, 2000), false);
      assert.equal(await storage.deleteRange({ prefix: longestKey, limit: 10 }), 1);
      assert.deepEqual(keysOf(await storage.list({ prefix: '', limit: 10 })), [other]);
    },
  },
  {
    name: 'keys that differ in case or in a space are different',
    async run({ storage }) {
      const keys = [' a', 'A', 'a', 'a ', 'a  ', 'a b', 'a_b'];
      await write(storage, ...keys.map((key) => put(key)));
      for (const key of keys) assert.deepEqual(await storage.get(key), { key, value: { key }, revision: 1 });
    },
  },
];
