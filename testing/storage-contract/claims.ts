import assert from 'node:assert/strict';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { listAllKeys, revisionOf } from './reading.js';
import {
  append,
  assertRefused,
  assertStepRefused,
  claim,
  deletion,
  put,
  revision,
  takeClaim,
  write,
} from './writing.js';

/** Claims: keys taken until an instant. */
export const claimScenarios: readonly Scenario[] = [
  {
    name: 'a claim that is free is taken, until the instant that was asked for',
    async run({ storage }) {
      assert.equal(await storage.claimedUntil('cooldown'), undefined);
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 2000), true);
      assert.equal(await storage.claimedUntil('cooldown'), 2000);
      assert.equal(await storage.claimedUntil('cooldow'), undefined);
    },
  },
  {
    name: 'reading a claim does not take it',
    async run({ storage }) {
      await storage.claimedUntil('cooldown');
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 2000), true);
    },
  },
  {
    name: 'a step whose claim is held is not written, and says until when',
    async run({ storage }) {
      await takeClaim(storage, 'cooldown', 1000, 2000);
      const wanted = claim('cooldown', 1500, 9000);
      const result = await storage.commit({ steps: [{ when: [wanted], write: [put('a')] }] });
      assert.deepEqual(result, {
        committed: true,
        steps: [{ written: false, conflict: wanted, heldUntilMs: 2000 }],
      });
      assert.equal(await storage.get('a'), undefined);
      assert.equal(await storage.claimedUntil('cooldown'), 2000);
    },
  },
  {
    name: 'a claim is held up to its last millisecond, and free at the instant itself',
    async run({ storage }) {
      await takeClaim(storage, 'cooldown', 1000, 2000);
      assert.equal(await takeClaim(storage, 'cooldown', 1999, 3000), false);
      assert.equal(await takeClaim(storage, 'cooldown', 2000, 3000), true);
      assert.equal(await storage.claimedUntil('cooldown'), 3000);
      assert.equal(await takeClaim(storage, 'cooldown', 2999, 4000), false);
    },
  },
  {
    name: 'a claim until now is free at once',
    async run({ storage }) {
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 1000), true);
      assert.equal(await takeClaim(storage, 'cooldown', 1000, 2000), true);
    },
  },
  {
    name: "the times of a claim are the caller's, however late or early it is elsewhere",
    async run({ storage, leaseMs, pass }) {
      const farMs = 4_102_444_800_000;
      await takeClaim(storage, 'past', 1000, 2000);
      await pass(leaseMs);
      // Before a commit whose time is beyond its end: then it may be forgotten.
      expectSame('a claim to be taken before its end:', await takeClaim(storage, 'past', 1999, 3000), false);
      await takeClaim(storage, 'future', farMs, farMs + 1000);
      await pass(leaseMs);
      assert.equal(await takeClaim(storage, 'future', farMs + 999, farMs + 2000), false);
      assert.equal(await takeClaim(storage, 'future', farMs + 1000, farMs + 2000), true);
    },
  },
  {
    name: 'a claim may end at any instant that JavaScript has',
    async run({ storage }) {
      for (const untilMs of [1, 2 ** 31, 2 ** 32, 253_402_300_800_000, 8_640_000_000_000_000]) {
        const key = `until/${untilMs}`;
        expectSame(`a claim until ${untilMs} to be taken:`, await takeClaim(storage, key, 0, untilMs), true);
        expectSame('claimedUntil to be', await storage.claimedUntil(key), untilMs);
        expectSame('a held claim to be taken:', await takeClaim(storage, key, untilMs - 1, untilMs), false);
        expectSame('a claim that has ended to be taken:', await takeClaim(storage, key, untilMs, untilMs), true);
      }
    },
  },
  {
    name: 'two claims are taken together, or, when the second is held, neither',
    async run({ storage }) {
      await takeClaim(storage, 'held', 1000, 2000);
      const [free, held] = [claim('free', 1000, 5000), claim('held', 1000, 5000)];
      for (const when of [
        [free, held],
        [held, free],
      ]) {
        assertStepRefused(await storage.commit({ steps: [{ when, write: [] }] }), 0, held);
      }
      assert.equal(await storage.claimedUntil('held'), 2000);
      const later = [claim('free', 2000, 3000), claim('held', 2000, 4000)];
      assert.deepEqual((await storage.commit({ steps: [{ when: later, write: [] }] })).committed, true);
      assert.equal(await storage.claimedUntil('free'), 3000);
      assert.equal(await storage.claimedUntil('held'), 4000);
    },
  },
  {
    name: 'a claim stays free when something else keeps its step from being written',
    async run({ storage }) {
      const [free, absent] = [claim('free', 1000, 2000), revision('a', 1)];
      for (const when of [
        [free, absent],
        [absent, free],
      ]) {
        const result = await storage.commit({ steps: [{ when, write: [], otherwise: [put('b')] }] });
        assertStepRefused(result, 0, absent);
      }
      assert.equal(await takeClaim(storage, 'free', 1000, 2000), true);
    },
  },
  {
    name: 'what one step claims is held for the next',
    async run({ storage }) {
      const [first, second] = [claim('cooldown', 1000, 2000), claim('cooldown', 1500, 3000)];
      const result = await storage.commit({
        steps: [
          { when: [first], write: [put('a')] },
          { when: [second], write: [put('b')] },
        ],
      });
      assert.deepEqual(result, {
        committed: true,
        steps: [{ written: true }, { written: false, conflict: second, heldUntilMs: 2000 }],
      });
      assert.equal(await storage.get('b'), undefined);
    },
  },
  {
    name: 'a claim that the whole commit requires is taken with it, and stops it when it is held',
    async run({ storage }) {
      const first = claim('alert', 1000, 2000);
      const done = await storage.commit({ require: [first], steps: [{ write: [put('a', { n: 1 })] }] });
      assert.deepEqual(done, { committed: true, steps: [{ written: true }] });
      assert.equal(await storage.claimedUntil('alert'), 2000);
      const again = claim('alert', 1999, 3000);
      assertRefused(await storage.commit({ require: [again], steps: [{ write: [put('a', { n: 2 })] }] }), again);
      assert.equal(await storage.claimedUntil('alert'), 2000);
      assert.equal(await revisionOf(storage, 'a'), 1);
    },
  },
  {
    name: 'claims live apart from records and lanes of the same name',
    async run({ storage }) {
      await takeClaim(storage, 'same', 1000, 2000);
      assert.equal(await storage.get('same'), undefined);
      assert.deepEqual(await listAllKeys(storage, { prefix: '', limit: 10 }), []);
      assert.deepEqual(await storage.lanes({ limit: 10 }), []);
      await write(storage, put('same'), append('same', '1'));
      assert.equal(await revisionOf(storage, 'same'), 1);
      await write(storage, deletion('same'));
      assert.equal(await storage.claimedUntil('same'), 2000);
      assert.equal(await takeClaim(storage, 'same', 1000, 2000), false);
    },
  },
  {
    name: 'forgetting claims that have expired forgets none that is held',
    async run({ storage }) {
      await takeClaim(storage, 'held', 0, 1_000_000);
      for (let index = 0; index < 2500; index += 500) {
        const steps = Array.from({ length: 500 }, (_, step) => {
          const nowMs = (index + step) * 10;
          return { when: [claim(`short/${index + step}`, nowMs, nowMs + 5)], write: [] };
        });
        await storage.commit({ steps });
      }
      assert.equal(await storage.claimedUntil('held'), 1_000_000);
      assert.equal(await takeClaim(storage, 'held', 999_999, 2_000_000), false);
      assert.equal(await takeClaim(storage, 'short/2499', 24_994, 30_000), false);
      assert.equal(await takeClaim(storage, 'short/0', 24_994, 30_000), true);
    },
  },
];
