import type { Precondition, StepResult, Storage } from 'tocsin';
import { type BrokenStorage, withConditions, withSteps } from './broken-storages.js';

/** Faults that an adapter could have where several preconditions stand beside each other. */
export const brokenPreconditions: readonly BrokenStorage[] = [
  {
    fault: 'ignores the third precondition of a step',
    foundBy: 'preconditions',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withSteps(commit, (step) => ({ ...step, when: (step.when ?? []).filter(isNotThird) }))),
    }),
  },
  {
    fault: 'ignores the third precondition of a commit',
    foundBy: 'preconditions',
    broken: (storage) => ({
      commit: ({ require = [], steps }) => storage.commit({ require: require.filter(isNotThird), steps }),
    }),
  },
  {
    fault: 'says of the first claim of a step until when it is held, whichever was in the way',
    foundBy: 'preconditions',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        if (!result.committed) return result;
        const steps = result.steps.map(async (step, index): Promise<StepResult> => {
          const first = claimsOf(commit.steps[index]?.when)[0];
          if (step.written || first === undefined) return step;
          return { ...step, heldUntilMs: await storage.claimedUntil(first.key) };
        });
        return { ...result, steps: await Promise.all(steps) };
      },
    }),
  },
  {
    fault: 'takes the claims of a step that is not written because of its lease',
    foundBy: 'preconditions',
    broken: (storage) => takingClaimsIn(storage, 'lease'),
  },
  {
    fault: 'takes the claims of a step that is not written because of a revision',
    foundBy: 'preconditions',
    broken: (storage) => takingClaimsIn(storage, 'revision'),
  },
  {
    fault: 'takes what the whole commit claims when its steps have been written',
    foundBy: 'preconditions',
    broken: (storage) => ({
      async commit({ require = [], steps }) {
        const untaken = require.map((each) => (each.type === 'claim' ? { ...each, untilMs: each.nowMs } : each));
        const result = await storage.commit({ require: untaken, steps });
        if (result.committed) await storage.commit({ require: claimsOf(require), steps: [] });
        return result;
      },
    }),
  },
  {
    fault: 'has no room for revisions and tokens above 32 bits',
    foundBy: 'preconditions',
    broken: (storage) => ({
      async commit(commit) {
        withConditions(commit, (each) => {
          const number = each.type === 'revision' ? each.revision : each.type === 'lease' ? each.token : 0;
          if (number >= 2 ** 31) throw new Error('The integer is out of range');
          return [each];
        });
        return storage.commit(commit);
      },
    }),
  },
];

function isNotThird(_condition: Precondition, index: number): boolean {
  return index !== 2;
}

function claimsOf(conditions: readonly Precondition[] = []) {
  return conditions.filter((each) => each.type === 'claim');
}

/** Takes the claims of steps that are not written because of a precondition of a type. */
function takingClaimsIn(storage: Storage, type: Precondition['type']): Partial<Storage> {
  return {
    async commit(commit) {
      const result = await storage.commit(commit);
      if (!result.committed) return result;
      for (const [index, step] of result.steps.entries()) {
        if (step.written || step.conflict.type !== type) continue;
        await storage.commit({ require: claimsOf(commit.steps[index]?.when), steps: [] });
      }
      return result;
    },
  };
}
