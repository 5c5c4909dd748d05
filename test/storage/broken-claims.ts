import type { StepResult } from 'tocsin';
import { type BrokenStorage, withConditions, withWrites } from './broken-storages.js';

/** Faults that an adapter could have in its claims. */
export const brokenClaims: readonly BrokenStorage[] = [
  {
    fault: 'never takes a claim',
    foundBy: 'claims',
    broken: (storage) => ({
      commit: (commit) => storage.commit(withConditions(commit, (each) => (each.type === 'claim' ? [] : [each]))),
    }),
  },
  {
    fault: 'takes the claims of a step that is not written',
    foundBy: 'claims',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        if (!result.committed) return result;
        for (const [index, { when = [] }] of commit.steps.entries()) {
          const claims = when.filter(({ type }) => type === 'claim');
          if (result.steps[index]?.written === false) {
            for (const each of claims) await storage.commit({ require: [each], steps: [] });
          }
        }
        return result;
      },
    }),
  },
  {
    fault: 'takes the claims of a commit that is refused',
    foundBy: 'steps',
    broken: (storage) => ({
      async commit(commit) {
        const claims = (commit.require ?? []).filter(({ type }) => type === 'claim');
        const result = await storage.commit(commit);
        if (!result.committed) await storage.commit({ require: claims, steps: [] });
        return result;
      },
    }),
  },
  {
    fault: 'does not take the claims that the whole commit requires',
    foundBy: 'claims',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit({
          ...commit,
          require: (commit.require ?? []).map((each) =>
            each.type === 'claim' ? { ...each, untilMs: each.nowMs } : each,
          ),
        }),
    }),
  },
  {
    fault: 'frees a claim one millisecond late',
    foundBy: 'claims',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => [each.type === 'claim' ? { ...each, nowMs: each.nowMs - 1 } : each]),
        ),
    }),
  },
  {
    fault: 'frees a claim one millisecond early',
    foundBy: 'claims',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => [each.type === 'claim' ? { ...each, nowMs: each.nowMs + 1 } : each]),
        ),
    }),
  },
  {
    fault: 'does not say until when a claim is held',
    foundBy: 'claims',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        if (!result.committed) return result;
        const steps = result.steps.map(
          (step): StepResult => (step.written ? step : { written: false, conflict: step.conflict }),
        );
        return { ...result, steps };
      },
    }),
  },
  {
    fault: 'keeps claims among the records',
    foundBy: 'claims',
    broken: (storage) => ({
      async commit(commit) {
        const result = await storage.commit(commit);
        const claims = commit.steps.flatMap(({ when = [] }) => when.filter(({ type }) => type === 'claim'));
        for (const each of claims) {
          if (each.type !== 'claim') continue;
          await storage.commit({
            steps: [{ write: [{ type: 'put', key: each.key, value: { untilMs: each.untilMs } }] }],
          });
        }
        return result;
      },
    }),
  },
  {
    fault: 'takes a claim when it is read',
    foundBy: 'claims',
    broken: (storage) => ({
      async claimedUntil(key) {
        const untilMs = await storage.claimedUntil(key);
        await storage.commit({ steps: [{ when: [{ type: 'claim', key, nowMs: 0, untilMs: 5000 }], write: [] }] });
        return untilMs;
      },
    }),
  },
  {
    fault: 'forgets all claims after a while',
    foundBy: 'claims',
    broken: (storage) => {
      let commits = 0;
      return {
        async commit(commit) {
          commits += 1;
          const forgetful = commits > 5;
          return storage.commit(withConditions(commit, (each) => (forgetful && each.type === 'claim' ? [] : [each])));
        },
      };
    },
  },
  {
    fault: 'keeps the end of a claim in 32 bits',
    foundBy: 'claims',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => [
            each.type === 'claim' ? { ...each, untilMs: Math.min(each.untilMs, 2 ** 31 - 1) } : each,
          ]),
        ),
    }),
  },
  {
    fault: 'deletes a claim with the record of the same key',
    foundBy: 'claims',
    broken: (storage) => {
      const deleted = new Set<string>();
      return {
        commit(commit) {
          withWrites(commit, (write) => {
            if (write.type === 'delete') deleted.add(write.key);
            return [write];
          });
          return storage.commit(
            withConditions(commit, (each) => (each.type === 'claim' && deleted.has(each.key) ? [] : [each])),
          );
        },
      };
    },
  },
];
