import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { laneIds, listAllKeys, revisionOf } from './reading.js';
import {
  append,
  assertRefused,
  assertStepRefused,
  claim,
  deletion,
  lease,
  put,
  remove,
  revision,
  takeClaim,
  write,
  writeIf,
} from './writing.js';

/** Commits: steps, preconditions, all or nothing. */
export const stepScenarios: readonly Scenario[] = [
  {
    name: 'everything of a commit is written, and each step is answered for, in order',
    async run({ storage }) {
      await write(storage, put('old'));
      const taken = revision('old', 0);
      const result = await storage.commit({
        steps: [
          { write: [put('a'), append('lane', '1')] },
          { when: [taken], write: [put('b')] },
          { when: [], write: [] },
          { write: [deletion('old'), append('lane', '2')] },
        ],
      });
      assert.ok(result.committed);
      assert.deepEqual(
        result.steps.map(({ written }) => written),
        [true, false, true, true],
      );
      assertStepRefused(result, 1, taken);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), ['a']);
      assert.deepEqual(await laneIds(storage, 'lane'), ['1', '2']);
    },
  },
  {
    name: 'a commit without steps does nothing, and still tells whether what it requires holds',
    async run({ storage }) {
      assert.deepEqual(await storage.commit({ steps: [] }), { committed: true, steps: [] });
      assert.deepEqual(await storage.commit({ require: [revision('a', 0)], steps: [] }), {
        committed: true,
        steps: [],
      });
      assertRefused(await storage.commit({ require: [revision('a', 1)], steps: [] }), revision('a', 1));
    },
  },
  {
    name: 'a revision holds when it is the one the record has, and 0 when there is none',
    async run({ storage }) {
      await write(storage, put('a'), put('a'));
      for (const wrong of [0, 1, 3]) {
        assertRefused(await writeIf(storage, [revision('a', wrong)], put('a')), revision('a', wrong));
      }
      assert.equal((await writeIf(storage, [revision('a', 2)], put('a'))).committed, true);
      assert.equal((await writeIf(storage, [revision('b', 0)], put('b'))).committed, true);
      assertRefused(await writeIf(storage, [revision('b', 0)], put('b')), revision('b', 0));
      assertRefused(await writeIf(storage, [revision('c', 1)], put('c')), revision('c', 1));
      await write(storage, deletion('a'));
      assert.equal((await writeIf(storage, [revision('a', 0)], put('a'))).committed, true);
    },
  },
  {
    name: 'when what a commit requires does not hold, nothing at all is written',
    async run({ storage }) {
      await write(storage, put('a', { n: 1 }), append('lane', '1'));
      const wrong = revision('a', 2);
      const result = await storage.commit({
        require: [claim('required', 1000, 2000), wrong],
        steps: [
          { write: [put('a', { n: 2 }), put('b'), append('lane', '2'), remove('lane', '1')] },
          { when: [claim('cooldown', 1000, 2000)], write: [put('c')], otherwise: [put('d')] },
          { when: [wrong], write: [put('e')], otherwise: [put('f'), deletion('a')] },
        ],
      });
      assertRefused(result, wrong);
      const { records } = await storage.list({ prefix: '', limit: 10 });
      assert.deepEqual(records, [{ key: 'a', value: { n: 1 }, revision: 1 }]);
      assert.deepEqual(await laneIds(storage, 'lane'), ['1']);
      assert.equal(await takeClaim(storage, 'required', 1000, 2000), true);
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 2000), true);
    },
  },
  {
    name: 'of several preconditions all must hold, and the conflict is one that does not',
    async run({ storage }) {
      await write(storage, put('a'));
      const [fits, early, late] = [revision('a', 1), revision('a', 0), revision('b', 1)];
      assertRefused(await writeIf(storage, [fits, early], put('c')), early);
      assertRefused(await writeIf(storage, [late, fits], put('c')), late);
      assertRefused(await writeIf(storage, [early, fits, late], put('c')), early, late);
      assertStepRefused(await storage.commit({ steps: [{ when: [fits, late, early], write: [] }] }), 0, early, late);
      assert.equal((await writeIf(storage, [fits, revision('b', 0)], put('c'))).committed, true);
    },
  },
  {
    name: 'otherwise is written when a precondition of its step does not hold, and only then',
    async run({ storage }) {
      await write(storage, put('a'), append('lane', '1'));
      const unknownLease = lease('lane', 1);
      const result = await storage.commit({
        steps: [
          { when: [revision('a', 1)], write: [put('written')], otherwise: [put('not written')] },
          { when: [revision('a', 7)], write: [put('not written')], otherwise: [put('instead/1'), append('lane', '2')] },
          { when: [unknownLease], write: [put('not written')], otherwise: [put('instead/2'), remove('lane', '1')] },
        ],
      });
      assertStepRefused(result, 1, revision('a', 7));
      assertStepRefused(result, 2, unknownLease);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), [
        'a',
        'instead/1',
        'instead/2',
        'written',
      ]);
      assert.deepEqual(await laneIds(storage, 'lane'), ['2']);
    },
  },
  {
    name: 'a later step sees what an earlier one wrote, and what the commit requires does not',
    async run({ storage }) {
      await write(storage, put('gone'));
      const result = await storage.commit({
        require: [revision('a', 0), revision('gone', 1), revision('instead', 0)],
        steps: [
          { write: [put('a', { n: 1 }), deletion('gone')] },
          { when: [revision('a', 1), revision('gone', 0)], write: [put('a', { n: 2 })] },
          { when: [revision('a', 1)], write: [deletion('a')], otherwise: [put('instead')] },
          { when: [revision('instead', 1), revision('a', 2)], write: [put('last')] },
          { when: [revision('gone', 1)], write: [put('not written')] },
        ],
      });
      assert.ok(result.committed);
      assertStepRefused(result, 2, revision('a', 1));
      assert.deepEqual(result.steps[3], { written: true });
      assertStepRefused(result, 4, revision('gone', 1));
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { n: 2 }, revision: 2 });
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), ['a', 'instead', 'last']);
    },
  },
  {
    name: 'the writes of a step take effect in order',
    async run({ storage }) {
      await write(storage, put('a', { n: 1 }), deletion('a'), put('b', { n: 1 }), put('b', { n: 2 }));
      await write(storage, append('lane', '1'), append('lane', '2'), remove('lane', '1'), append('lane', '1'));
      await write(storage, append('short', '1'), remove('short', '1'));
      assert.equal(await storage.get('a'), undefined);
      assert.deepEqual((await storage.get('b'))?.value, { n: 2 });
      assert.deepEqual(await laneIds(storage, 'lane'), ['2', '1']);
      assert.deepEqual(await storage.lanes({ limit: 10 }), ['lane']);
    },
  },
  {
    name: 'a commit that rejects has written nothing, and the next one works',
    async run({ storage }) {
      await write(storage, put('a', { n: 1 }), append('lane', '1'));
      const unreadable = {
        get value(): string {
          throw new Error('This value cannot be read');
        },
      };
      for (const last of [put('b', unreadable), append('lane', '2', unreadable)]) {
        const writes = [put('a', { n: 2 }), append('lane', '3'), remove('lane', '1'), put('c'), last];
        const when = [claim('cooldown', 1000, 2000)];
        const commit = async () => storage.commit({ steps: [{ when, write: [put('d')] }, { write: writes }] });
        await assert.rejects(commit);
      }
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), ['a']);
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { n: 1 }, revision: 1 });
      assert.deepEqual(await laneIds(storage, 'lane'), ['1']);
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 2000), true);
      await write(storage, put('a', { n: 3 }), append('lane', '2'));
      assert.equal(await revisionOf(storage, 'a'), 2);
      assert.deepEqual(await laneIds(storage, 'lane'), ['1', '2']);
    },
  },
];
