import { type Commit, type Storage, TocsinError, type Write } from 'tocsin';
import { type BrokenStorage, withConditions, withWrites } from './broken-storages.js';

/** Faults that an adapter could have in telling names apart. */
export const brokenNames: readonly BrokenStorage[] = [
  {
    fault: 'folds the case of what is claimed',
    foundBy: 'names',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => [each.type === 'claim' ? { ...each, key: each.key.toLowerCase() } : each]),
        ),
      claimedUntil: (key) => storage.claimedUntil(key.toLowerCase()),
    }),
  },
  {
    fault: 'folds the case of lanes',
    foundBy: 'names',
    broken: (storage) => withLanes(storage, (lane) => lane.toLowerCase()),
  },
  {
    fault: 'takes no notice of spaces at the end of a lane',
    foundBy: 'names',
    broken: (storage) => withLanes(storage, (lane) => lane.trimEnd() || ' '),
  },
  {
    fault: 'takes ids that look like numbers for numbers',
    foundBy: 'names',
    broken: (storage) => ({
      commit: (commit) => storage.commit(withIds(commit, (id) => (/^[+-]?\d/.test(id) ? String(Number(id)) : id))),
    }),
  },
  {
    fault: 'joins the name of a lane and the id of an entry with a colon',
    foundBy: 'names',
    broken: (storage) => {
      const seen = new Map<string, Write>();
      return {
        commit: (commit) =>
          storage.commit(
            withWrites(commit, (write) => {
              if (write.type !== 'append' && write.type !== 'remove') return [write];
              const joined = `${write.lane}:${write.id}`;
              const known = seen.get(joined) ?? write;
              seen.set(joined, known);
              return 'lane' in known ? [{ ...write, lane: known.lane, id: known.id }] : [];
            }),
          ),
      };
    },
  },
  {
    fault: 'keeps records as properties of an object',
    foundBy: 'names',
    broken: (storage) => ({
      async get(key) {
        const record = await storage.get(key);
        return record === undefined && key in {} ? { key, value: {}, revision: 0 } : record;
      },
    }),
  },
  {
    fault: 'takes holders for the same that differ in case',
    foundBy: 'names',
    broken: (storage) => ({
      leaseLane: (request) => storage.leaseLane({ ...request, holder: request.holder.toLowerCase() }),
    }),
  },
];

/** Faults that an adapter could have in what it refuses. */
export const brokenRefusals: readonly BrokenStorage[] = [
  {
    fault: 'leaves out what has no key',
    foundBy: 'refusals',
    broken: (storage) => ({
      commit: (commit) => storage.commit(withWrites(commit, (write) => ('key' in write && !write.key ? [] : [write]))),
    }),
  },
  {
    fault: 'cuts keys that are too long',
    foundBy: 'refusals',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) => ['key' in write ? { ...write, key: write.key?.slice?.(0, 512) } : write]),
        ),
    }),
  },
  {
    fault: 'refuses a key without a code',
    foundBy: 'refusals',
    broken: (storage) => ({
      async commit(commit) {
        try {
          return await storage.commit(commit);
        } catch (error) {
          throw TocsinError.is(error) ? new Error('The key is too long for its column') : error;
        }
      },
    }),
  },
  {
    fault: 'writes what stands before a key that it refuses',
    foundBy: 'refusals',
    broken: (storage) => ({
      async commit(commit) {
        const [first, ...rest] = commit.steps;
        if (first === undefined || rest.length === 0) return storage.commit(commit);
        const before = await storage.commit({ ...commit, steps: [first] });
        const after = await storage.commit({ steps: rest });
        return before.committed && after.committed ? { ...after, steps: [...before.steps, ...after.steps] } : before;
      },
    }),
  },
  {
    fault: 'puts an empty object for a value that is none',
    foundBy: 'refusals',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) => ['value' in write ? { ...write, value: write.value ?? {} } : write]),
        ),
    }),
  },
  {
    fault: 'finds nothing under what is no key',
    foundBy: 'refusals',
    broken: (storage) => ({ get: (key) => storage.get(key).catch(() => undefined) }),
  },
];

/** Changes the names of lanes on their way in. */
function withLanes(storage: Storage, change: (lane: string) => string): Partial<Storage> {
  return {
    commit: (commit) =>
      storage.commit(withWrites(commit, (write) => ['lane' in write ? { ...write, lane: change(write.lane) } : write])),
    leaseLane: (request) => storage.leaseLane({ ...request, lane: change(request.lane) }),
    releaseLane: ({ lane, token }) => storage.releaseLane({ lane: change(lane), token }),
  };
}

function withIds(commit: Commit, change: (id: string) => string): Commit {
  return withWrites(commit, (write) => ['id' in write ? { ...write, id: change(write.id) } : write]);
}
