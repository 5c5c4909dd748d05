import assert from 'node:assert/strict';
import type { JsonObject, JsonValue } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { takeLane } from './reading.js';
import { append, put, write } from './writing.js';

/** Values that come back belong to the caller, and values that went in still do. */
export const copyScenarios: readonly Scenario[] = [
  {
    name: 'changing what was put, after it was committed, changes nothing',
    async run({ storage }) {
      const value = sample();
      await write(storage, put('a', value), append('lane', '1', value));
      spoil(value);
      assert.deepEqual((await storage.get('a'))?.value, sample());
      assert.deepEqual((await takeLane(storage, 'lane', 'reader')).entries, [{ id: '1', value: sample() }]);
    },
  },
  {
    name: 'two records put from one object stay apart',
    async run({ storage }) {
      const value = sample();
      await write(storage, put('a', value), put('b', value));
      const record = await storage.get('a');
      assert.ok(record);
      spoil(record.value);
      assert.deepEqual((await storage.get('b'))?.value, sample());
    },
  },
  {
    name: 'changing what was read changes nothing',
    async run({ storage }) {
      await write(storage, put('a', sample()));
      const record = await storage.get('a');
      assert.ok(record);
      spoil(record.value);
      assert.deepEqual(await storage.get('a'), { key: 'a', value: sample(), revision: 1 });
      Reflect.set(record, 'revision', 99);
      assert.deepEqual(await storage.get('a'), { key: 'a', value: sample(), revision: 1 });
    },
  },
  {
    name: 'changing what was listed changes nothing',
    async run({ storage }) {
      await write(storage, put('a', sample()), put('b', sample()));
      const { records } = await storage.list({ prefix: '', limit: 2 });
      const expected = ['a', 'b'].map((key) => ({ key, value: sample(), revision: 1 }));
      for (const record of records) spoil(record.value);
      assert.deepEqual((await storage.list({ prefix: '', limit: 2 })).records, expected);
      for (const record of records) Reflect.set(record, 'revision', 99);
      assert.deepEqual((await storage.list({ prefix: '', limit: 2 })).records, expected);
    },
  },
  {
    name: 'changing an entry that was read changes nothing',
    async run({ storage }) {
      await write(storage, append('lane', '1', sample()));
      const { entries } = await takeLane(storage, 'lane', 'reader');
      const value = entries[0]?.value;
      assert.ok(value);
      spoil(value);
      assert.deepEqual((await takeLane(storage, 'lane', 'reader')).entries, [{ id: '1', value: sample() }]);
    },
  },
  {
    name: 'what was read stays as it was when the record changes',
    async run({ storage }) {
      await write(storage, put('a', sample()));
      const before = await storage.get('a');
      const page = await storage.list({ prefix: '', limit: 1 });
      await write(storage, put('a', { other: true }));
      assert.deepEqual(before, { key: 'a', value: sample(), revision: 1 });
      assert.deepEqual(page.records, [before]);
    },
  },
];

function sample(): JsonObject {
  return { name: 'loss', deep: { list: [1, 2, { x: 3 }] } };
}

/** Changes an object all through, as far as it lets itself be changed. */
function spoil(value: JsonValue | undefined): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    spoil(inner as JsonValue);
    Reflect.set(value, name, 'spoilt');
  }
  Reflect.set(value, 'added', 'spoilt');
}
