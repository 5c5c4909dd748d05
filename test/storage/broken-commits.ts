import type { Commit, CommitResult, StepResult, Storage } from 'tocsin';
import { type BrokenStorage, withConditions, withSteps } from './broken-storages.js';

/** Faults that an adapter could have in how it commits. */
export const brokenCommits: readonly BrokenStorage[] = [
  {
    fault: 'commits step by step, and stops where it fails',
    foundBy: 'steps',
    broken: (storage) => ({ commit: (commit) => commitOneByOne(storage, commit) }),
  },
  {
    fault: 'lets others read between two steps',
    foundBy: 'call order',
    broken: (storage) => ({
      async commit(commit) {
        const [first, ...rest] = commit.steps;
        if (first === undefined || rest.length !== 1) return storage.commit(commit);
        const before = await storage.commit({ ...commit, steps: [first] });
        if (!before.committed) return before;
        await new Promise((resolve) => setImmediate(resolve));
        const after = await storage.commit({ steps: rest });
        return after.committed ? { committed: true, steps: [...before.steps, ...after.steps] } : after;
      },
    }),
  },
  {
    fault: 'commits write by write, without waiting for what is required',
    foundBy: 'steps',
    broken: (storage) => ({
      async commit(commit) {
        for (const { when = [], write } of commit.steps) {
          if (when.length === 0) await storage.commit({ steps: [{ write: write.slice(0, 1) }] });
        }
        return storage.commit(commit);
      },
    }),
  },
  {
    fault: 'checks all preconditions before the first step',
    foundBy: 'steps',
    broken: (storage) => ({
      async commit(commit) {
        const probed = await probe(storage, commit);
        return storage.commit({
          ...commit,
          steps: commit.steps.map((step, index) => ({
            ...step,
            when: probed[index] === true ? [] : (step.when ?? []),
          })),
        });
      },
    }),
  },
  {
    fault: 'applies the steps backwards',
    foundBy: 'steps',
    broken: (storage) => ({ commit: (commit) => storage.commit({ ...commit, steps: commit.steps.toReversed() }) }),
  },
  {
    fault: 'forgets what is written otherwise',
    foundBy: 'steps',
    broken: (storage) => ({
      commit: (commit) => storage.commit(withSteps(commit, ({ otherwise: _, ...step }) => step)),
    }),
  },
  {
    fault: 'writes what is written otherwise in any case',
    foundBy: 'steps',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withSteps(commit, (step) => ({ ...step, write: [...step.write, ...(step.otherwise ?? [])] }))),
    }),
  },
  {
    fault: 'looks only at the first precondition',
    foundBy: 'steps',
    broken: (storage) => ({
      commit: (commit) => storage.commit({ ...commit, require: (commit.require ?? []).slice(0, 1) }),
    }),
  },
  {
    fault: 'takes revision 0 for any revision',
    foundBy: 'steps',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => (each.type === 'revision' && each.revision === 0 ? [] : [each])),
        ),
    }),
  },
  {
    fault: 'throws a conflict',
    foundBy: 'steps',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        if (!result.committed) throw new Error('conflict');
        return result;
      },
    }),
  },
  {
    fault: 'names the wrong precondition',
    foundBy: 'steps',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        return result.committed ? result : { ...result, conflict: commit.require?.[0] ?? result.conflict };
      },
    }),
  },
  {
    fault: 'writes commits that are large later',
    foundBy: 'call order',
    broken: (storage) => ({
      async commit(commit) {
        if (JSON.stringify(commit).length > 100_000) await new Promise((resolve) => setImmediate(resolve));
        return storage.commit(commit);
      },
    }),
  },
  {
    fault: 'writes the last commit first',
    foundBy: 'call order',
    broken: (storage) => {
      let waiting: (() => void)[] = [];
      return {
        async commit(commit) {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            if (waiting.length > 1) return;
            setImmediate(() => {
              const last = waiting.toReversed();
              waiting = [];
              for (const go of last) go();
            });
          });
          return storage.commit(commit);
        },
      };
    },
  },
  {
    fault: 'resolves before it has written',
    foundBy: 'call order',
    broken: (storage) => ({
      async commit(commit) {
        if (commit.steps.some(({ when }) => when !== undefined) || commit.require !== undefined) {
          return storage.commit(commit);
        }
        setImmediate(() => storage.commit(commit).catch(() => undefined));
        return { committed: true, steps: commit.steps.map(() => ({ written: true as const })) };
      },
    }),
  },
];

async function commitOneByOne(storage: Storage, { require, steps }: Commit): Promise<CommitResult> {
  const results: StepResult[] = [];
  for (const [index, step] of steps.entries()) {
    const result = await storage.commit({ ...(index === 0 && require ? { require } : {}), steps: [step] });
    if (!result.committed) return result;
    results.push(...result.steps);
  }
  return { committed: true, steps: results };
}

/** Which steps would be written if all were checked before the first; revisions only. */
async function probe(storage: Storage, { steps }: Commit): Promise<boolean[]> {
  const held: boolean[] = [];
  for (const { when = [] } of steps) {
    const revisions = when.filter(({ type }) => type === 'revision');
    const result = await storage.commit({ require: revisions, steps: [] });
    held.push(result.committed && revisions.length > 0);
  }
  return held;
}
