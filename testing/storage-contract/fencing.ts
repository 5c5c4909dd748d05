import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { askForLane, laneIds, takeLane } from './reading.js';
import { append, assertRefused, assertStepRefused, lease, put, remove, write, writeIf } from './writing.js';

/** Fencing: who lost a lease can no longer settle anything. */
export const fencingScenarios: readonly Scenario[] = [
  {
    name: 'the one who holds the lease settles an entry with its token',
    async run({ storage }) {
      await write(storage, append('lane', '1'), append('lane', '2'));
      const { token } = await takeLane(storage, 'lane', 'a');
      const result = await writeIf(storage, [lease('lane', token)], put('sent/1'), remove('lane', '1'));
      assert.deepEqual(result, { committed: true, steps: [{ written: true }] });
      const step = { when: [lease('lane', token)], write: [put('sent/2')], otherwise: [put('not sent/2')] };
      assert.deepEqual(await storage.commit({ steps: [step] }), { committed: true, steps: [{ written: true }] });
      const { entries } = await takeLane(storage, 'lane', 'a');
      assert.deepEqual(entries, [{ id: '2', value: { id: '2' } }]);
    },
  },
  {
    name: 'a lease that has expired is no longer held, though nobody else has taken it',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a', leaseMs);
      await pass(leaseMs);
      const result = await writeIf(storage, [lease('lane', token)], put('sent/1'), remove('lane', '1'));
      assertRefused(result, lease('lane', token));
      assert.equal(await storage.get('sent/1'), undefined);
      assert.deepEqual(await laneIds(storage, 'lane'), ['1']);
    },
  },
  {
    name: 'the old token settles nothing once another has the lease',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'), append('lane', '2'));
      const old = lease('lane', (await takeLane(storage, 'lane', 'a', leaseMs)).token);
      await pass(leaseMs);
      const held = lease('lane', (await takeLane(storage, 'lane', 'b')).token);
      assertRefused(await writeIf(storage, [old], put('sent'), remove('lane', '1')), old);
      const step = { when: [old], write: [put('sent'), remove('lane', '1')], otherwise: [put('not sent')] };
      assertStepRefused(await storage.commit({ steps: [step] }), 0, old);
      assert.equal(await storage.get('sent'), undefined);
      assert.deepEqual((await storage.get('not sent'))?.revision, 1);
      assert.equal((await writeIf(storage, [held], remove('lane', '1'))).committed, true);
      assert.equal((await askForLane(storage, 'lane', 'a')).type, 'held');
    },
  },
  {
    name: 'a token is good for its own lane only, and for itself only',
    async run({ storage }) {
      await write(storage, append('a', '1'), append('b', '1'), append('b', '2'));
      for (let times = 0; times < 3; times += 1) {
        await storage.releaseLane({ lane: 'b', token: (await takeLane(storage, 'b', 'one')).token });
      }
      const a = await takeLane(storage, 'a', 'one');
      const b = await takeLane(storage, 'b', 'one');
      for (const wrong of [
        lease('a', b.token + 100),
        lease('a', a.token + 1),
        lease('a', a.token - 1),
        lease('a', 0),
      ]) {
        assertRefused(await writeIf(storage, [wrong], put('x')), wrong);
      }
      for (const wrong of [lease('unknown', a.token), lease('unknown', 0)]) {
        assertRefused(await writeIf(storage, [wrong], put('x')), wrong);
      }
      const done = await writeIf(storage, [lease('a', a.token), lease('b', b.token)], put('x'));
      assert.equal(done.committed, true);
    },
  },
  {
    name: 'a lane that nobody has leased yet is held by no token',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      for (const token of [0, 1]) {
        assertRefused(await writeIf(storage, [lease('lane', token)], put('x')), lease('lane', token));
      }
    },
  },
  {
    name: 'the token goes on growing when the lane has been empty',
    async run({ storage }) {
      let before = 0;
      for (const [round, holder] of ['a', 'b', 'a', 'c'].entries()) {
        await write(storage, append('lane', `${round}`));
        const { token } = await takeLane(storage, 'lane', holder);
        assert.ok(token > before, 'the token has grown');
        before = token;
        assert.equal((await writeIf(storage, [lease('lane', token)], remove('lane', `${round}`))).committed, true);
        if (round % 2 === 0) assert.deepEqual(await askForLane(storage, 'lane', holder), { type: 'empty' });
        await storage.releaseLane({ lane: 'lane', token });
      }
    },
  },
  {
    name: 'of many who ask at once exactly one gets the lease',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      const holders = Array.from({ length: 50 }, (_, index) => `holder-${index}`);
      const results = await Promise.all(holders.map((holder) => askForLane(storage, 'lane', holder)));
      const types = results.map(({ type }) => type);
      assert.equal(types.filter((type) => type === 'leased').length, 1);
      assert.equal(types.filter((type) => type === 'held').length, 49);
    },
  },
];
