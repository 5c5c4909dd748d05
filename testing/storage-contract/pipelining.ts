import assert from 'node:assert/strict';
import type { Commit } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { keysOf, laneIds, revisionOf, takeLane } from './reading.js';
import { append, assertRefused, assertStepRefused, claim, lease, put, remove, revision } from './writing.js';

const many = 400;

/** Many commits are called before the first resolves. */
export const pipeliningScenarios: readonly Scenario[] = [
  {
    name: 'of hundreds the refused ones leave nothing, and all others are written in order',
    async run({ storage }) {
      const wrong = revision('absent', 1);
      const isRefused = (index: number) => index % 50 === 7;
      const commitOf = (index: number): Commit => ({
        ...(isRefused(index) ? { require: [claim(`required/${index}`, 1000, 2000), wrong] } : {}),
        steps: [{ write: [put(`k/${pad(index)}`), append('lane', pad(index))] }, { write: [put('last', { index })] }],
      });
      const results = await Promise.all(
        Array.from({ length: many }, (_, index) => index).map((index) => storage.commit(commitOf(index))),
      );
      for (const [index, result] of results.entries()) {
        if (isRefused(index)) assertRefused(result, wrong);
        else assert.deepEqual(result, { committed: true, steps: [{ written: true }, { written: true }] });
      }
      const written = results.flatMap((_, index) => (isRefused(index) ? [] : [pad(index)]));
      const { records } = await storage.list({ prefix: 'k/', limit: 1000 });
      assert.deepEqual(
        records.map(({ key }) => key),
        written.map((index) => `k/${index}`),
      );
      assert.deepEqual(await laneIds(storage, 'lane'), written);
      assert.equal(await revisionOf(storage, 'last'), written.length);
      assert.deepEqual((await storage.get('last'))?.value, { index: many - 1 });
      assert.equal(await storage.claimedUntil('required/7'), undefined);
    },
  },
  {
    name: 'each sees what those before it have claimed, put and taken out',
    async run({ storage }) {
      const taken = claim('cooldown', 1000, 2000);
      const [first, second, third, fourth] = await Promise.all([
        storage.commit({ steps: [{ when: [taken], write: [put('a'), append('lane', '1')] }] }),
        storage.commit({ steps: [{ when: [taken], write: [put('b')], otherwise: [put('c')] }] }),
        storage.commit({ require: [revision('a', 1), revision('c', 1)], steps: [{ write: [remove('lane', '1')] }] }),
        storage.commit({ steps: [{ write: [append('lane', '1', { again: true })] }] }),
      ]);
      assert.ok(first.committed && third.committed && fourth.committed);
      assertStepRefused(second, 0, taken);
      assert.deepEqual(keysOf(await storage.list({ prefix: '', limit: 10 })), ['a', 'c']);
      assert.deepEqual((await takeLane(storage, 'lane', 'reader')).entries, [{ id: '1', value: { again: true } }]);
    },
  },
  {
    name: 'entries are settled one after the other under one token',
    async run({ storage }) {
      const ids = Array.from({ length: 100 }, (_, index) => pad(index));
      await storage.commit({ steps: [{ write: ids.map((id) => append('lane', id)) }] });
      const held = lease('lane', (await takeLane(storage, 'lane', 'a')).token);
      const results = await Promise.all(
        ids.map((id) =>
          storage.commit({ require: [held], steps: [{ write: [remove('lane', id), put(`sent/${id}`)] }] }),
        ),
      );
      assert.ok(results.every(({ committed }) => committed));
      assert.deepEqual(await storage.lanes({ limit: 10 }), []);
      assert.equal((await storage.list({ prefix: 'sent/', limit: 1000 })).records.length, ids.length);
    },
  },
  {
    name: 'what is read when one of them has resolved has all those before it',
    async run({ storage }) {
      const seen: number[] = [];
      const commits = Array.from({ length: 60 }, async (_, index) => {
        await storage.commit({ steps: [{ write: [put(`k/${pad(index)}`)] }] });
        const { records } = await storage.list({ prefix: 'k/', limit: 1000 });
        seen.push(records.length);
        assert.ok(records.length > index, 'those that were called before are there');
        assert.deepEqual(
          records.map(({ key }) => key),
          records.map((_record, place) => `k/${pad(place)}`),
        );
      });
      await Promise.all(commits);
      assert.equal(seen.length, 60);
    },
  },
];

function pad(index: number): string {
  return String(index).padStart(4, '0');
}
