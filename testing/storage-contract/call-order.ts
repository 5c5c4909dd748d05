import assert from 'node:assert/strict';
import type { Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { askForLane, keysOf, laneIds, revisionOf } from './reading.js';
import { append, assertStepRefused, claim, put, revision, takeClaim, write, writeIf } from './writing.js';

/** Commits take effect in the order of the calls. */
export const callOrderScenarios: readonly Scenario[] = [
  {
    name: 'of 500 commits at once for one claim exactly one has it, the first that was called',
    async run({ storage }) {
      const wanted = (index: number) => claim('cooldown', 1000, 2000 + index);
      const results = await Promise.all(
        Array.from({ length: 500 }, (_, index) =>
          storage.commit({ steps: [{ when: [wanted(index)], write: [put(`fired/${index}`)] }] }),
        ),
      );
      assert.deepEqual(results[0], { committed: true, steps: [{ written: true }] });
      for (const [index, result] of results.entries()) if (index > 0) assertStepRefused(result, 0, wanted(index));
      assert.deepEqual(keysOf(await storage.list({ prefix: 'fired/', limit: 1000 })), ['fired/0']);
      assert.equal(await storage.claimedUntil('cooldown'), 2000);
    },
  },
  {
    name: 'commits that build on each other need not wait for each other',
    async run({ storage }) {
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, index) => writeIf(storage, [revision('a', index)], put('a', { index }))),
      );
      assert.deepEqual(
        results.filter(({ committed }) => !committed),
        [],
      );
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { index: 199 }, revision: 200 });
    },
  },
  {
    name: 'a large commit that was called first takes effect first',
    async run({ storage }) {
      const large = Array.from({ length: 300 }, (_, index) => put(`large/${index}`, { text: 'x'.repeat(2000) }));
      await Promise.all([
        write(storage, ...large, put('last', { by: 'large' }), append('lane', 'large')),
        write(storage, put('last', { by: 'small' }), append('lane', 'small')),
      ]);
      assert.deepEqual(await storage.get('last'), { key: 'last', value: { by: 'small' }, revision: 2 });
      assert.deepEqual(await laneIds(storage, 'lane'), ['large', 'small']);
    },
  },
  {
    name: 'entries of commits at once stand in the order of the calls',
    async run({ storage }) {
      const ids = Array.from({ length: 200 }, (_, index) => `entry-${(index * 7919) % 200}`);
      await Promise.all(ids.map((id) => write(storage, append('lane', id))));
      assert.deepEqual(await laneIds(storage, 'lane'), ids);
    },
  },
  {
    name: 'a commit that rejects does not hold up those that were called after it',
    async run({ storage }) {
      const unreadable = {
        get value(): string {
          throw new Error('This value cannot be read');
        },
      };
      const commit = async (value: object) => write(storage, put('a', value as Record<string, string>));
      const results = await Promise.allSettled([commit({ n: '1' }), commit(unreadable), commit({ n: '2' })]);
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(await storage.get('a'), { key: 'a', value: { n: '2' }, revision: 2 });
    },
  },
  {
    name: 'what was committed is there for every later call',
    async run({ storage }) {
      for (let round = 1; round <= 20; round += 1) {
        await write(storage, put('a', { round }), put(`key/${round}`), append(`lane-${round}`, '1'));
        await takeClaim(storage, `claim/${round}`, 1000, 2000);
        assert.equal(await revisionOf(storage, 'a'), round);
        assert.equal((await storage.list({ prefix: 'key/', limit: 100 })).records.length, round);
        assert.equal((await storage.lanes({ limit: 100 })).length, round);
        assert.equal((await askForLane(storage, `lane-${round}`, 'a')).type, 'leased');
        assert.equal(await storage.claimedUntil(`claim/${round}`), 2000);
      }
      assert.equal(await storage.deleteRange({ prefix: 'key/', limit: 100 }), 20);
    },
  },
  {
    name: 'who reads meanwhile sees a commit whole or not at all',
    run: ({ storage }) => readWhileWriting(storage, storage),
  },
];

/** Writes records in pairs, and checks that no page shows half of a pair. */
export async function readWhileWriting(writer: Storage, reader: Storage): Promise<void> {
  let isWriting = true;
  const writeAll = async (): Promise<void> => {
    for (let round = 1; round <= 50; round += 1) {
      await writer.commit({ steps: ['pair/1', 'pair/2'].map((key) => ({ write: [put(key, { round })] })) });
    }
  };
  const written = writeAll().finally(() => {
    isWriting = false;
  });
  while (isWriting) {
    const { records } = await reader.list({ prefix: 'pair/', limit: 2 });
    assert.equal(records[0]?.value['round'], records[1]?.value['round']);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await written;
}
