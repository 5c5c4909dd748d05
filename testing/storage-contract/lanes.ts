import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { laneIds, listAllKeys, takeLane } from './reading.js';
import { append, deletion, put, remove, write } from './writing.js';

/** Lanes: what stands in them, and in which order. */
export const laneScenarios: readonly Scenario[] = [
  {
    name: 'entries stand in the order in which they were appended, whatever their ids',
    async run({ storage }) {
      const ids = Array.from({ length: 120 }, (_, index) => `${(index * 37) % 120}`);
      for (const [index, id] of ids.entries()) {
        if (index % 40 === 0) await write(storage, ...ids.slice(index, index + 39).map((each) => append('lane', each)));
        else if (index % 40 === 39) await write(storage, append('lane', id));
      }
      assert.deepEqual(await laneIds(storage, 'lane'), ids);
    },
  },
  {
    name: 'entries come with their values, the first ones up to the limit',
    async run({ storage }) {
      await write(storage, ...['c', 'a', 'b'].map((id) => append('lane', id, { of: id })));
      for (const limit of [1, 2, 3, 4]) {
        const result = await storage.leaseLane({ lane: 'lane', holder: 'a', leaseMs: 60_000, limit });
        assert.ok(result.type === 'leased');
        const all = ['c', 'a', 'b'].map((id) => ({ id, value: { of: id } }));
        assert.deepEqual(result.entries, all.slice(0, limit));
      }
    },
  },
  {
    name: 'an entry is taken out wherever it stands, and the others stay in order',
    async run({ storage }) {
      await write(storage, ...['1', '2', '3', '4', '5'].map((id) => append('lane', id)));
      await write(storage, remove('lane', '3'));
      assert.deepEqual(await laneIds(storage, 'lane'), ['1', '2', '4', '5']);
      await write(storage, remove('lane', '1'), remove('lane', '5'));
      assert.deepEqual(await laneIds(storage, 'lane'), ['2', '4']);
    },
  },
  {
    name: 'taking out what is not there does nothing',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      await write(storage, remove('lane', '2'), remove('other', '1'), remove('lan', 'e1'));
      await write(storage, remove('lane', '2'));
      assert.deepEqual(await laneIds(storage, 'lane'), ['1']);
      assert.deepEqual(await storage.lanes({ limit: 10 }), ['lane']);
    },
  },
  {
    name: 'an entry that was taken out and appended again stands at the tail',
    async run({ storage }) {
      await write(storage, append('lane', '1', { n: 1 }), append('lane', '2'), append('lane', '3'));
      await write(storage, remove('lane', '1'));
      await write(storage, append('lane', '1', { n: 2 }));
      assert.deepEqual(await laneIds(storage, 'lane'), ['2', '3', '1']);
      await write(storage, remove('lane', '2'), remove('lane', '3'), remove('lane', '1'));
      await write(storage, append('lane', '3'), append('lane', '2'));
      assert.deepEqual(await laneIds(storage, 'lane'), ['3', '2']);
    },
  },
  {
    name: 'an id stands in a lane only once, also when it is appended again',
    async run({ storage }) {
      await write(storage, append('lane', '1'), append('lane', '2'));
      await write(storage, append('lane', '1'));
      assert.deepEqual((await laneIds(storage, 'lane')).toSorted(), ['1', '2']);
      await write(storage, remove('lane', '1'));
      assert.deepEqual(await laneIds(storage, 'lane'), ['2']);
    },
  },
  {
    name: 'an entry that is appended again keeps its place, and has the new value',
    async run({ storage }) {
      await write(storage, ...['3', '1', '2', '4'].map((id) => append('lane', id, { of: id })));
      const expectEntries = async (changed: Readonly<Record<string, string>>): Promise<void> => {
        const expected = ['3', '1', '2', '4'].map((id) => ({ id, value: { of: changed[id] ?? id } }));
        expectSame('the entries to be', (await takeLane(storage, 'lane', 'a')).entries, expected);
      };
      await write(storage, append('lane', '1', { of: 'changed' }));
      await expectEntries({ 1: 'changed' });
      await write(storage, append('lane', '3', { of: 'head' }), append('lane', '4', { of: 'tail' }));
      await expectEntries({ 1: 'changed', 3: 'head', 4: 'tail' });
      await write(storage, append('lane', '2', { of: 'once' }), append('lane', '2', { of: 'twice' }));
      await expectEntries({ 1: 'changed', 2: 'twice', 3: 'head', 4: 'tail' });
      await write(storage, append('lane', '5'), append('lane', '6'), append('lane', '5', { of: 'the same commit' }));
      const { entries } = await takeLane(storage, 'lane', 'a');
      expectSame('the new ones to be', entries.slice(4), [
        { id: '5', value: { of: 'the same commit' } },
        { id: '6', value: { id: '6' } },
      ]);
    },
  },
  {
    name: 'lanes are apart from each other, also when one name begins with another',
    async run({ storage }) {
      const lanes = ['a', 'a/', 'a/b', 'a0', 'aa', 'b'];
      for (const lane of lanes) await write(storage, append(lane, '1', { lane }), append(lane, '2'));
      await write(storage, remove('a', '1'));
      assert.deepEqual(await laneIds(storage, 'a'), ['2']);
      for (const lane of lanes.slice(1)) assert.deepEqual(await laneIds(storage, lane), ['1', '2']);
      await write(storage, remove('a', '2'));
      assert.deepEqual(await laneIds(storage, 'a'), []);
      assert.deepEqual(await storage.lanes({ limit: 10 }), lanes.slice(1));
    },
  },
  {
    name: 'lanes are apart from records of the same name',
    async run({ storage }) {
      await write(storage, put('same'), append('same', '1'));
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), ['same']);
      await write(storage, deletion('same'));
      assert.deepEqual(await laneIds(storage, 'same'), ['1']);
      await write(storage, put('same'), remove('same', '1'));
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), ['same']);
    },
  },
  {
    name: 'lanes that hold an entry are named in order of their bytes, page by page',
    async run({ storage }) {
      const names = ['!', '0', '10', '9', 'A', 'Z', 'a', 'a/b', 'a0', 'aB', 'ab', 'z', '~'];
      assert.deepEqual(await storage.lanes({ limit: 10 }), []);
      await write(storage, ...names.toReversed().flatMap((lane) => [append(lane, '1'), append(lane, '2')]));
      assert.deepEqual(await storage.lanes({ limit: 100 }), names);
      for (const limit of [1, 4, 13]) {
        const found: string[] = [];
        for (let page = await storage.lanes({ limit }); page.length > 0; ) {
          assert.ok(page.length <= limit);
          found.push(...page);
          assert.ok(found.length <= names.length, 'no lane is named twice');
          page = await storage.lanes({ after: page.at(-1), limit });
        }
        assert.deepEqual(found, names);
      }
      assert.deepEqual(await storage.lanes({ after: 'a0', limit: 2 }), ['aB', 'ab']);
      assert.deepEqual(await storage.lanes({ after: 'b', limit: 10 }), ['z', '~']);
    },
  },
  {
    name: 'a lane that has become empty is not named, until it holds an entry again',
    async run({ storage }) {
      await write(storage, append('a', '1'), append('b', '1'), append('b', '2'), append('c', '1'));
      await write(storage, remove('a', '1'), remove('b', '1'));
      assert.deepEqual(await storage.lanes({ limit: 10 }), ['b', 'c']);
      assert.deepEqual(await storage.lanes({ limit: 1 }), ['b']);
      await write(storage, append('a', '2'), remove('b', '2'));
      assert.deepEqual(await storage.lanes({ limit: 10 }), ['a', 'c']);
    },
  },
];
