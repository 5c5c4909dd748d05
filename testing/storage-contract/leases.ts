import assert from 'node:assert/strict';
import { longLeaseMs, type Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { askForLane, laneIds, takeLane } from './reading.js';
import { append, assertRefused, assertStepRefused, lease, put, remove, write, writeIf } from './writing.js';

/** Leases of lanes: who holds one, and what its token is good for. */
export const leaseScenarios: readonly Scenario[] = [
  {
    name: 'a lane without entries answers empty, and no lease is taken',
    async run({ storage }) {
      assert.deepEqual(await askForLane(storage, 'lane', 'a'), { type: 'empty' });
      assert.deepEqual(await askForLane(storage, 'lane', 'b'), { type: 'empty' });
      assert.deepEqual(await storage.lanes({ limit: 10 }), []);
      await write(storage, append('lane', '1'));
      await takeLane(storage, 'lane', 'b');
    },
  },
  {
    name: 'the one who asks first gets the lease, with a token and the head of the lane',
    async run({ storage }) {
      await write(storage, append('lane', '1', { n: 1 }), append('lane', '2', { n: 2 }));
      const leased = await storage.leaseLane({ lane: 'lane', holder: 'a', leaseMs: longLeaseMs, limit: 1 });
      assert.ok(leased.type === 'leased');
      assert.ok(Number.isSafeInteger(leased.token) && leased.token >= 1, 'a token is a whole number from 1');
      assert.deepEqual(leased.entries, [{ id: '1', value: { n: 1 } }]);
    },
  },
  {
    name: 'another one is told that the lane is held, and for how long yet',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a');
      await pass(leaseMs / 2);
      const held = await askForLane(storage, 'lane', 'b');
      assert.ok(held.type === 'held');
      assert.ok(held.expiresInMs <= longLeaseMs - leaseMs / 2, 'what has passed is not left');
      assert.ok(held.expiresInMs > longLeaseMs - leaseMs / 2 - 60_000, 'what has not passed is left');
      assert.equal((await writeIf(storage, [lease('lane', token)], put('a'))).committed, true);
    },
  },
  {
    name: 'the one who waits as long as it was told gets the lease, with a larger token',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const first = await takeLane(storage, 'lane', 'a', leaseMs);
      const held = await askForLane(storage, 'lane', 'b', leaseMs);
      assert.ok(held.type === 'held');
      assert.ok(held.expiresInMs > 0 && held.expiresInMs <= leaseMs);
      await pass(held.expiresInMs);
      const second = await takeLane(storage, 'lane', 'b');
      assert.ok(second.token > first.token);
      assert.deepEqual(second.entries, first.entries);
      assert.equal((await askForLane(storage, 'lane', 'a')).type, 'held');
    },
  },
  {
    name: 'the one who takes a lane over from another who did not give it back is told so',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const isTakenOver = async (holder: string, forMs?: number): Promise<boolean> => {
        const leased = await askForLane(storage, 'lane', holder, forMs);
        assert.ok(leased.type === 'leased', `expected the lease for ${holder}, got ${leased.type}`);
        return leased.isTakenOver;
      };
      assert.equal(await isTakenOver('a'), false, 'nobody had it before');
      assert.equal(await isTakenOver('a', leaseMs), false, 'a extends its own');
      await pass(leaseMs);
      assert.equal(await isTakenOver('a', leaseMs), false, 'a takes its own anew, and knows what it did');
      await pass(leaseMs);
      assert.equal(await isTakenOver('b'), true, 'that of a expired');
      assert.equal(await isTakenOver('b'), false, 'b has it already');
      await storage.releaseLane({ lane: 'lane', token: (await takeLane(storage, 'lane', 'b')).token });
      assert.equal(await isTakenOver('a', leaseMs), false, 'b gave it back');
      await pass(leaseMs);
      await write(storage, remove('lane', '1'));
      assert.equal((await askForLane(storage, 'lane', 'b')).type, 'empty');
      await write(storage, append('lane', '2'));
      assert.equal(await isTakenOver('b'), false, 'nothing was left of what a may have begun');
    },
  },
  {
    name: 'a lane is taken over so however many entries it has, and whatever came and went meanwhile',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'), append('lane', '2'));
      const { token } = await takeLane(storage, 'lane', 'a', leaseMs);
      await writeIf(storage, [lease('lane', token)], remove('lane', '1'), append('lane', '3'));
      await pass(leaseMs);
      await write(storage, remove('lane', '2'), append('lane', '4'));
      const leased = await askForLane(storage, 'lane', 'b');
      expectSame('isTakenOver to be', leased.type === 'leased' && leased.isTakenOver, true);
      expectSame('the entries to be', leased.type === 'leased' && leased.entries.map(({ id }) => id), ['3', '4']);
    },
  },
  {
    name: 'a lease is held up to its last millisecond, and no longer',
    needs: 'advance',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a', leaseMs);
      await pass(leaseMs - 1);
      assert.deepEqual(await askForLane(storage, 'lane', 'b'), { type: 'held', expiresInMs: 1 });
      assert.equal((await writeIf(storage, [lease('lane', token)], put('a'))).committed, true);
      await pass(1);
      assertRefused(await writeIf(storage, [lease('lane', token)], put('a')), lease('lane', token));
      await takeLane(storage, 'lane', 'b');
    },
  },
  {
    name: 'the one who holds the lease extends it from now, and keeps the token',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a', leaseMs);
      for (let round = 0; round < 3; round += 1) {
        await pass(leaseMs * 0.6);
        assert.equal((await askForLane(storage, 'lane', 'b')).type, 'held');
        await write(storage, append('lane', `more-${round}`));
        const extended = await takeLane(storage, 'lane', 'a', leaseMs);
        assert.equal(extended.token, token);
        assert.equal(extended.entries.length, round + 2);
      }
      await pass(leaseMs);
      assert.ok((await takeLane(storage, 'lane', 'b')).token > token);
    },
  },
  {
    name: 'a lease given back early can be taken at once, with a larger token',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      const first = await takeLane(storage, 'lane', 'a');
      await storage.releaseLane({ lane: 'lane', token: first.token });
      assertRefused(await writeIf(storage, [lease('lane', first.token)], put('a')), lease('lane', first.token));
      assert.ok((await takeLane(storage, 'lane', 'b')).token > first.token);
    },
  },
  {
    name: 'giving back what is not held does nothing',
    async run({ storage, pass, leaseMs }) {
      await storage.releaseLane({ lane: 'unknown', token: 1 });
      await write(storage, append('lane', '1'), append('other', '1'));
      const old = await takeLane(storage, 'lane', 'a', leaseMs);
      await pass(leaseMs);
      await storage.releaseLane({ lane: 'lane', token: old.token });
      const { token } = await takeLane(storage, 'lane', 'b');
      for (const wrong of [old.token, token + 1, 0]) await storage.releaseLane({ lane: 'lane', token: wrong });
      await storage.releaseLane({ lane: 'other', token });
      assert.equal((await askForLane(storage, 'lane', 'a')).type, 'held');
      assert.equal((await writeIf(storage, [lease('lane', token)], put('a'))).committed, true);
    },
  },
  {
    name: 'the leases of two lanes are apart',
    async run({ storage }) {
      await write(storage, append('a', '1'), append('b', '1'));
      const first = await takeLane(storage, 'a', 'one');
      const second = await takeLane(storage, 'b', 'two');
      assert.equal((await askForLane(storage, 'a', 'two')).type, 'held');
      await storage.releaseLane({ lane: 'b', token: second.token });
      assert.equal((await askForLane(storage, 'a', 'two')).type, 'held');
      assert.equal((await writeIf(storage, [lease('a', first.token)], put('x'))).committed, true);
    },
  },
  {
    name: 'entries are appended, and taken out, whoever holds the lease',
    async run({ storage }) {
      await write(storage, append('lane', '1'), append('lane', '2'));
      await takeLane(storage, 'lane', 'a');
      await write(storage, append('lane', '3'), remove('lane', '2'));
      const { entries } = await takeLane(storage, 'lane', 'a');
      assert.deepEqual(
        entries.map(({ id }) => id),
        ['1', '3'],
      );
    },
  },
  {
    name: 'the one who finds the lane empty gives its lease back with that',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a');
      await writeIf(storage, [lease('lane', token)], remove('lane', '1'));
      assert.deepEqual(await askForLane(storage, 'lane', 'a'), { type: 'empty' });
      await write(storage, append('lane', '2'));
      assert.ok((await takeLane(storage, 'lane', 'b')).token > token);
      assertStepRefused(
        await storage.commit({ steps: [{ when: [lease('lane', token)], write: [put('a')] }] }),
        0,
        lease('lane', token),
      );
      assert.deepEqual(await laneIds(storage, 'unknown'), []);
    },
  },
];
