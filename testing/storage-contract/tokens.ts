import assert from 'node:assert/strict';
import type { Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { askForLane, takeLane } from './reading.js';
import { append, claim, lease, put, remove, revision, write, writeIf } from './writing.js';

/** Every way in which a holder can come to take its own lane anew. */
const waysToLose = ['has expired', 'was given back', 'was given back with the last entry'] as const;

/** Tokens: a new one whenever a lease is taken anew, and no older one is good for anything. */
export const tokenScenarios: readonly Scenario[] = [
  ...waysToLose.map(
    (way): Scenario => ({
      name: `a holder whose lease ${way} gets a larger token when it takes it anew, and the old one is worth nothing`,
      async run({ storage, pass, leaseMs }) {
        await write(storage, append('lane', '1'));
        const old = await takeLane(storage, 'lane', 'a', leaseMs);
        if (way === 'has expired') await pass(leaseMs);
        if (way === 'was given back') await storage.releaseLane({ lane: 'lane', token: old.token });
        if (way === 'was given back with the last entry') {
          await write(storage, remove('lane', '1'));
          expectSame('the lane to be', await askForLane(storage, 'lane', 'a'), { type: 'empty' });
          await write(storage, append('lane', '1'));
        }
        const { token } = await takeLane(storage, 'lane', 'a');
        assert.ok(token > old.token, `Expected a token above ${old.token} for a lease taken anew, got ${token}`);
        await expectWorthless(storage, old.token);
        const held = await writeIf(storage, [lease('lane', token)], remove('lane', '1'));
        expectSame('a commit under the new token to be committed:', held.committed, true);
      },
    }),
  ),
  {
    name: 'the lease counts beside a claim and a revision, for a commit and for a step',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const old = lease('lane', (await takeLane(storage, 'lane', 'a', leaseMs)).token);
      await pass(leaseMs);
      await takeLane(storage, 'lane', 'b');
      const [free, absent] = [claim('free', 1000, 2000), revision('sent', 0)];
      for (const conditions of [
        [old, free],
        [free, old],
        [old, absent],
        [absent, old],
        [free, absent, old],
      ]) {
        const types = conditions.map(({ type }) => type).join(', ');
        const required = await writeIf(storage, conditions, put('sent'), remove('lane', '1'));
        expectSame(`a commit that requires a lost lease (${types}) to be committed:`, required.committed, false);
        const step = { when: conditions, write: [put('sent'), remove('lane', '1')] };
        const result = await storage.commit({ steps: [step] });
        expectSame(
          `the step to be written under a lost lease (${types}):`,
          result.committed && result.steps[0]?.written,
          false,
        );
        expectSame('what is written under a lost lease to be', await storage.get('sent'), undefined);
        expectSame('the claim beside a lost lease to be', await storage.claimedUntil('free'), undefined);
      }
      expectSame('the lanes to be', await storage.lanes({ limit: 10 }), ['lane']);
    },
  },
  {
    name: 'a lease is held when the lane has become empty, up to its end: another is told so, not that the lane is empty',
    async run({ storage, pass, leaseMs }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a', leaseMs);
      const held = lease('lane', token);
      const step = { when: [held], write: [remove('lane', '1')] };
      const result = await storage.commit({ steps: [step, { when: [held], write: [put('sent/1')] }] });
      expectSame('the steps to be', result.committed && result.steps, [{ written: true }, { written: true }]);
      const other = await askForLane(storage, 'lane', 'b');
      expectSame("what another is told of a's empty lane to be", other.type, 'held');
      assert.ok(other.type === 'held' && other.expiresInMs > 0 && other.expiresInMs <= leaseMs);
      expectSame(
        'a commit under the lease to be committed:',
        (await writeIf(storage, [held], put('a'))).committed,
        true,
      );
      await pass(leaseMs);
      expectSame('what another is told when it has expired to be', await askForLane(storage, 'lane', 'b'), {
        type: 'empty',
      });
    },
  },
  {
    name: 'a lease of an empty lane that was given back is held by nobody',
    async run({ storage }) {
      await write(storage, append('lane', '1'));
      const { token } = await takeLane(storage, 'lane', 'a');
      await write(storage, remove('lane', '1'));
      await storage.releaseLane({ lane: 'lane', token });
      expectSame('what another is told to be', await askForLane(storage, 'lane', 'b'), { type: 'empty' });
      const result = await writeIf(storage, [lease('lane', token)], put('a'));
      expectSame('a commit under the lease to be committed:', result.committed, false);
    },
  },
];

/** Checks that nothing can be settled with a token, and that it gives back nothing. */
async function expectWorthless(storage: Storage, token: number): Promise<void> {
  const old = lease('lane', token);
  const required = await writeIf(storage, [old], put('sent'), remove('lane', '1'));
  expectSame('a commit under the old token to be committed:', required.committed, false);
  const result = await storage.commit({ steps: [{ when: [old], write: [put('sent'), remove('lane', '1')] }] });
  expectSame('a step under the old token to be written:', result.committed && result.steps[0]?.written, false);
  await storage.releaseLane({ lane: 'lane', token });
  const other = await askForLane(storage, 'lane', 'b');
  expectSame('what another is told after the old token was given back to be', other.type, 'held');
  expectSame('what was written under the old token to be', await storage.get('sent'), undefined);
  expectSame('the lanes to be', await storage.lanes({ limit: 10 }), ['lane']);
}
