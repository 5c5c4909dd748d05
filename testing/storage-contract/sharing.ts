import assert from 'node:assert/strict';
import type { Storage } from '../../src/index.js';
import { readWhileWriting } from './call-order.js';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { readWhileWritingMuch } from './large-commits.js';
import { askForLane, keysOf, laneIds, revisionOf, takeLane } from './reading.js';
import { append, assertRefused, claim, lease, put, remove, revision, takeClaim, write, writeIf } from './writing.js';

/** Two processes, or two handles, on the same data. */
export const sharingScenarios: readonly Scenario[] = [
  {
    name: 'what one committed the other reads',
    needs: 'second',
    async run({ storage, second }) {
      await write(storage, put('a', { by: 'first' }));
      const other = await second();
      assert.deepEqual((await other.get('a'))?.value, { by: 'first' });
      assert.equal(await other.get('b'), undefined);
      for (let round = 1; round <= 10; round += 1) {
        for (const revision of [2 * round - 1, 2 * round]) {
          await write(storage, put('b', { revision }));
          assert.deepEqual(await other.get('b'), { key: 'b', value: { revision }, revision });
          assert.equal((await other.list({ prefix: 'b', limit: 1 })).records[0]?.revision, revision);
        }
        await write(other, put(`c/${round}`), append('lane', `${round}`));
        assert.equal((await storage.list({ prefix: 'c/', limit: 100 })).records.length, round);
        assert.equal((await laneIds(storage, 'lane')).length, round);
      }
      assert.equal(await other.deleteRange({ prefix: 'c/', limit: 100 }), 10);
      assert.deepEqual(keysOf(await storage.list({ prefix: '', limit: 100 })), ['a', 'b']);
      assert.deepEqual(await storage.lanes({ limit: 10 }), ['lane']);
    },
  },
  {
    name: 'a claim is won by one of them only',
    needs: 'second',
    async run({ storage, second }) {
      const other = await second();
      for (let round = 0; round < 20; round += 1) {
        const key = `cooldown/${round}`;
        const take = (by: Storage) => Array.from({ length: 10 }, () => takeClaim(by, key, 1000, 2000));
        const won = await Promise.all(
          round % 2 === 0 ? [take(storage), take(other)].flat() : [take(other), take(storage)].flat(),
        );
        assert.equal(won.filter(Boolean).length, 1);
        assert.equal(await storage.claimedUntil(key), 2000);
        assert.equal(await other.claimedUntil(key), 2000);
      }
      const result = await other.commit({ require: [claim('cooldown/0', 1999, 3000)], steps: [] });
      assertRefused(result, claim('cooldown/0', 1999, 3000));
    },
  },
  {
    name: 'of two who write the same revision one is refused, so nothing is lost',
    needs: 'second',
    async run({ storage, second }) {
      const other = await second();
      const count = async (by: Storage, times: number): Promise<void> => {
        let attempts = 0;
        for (let counted = 0; counted < times; attempts += 1) {
          assert.ok(attempts < 100_000, 'somebody gets through at some time');
          const record = await by.get('counter');
          const value = { n: Number(record?.value['n'] ?? 0) + 1 };
          const result = await writeIf(by, [revision('counter', record?.revision ?? 0)], put('counter', value));
          if (result.committed) counted += 1;
        }
      };
      await Promise.all([count(storage, 25), count(other, 25), count(storage, 25), count(other, 25)]);
      assert.deepEqual(await storage.get('counter'), { key: 'counter', value: { n: 100 }, revision: 100 });
      assert.equal(await revisionOf(other, 'counter'), 100);
    },
  },
  {
    name: 'a commit of one is seen by the other whole or not at all',
    needs: 'second',
    async run({ storage, second }) {
      await readWhileWriting(storage, await second());
    },
  },
  {
    name: 'a commit of 2,000 writes of one is seen by the other whole or not at all',
    needs: 'second',
    async run({ storage, second }) {
      await readWhileWritingMuch(storage, await second());
    },
  },
  {
    name: 'of two of which each requires what the other writes one only is written',
    needs: 'second',
    async run({ storage, second }) {
      const other = await second();
      for (let round = 0; round < 20; round += 1) {
        const [a, b] = [`a/${round}`, `b/${round}`];
        const results = await Promise.all([
          writeIf(storage, [revision(a, 0)], put(b)),
          writeIf(other, [revision(b, 0)], put(a)),
        ]);
        const committed = results.filter((result) => result.committed).length;
        expectSame('the number of commits that are committed to be', committed, 1);
      }
    },
  },
  {
    name: 'two that write the same in opposite orders do not stop each other',
    needs: 'second',
    async run({ storage, second }) {
      const other = await second();
      for (let round = 1; round <= 20; round += 1) {
        const [one, two] = [claim(`one/${round}`, 1000, 2000), claim(`two/${round}`, 1000, 2000)];
        const there = [put('a'), put('b'), append('c', `${round}`), append('d', `${round}`)];
        const results = await Promise.all([
          storage.commit({ steps: [{ write: there }, { when: [one, two], write: [] }] }),
          other.commit({ steps: [{ write: there.toReversed() }, { when: [two, one], write: [] }] }),
        ]);
        const taken = results.filter((result) => result.committed && result.steps[1]?.written).length;
        expectSame('the number of those that got both claims to be', taken, 1);
        expectSame('the revision of a to be', await revisionOf(other, 'a'), 2 * round);
        expectSame('the revision of b to be', await revisionOf(storage, 'b'), 2 * round);
      }
    },
  },
  {
    name: 'the entries of each stand in the order of its calls, and none is lost',
    needs: 'second',
    async run({ storage, second }) {
      const other = await second();
      const appendAll = (by: Storage, name: string) =>
        Array.from({ length: 50 }, (_, index) => write(by, append('lane', `${name}-${index}`)));
      await Promise.all([...appendAll(storage, 'first'), ...appendAll(other, 'second')]);
      const ids = await laneIds(other, 'lane');
      assert.equal(ids.length, 100);
      for (const name of ['first', 'second']) {
        const expected = Array.from({ length: 50 }, (_, index) => `${name}-${index}`);
        assert.deepEqual(
          ids.filter((id) => id.startsWith(`${name}-`)),
          expected,
        );
      }
    },
  },
  {
    name: 'a lease that one holds the other does not get, and its old token settles nothing there',
    needs: 'second',
    async run({ storage, second, pass, leaseMs }) {
      const other = await second();
      await write(storage, append('lane', '1'));
      const old = lease('lane', (await takeLane(storage, 'lane', 'a', leaseMs)).token);
      const held = await askForLane(other, 'lane', 'b');
      assert.ok(held.type === 'held');
      assert.ok(held.expiresInMs > 0 && held.expiresInMs <= leaseMs);
      await pass(leaseMs);
      const { token } = await takeLane(other, 'lane', 'b');
      assert.ok(token > old.token);
      assertRefused(await writeIf(storage, [old], remove('lane', '1')), old);
      await storage.releaseLane({ lane: 'lane', token: old.token });
      assert.equal((await askForLane(storage, 'lane', 'a')).type, 'held');
      assert.equal((await writeIf(other, [lease('lane', token)], remove('lane', '1'))).committed, true);
      assert.deepEqual(await storage.lanes({ limit: 10 }), []);
    },
  },
  {
    name: 'closing one leaves the other open',
    needs: 'second',
    async run({ storage, second, close }) {
      const other = await second();
      await write(other, put('a'));
      await close(other);
      await write(storage, put('a'));
      assert.equal(await revisionOf(storage, 'a'), 2);
      const third = await second();
      assert.equal(await revisionOf(third, 'a'), 2);
    },
  },
];
