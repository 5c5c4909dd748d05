import type { Commit, CommitResult, Storage } from 'tocsin';
import type { BrokenStorage } from './broken-storages.js';

/** Faults that an adapter could have with commits that are large. */
export const brokenLargeCommits: readonly BrokenStorage[] = [
  {
    fault: 'writes a step of more than 400 writes in parts',
    foundBy: 'large commits',
    broken: (storage) => ({
      async commit(commit) {
        const [step, ...rest] = commit.steps;
        if (step === undefined || rest.length > 0 || step.write.length <= 400) return storage.commit(commit);
        const parts = inParts(step.write, 400).map((write) => ({ steps: [{ ...step, write }] }));
        const result = await commitAll(storage, { ...commit, ...parts[0] }, parts.slice(1));
        return result.committed ? { ...result, steps: result.steps.slice(0, 1) } : result;
      },
    }),
  },
  {
    fault: 'writes a commit of more than 25 steps in parts',
    foundBy: 'large commits',
    broken: (storage) => ({
      async commit(commit) {
        const [first = [], ...rest] = inParts(commit.steps, 25);
        return commitAll(
          storage,
          { ...commit, steps: first },
          rest.map((steps) => ({ steps })),
        );
      },
    }),
  },
  {
    fault: 'has no room for more than 1,000 writes',
    foundBy: 'large commits',
    broken: (storage) => ({
      async commit(commit) {
        const count = commit.steps.reduce((sum, { write }) => sum + write.length, 0);
        if (count > 1000) throw new Error('Too many parameters');
        return storage.commit(commit);
      },
    }),
  },
  {
    fault: 'has no room for a commit of more than 4 MiB',
    foundBy: 'large commits',
    broken: (storage) => ({
      async commit(commit) {
        if (JSON.stringify(commit).length > 2 ** 22) throw new Error('The packet is too large');
        return storage.commit(commit);
      },
    }),
  },
  {
    fault: 'ends a page at 1 MiB',
    foundBy: 'large commits',
    broken: (storage) => ({
      async list(query) {
        const { records, next } = await storage.list(query);
        let size = 0;
        const page = records.filter((record) => {
          size += JSON.stringify(record).length;
          return size < 2 ** 20;
        });
        return { records: page, next: page.length < records.length ? page.at(-1)?.key : next };
      },
    }),
  },
];

/** Commits one after the other, and lets others in between. */
async function commitAll(storage: Storage, first: Commit, rest: readonly Commit[]): Promise<CommitResult> {
  let result = await storage.commit(first);
  for (const commit of rest) {
    if (!result.committed) return result;
    await new Promise((resolve) => setImmediate(resolve));
    const next = await storage.commit(commit);
    result = next.committed ? { committed: true, steps: [...result.steps, ...next.steps] } : next;
  }
  return result;
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, part) => items.slice(part * size, (part + 1) * size));
}
