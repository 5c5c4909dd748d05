import assert from 'node:assert/strict';
import type { JsonObject, Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { takeLane } from './reading.js';
import { append, put, write } from './writing.js';

/** What JSON can say. */
const kinds: JsonObject = {
  '': 'an empty name',
  'a.b': { $set: 1, 'a/b': [[], {}, [{}]] },
  constructor: { toString: 'names of Object.prototype' },
  nothing: null,
  truth: [true, false],
  numbers: [0, -1, 0.1, 1e-7, 1e21, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_VALUE, 5e-324],
  manyDigits: [0.1 + 0.2, 1 / 3, -Math.PI, 123_456_789.123_456_79, 2 ** 31, 2 ** 32 + 1, 2 ** 63, 1e15 + 0.5, 1e300],
  texts: ['', ' ', 'null', '5', '2026-01-01T00:00:00.000Z', '\\', '"', "'", '%', '`', '\r\n\t'],
};

const unicode: JsonObject = {
  'naïve 損失': 'Привет, 世界, مرحبا',
  faces: '👩🏽‍🔬 🏳️‍🌈',
  normalForms: ['\u00e9', 'e\u0301'],
  separators: '\u2028\u2029\ufeff',
  controls: '\u0000\u0001\u001f\u007f',
  // A text that was cut in the middle of a character.
  halfCharacters: ['\ud83d', '\ude00', 'x\ud83dx'],
  '\u0000': 'a name',
  '\ud83d': 'half a name',
  '\u0001\u001f\u007f': 'names',
};

/** A property of this name is one like any other in JSON; in a literal it would be the prototype. */
const prototypes: JsonObject = JSON.parse(
  '{"__proto__": {"a": 1}, "deep": [{"__proto__": null, "b": {"__proto__": "text"}}], "prototype": {}}',
);

/** Neither by name nor by length; what looks like a whole number comes first in JavaScript anyway. */
const ordered: JsonObject = {
  2: 1,
  10: 2,
  zz: 3,
  a: 4,
  '': 5,
  b: { y: 1, x: 2, aaa: 3 },
  B: [{ z: 1, a: 2 }],
  A: 6,
  '01': 7,
};

/** What values may be. */
export const valueScenarios: readonly Scenario[] = [
  {
    name: 'whatever JSON can say comes back the same',
    run: ({ storage }) => comesBack(storage, kinds),
  },
  {
    name: 'an empty object comes back the same',
    run: ({ storage }) => comesBack(storage, {}),
  },
  {
    name: 'texts in any script come back the same, with control characters and half characters',
    run: ({ storage }) => comesBack(storage, unicode),
  },
  {
    name: 'a property may have a name that has a meaning in JavaScript',
    run: ({ storage }) => comesBack(storage, prototypes),
  },
  {
    name: 'properties come back in their order',
    async run({ storage }) {
      await write(storage, put('a', ordered), append('lane', '1', ordered));
      const text = JSON.stringify(ordered);
      expectSame('what get reads to be', JSON.stringify((await storage.get('a'))?.value), text);
      const { records } = await storage.list({ prefix: '', limit: 1 });
      expectSame('what list reads to be', JSON.stringify(records[0]?.value), text);
      const { entries } = await takeLane(storage, 'lane', 'reader');
      expectSame('what the lane has to be', JSON.stringify(entries[0]?.value), text);
    },
  },
  {
    name: 'values of 512 KiB come back the same',
    run: ({ storage }) => comesBack(storage, { text: 'x'.repeat(512 * 1024), after: true }),
  },
  {
    name: 'values of 256 KiB come back the same',
    run: ({ storage }) => comesBack(storage, { text: 'x'.repeat(256 * 1024), after: true }),
  },
  {
    name: 'values of 256 KiB of many small parts come back the same',
    run: ({ storage }) =>
      comesBack(storage, { rows: Array.from({ length: 8192 }, (_, step) => ({ step, loss: 1 / (step + 1) })) }),
  },
  {
    name: 'a property that is undefined is as good as absent',
    async run({ storage }) {
      await write(storage, put('a', { there: 1, absent: undefined }), append('lane', '1', { absent: undefined }));
      const value = (await storage.get('a'))?.value;
      assert.equal(value?.['there'], 1);
      assert.equal(value?.['absent'], undefined);
      const { entries } = await takeLane(storage, 'lane', 'reader');
      assert.equal(entries[0]?.value['absent'], undefined);
    },
  },
];

/** Checks that a value is the same after a detour through a record, a page and a lane. */
async function comesBack(storage: Storage, value: JsonObject): Promise<void> {
  await write(storage, put('a', value), put('b'), append('lane', '1', value), append('lane', '2'));
  assert.deepEqual(await storage.get('a'), { key: 'a', value, revision: 1 });
  assert.deepEqual((await storage.list({ prefix: '', limit: 1 })).records, [{ key: 'a', value, revision: 1 }]);
  const { entries } = await takeLane(storage, 'lane', 'reader');
  assert.deepEqual(entries, [
    { id: '1', value },
    { id: '2', value: { id: '2' } },
  ]);
}
