import assert from 'node:assert/strict';
import type { Precondition, Step, Storage } from '../../src/index.js';
import type { Scenario } from './contract-case.js';
import { expectSame } from './expecting.js';
import { takeLane } from './reading.js';
import { append, claim, lease, put, revision, takeClaim, write, writeIf } from './writing.js';

/** One precondition that does not hold, among three that do. */
interface Mixed {
  readonly name: string;
  readonly wrong: Precondition;
  readonly all: readonly Precondition[];
}

/** Preconditions beside each other: each counts, of whatever type, wherever it stands. */
export const preconditionScenarios: readonly Scenario[] = [
  {
    name: 'a commit requires each of them, of whatever type it is and wherever it stands',
    async run({ storage }) {
      for (const { name, wrong, all } of await mixtures(storage)) {
        const result = await writeIf(storage, all, put('written'), append('written', '1'));
        expectSame(`a commit that requires ${name} to be committed:`, result.committed, false);
        expectSame(
          `the conflict of a commit that requires ${name} to be`,
          'conflict' in result && result.conflict,
          wrong,
        );
        await expectNothing(storage, `a commit that requires ${name}`);
      }
    },
  },
  {
    name: 'a step is written only when each of them holds, of whatever type it is and wherever it stands',
    async run({ storage }) {
      for (const { name, wrong, all } of await mixtures(storage)) {
        const step: Step = {
          when: all,
          write: [put('written'), append('written', '1')],
          otherwise: [put(`not ${name}`)],
        };
        const result = await storage.commit({ steps: [step] });
        assert.ok(result.committed, 'Expected that a conflict of a step does not stop the commit, but it did');
        const [answer] = result.steps;
        assert.ok(answer?.written === false, `Expected that a step with ${name} is not written, but it was`);
        expectSame(`the conflict of a step with ${name} to be`, answer.conflict, wrong);
        const heldUntilMs = wrong.type === 'claim' ? 2000 : undefined;
        expectSame(`heldUntilMs of a step with ${name} to be`, answer.heldUntilMs, heldUntilMs);
        await expectNothing(storage, `a step with ${name}`);
        expectSame(`the revision of what is written otherwise to be`, (await storage.get(`not ${name}`))?.revision, 1);
      }
    },
  },
  {
    name: 'when all of them hold, everything is written and the claims are taken',
    async run({ storage }) {
      const { fitting } = await fittingOn(storage);
      const [more, last] = [claim('more', 1000, 3000), claim('last', 1000, 4000)];
      const result = await storage.commit({
        require: [...fitting, more],
        steps: [{ when: [last, ...fitting.filter(({ type }) => type !== 'claim')], write: [put('written')] }],
      });
      assert.deepEqual(result, { committed: true, steps: [{ written: true }] });
      for (const [key, untilMs] of Object.entries({ free: 2000, more: 3000, last: 4000 })) {
        expectSame(`claimedUntil of ${key} to be`, await storage.claimedUntil(key), untilMs);
      }
    },
  },
  {
    name: 'of several claims that are held, heldUntilMs is that of the one that is named',
    async run({ storage }) {
      const until = { early: 2000, late: 3000 };
      for (const [key, untilMs] of Object.entries(until)) await takeClaim(storage, key, 1000, untilMs);
      const [free, early, late] = [claim('free', 1500, 9000), claim('early', 1500, 9000), claim('late', 1500, 9000)];
      const steps = [
        [free, early],
        [late, free],
        [early, late],
        [late, free, early],
      ].map((when) => ({ when, write: [] }));
      const result = await storage.commit({ steps });
      assert.ok(result.committed, 'Expected that a conflict of a step does not stop the commit, but it did');
      for (const [index, answer] of result.steps.entries()) {
        assert.ok(!answer.written && answer.conflict.type === 'claim', `Expected a held claim to stop step ${index}`);
        const { key } = answer.conflict;
        assert.ok(
          steps[index]?.when.some((each) => each.key === key && key !== 'free'),
          `Expected a claim that is held, got ${key}`,
        );
        expectSame(`heldUntilMs of ${key} to be`, answer.heldUntilMs, until[key as keyof typeof until]);
      }
      expectSame(
        'claimedUntil of a claim that stood beside held ones to be',
        await storage.claimedUntil('free'),
        undefined,
      );
    },
  },
  {
    name: 'what the whole commit claims is held for its steps',
    async run({ storage }) {
      const wanted = claim('cooldown', 1500, 9000);
      const result = await storage.commit({
        require: [claim('cooldown', 1000, 2000)],
        steps: [{ when: [wanted], write: [put('a')] }],
      });
      assert.deepEqual(result, { committed: true, steps: [{ written: false, conflict: wanted, heldUntilMs: 2000 }] });
    },
  },
  {
    name: 'a revision or a token that nothing has is a conflict, however large it is',
    async run({ storage }) {
      await write(storage, put('a'), append('lane', '1'));
      await takeLane(storage, 'lane', 'a');
      for (const large of [2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
        for (const wrong of [revision('a', large), revision('absent', large), lease('lane', large)]) {
          const result = await writeIf(storage, [wrong], put('a'));
          expectSame('a commit to be committed:', result.committed, false);
        }
      }
    },
  },
];

/** Lists of four preconditions: one does not hold, of each type and in each place. */
async function mixtures(storage: Storage): Promise<Mixed[]> {
  const { fitting, token } = await fittingOn(storage);
  await takeClaim(storage, 'held', 1000, 2000);
  const wrongs = [claim('held', 1500, 9000), revision('known', 7), revision('absent', 1), lease('lane', token + 1)];
  return wrongs.flatMap((wrong) =>
    [0, 1, 2, 3].map((place) => {
      const of = wrong.type === 'lease' ? wrong.lane : wrong.key;
      const name = `a ${wrong.type} of ${of} that does not hold as number ${place + 1} of 4`;
      return { name, wrong, all: fitting.toSpliced(place, 0, wrong) };
    }),
  );
}

/** One precondition of each type, which hold. */
async function fittingOn(storage: Storage) {
  await write(storage, put('known'), append('lane', '1'));
  const { token } = await takeLane(storage, 'lane', 'a');
  const fitting = [claim('free', 1000, 2000), revision('known', 1), lease('lane', token)];
  return { fitting, token };
}

async function expectNothing(storage: Storage, what: string): Promise<void> {
  expectSame(`what ${what} puts to be`, await storage.get('written'), undefined);
  expectSame(`the lanes after ${what} to be`, await storage.lanes({ limit: 10 }), ['lane']);
  expectSame(`claimedUntil of a free claim after ${what} to be`, await storage.claimedUntil('free'), undefined);
}
