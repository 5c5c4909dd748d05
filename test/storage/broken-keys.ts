import type { CommitResult, Storage } from 'tocsin';
import { type BrokenStorage, withConditions, withWrites } from './broken-storages.js';

/** Faults that an adapter could have in how it lists keys. */
export const brokenKeys: readonly BrokenStorage[] = [
  {
    fault: 'lists keys ascending only',
    foundBy: 'listing of keys',
    broken: (storage) => ({ listKeys: (query) => storage.listKeys({ ...query, order: 'ascending' }) }),
  },
  {
    fault: 'never says that there is a next page of keys',
    foundBy: 'listing of keys',
    broken: (storage) => ({ listKeys: async (query) => ({ ...(await storage.listKeys(query)), next: undefined }) }),
  },
  {
    fault: 'lists a page of keys from its beginning, wherever it is asked to go on',
    foundBy: 'listing of keys',
    broken: (storage) => ({ listKeys: ({ prefix, limit, order }) => storage.listKeys({ prefix, limit, order }) }),
  },
  {
    fault: 'lists no more than 1,000 keys at once',
    foundBy: 'listing of keys',
    broken: (storage) => ({
      listKeys: (query) => storage.listKeys({ ...query, limit: Math.min(query.limit, 1000) }),
    }),
  },
  {
    fault: 'lists keys from an index that forgets nothing',
    foundBy: 'listing of keys',
    broken: (storage) => {
      const seen = new Set<string>();
      return {
        commit(commit) {
          withWrites(commit, (write) => {
            if (write.type === 'put') seen.add(write.key);
            return [write];
          });
          return storage.commit(commit);
        },
        async listKeys({ prefix, limit }) {
          const keys = [...seen].filter((key) => key.startsWith(prefix)).sort();
          return { keys: keys.slice(0, limit), next: undefined };
        },
      };
    },
  },
  {
    fault: 'cuts the keys of claims at 255 characters',
    foundBy: 'long names',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withConditions(commit, (each) => [each.type === 'claim' ? { ...each, key: cut(each.key) } : each]),
        ),
      claimedUntil: (key) => storage.claimedUntil(cut(key)),
    }),
  },
  {
    fault: 'cuts the ids of entries at 255 characters',
    foundBy: 'long names',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withWrites(commit, (write) => ['id' in write ? { ...write, id: cut(write.id) } : write])),
    }),
  },
  {
    fault: 'cuts the names of lanes at 255 characters',
    foundBy: 'long names',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(withWrites(commit, (write) => ['lane' in write ? { ...write, lane: cut(write.lane) } : write])),
      leaseLane: (request) => storage.leaseLane({ ...request, lane: cut(request.lane) }),
    }),
  },
  {
    fault: 'refuses a prefix that is longer than any key',
    foundBy: 'long names',
    broken: (storage) => ({
      async list(query) {
        if (query.prefix.length > 512) throw new Error('The key is too long');
        return storage.list(query);
      },
    }),
  },
  {
    fault: 'reads no more than 1,000 entries of a lane',
    foundBy: 'long names',
    broken: (storage) => ({
      leaseLane: (request) => storage.leaseLane({ ...request, limit: Math.min(request.limit, 1000) }),
    }),
  },
];

/** Faults that an adapter could have in how it writes many commits together. */
export const brokenPipelines: readonly BrokenStorage[] = [
  {
    fault: 'refuses all commits of a turn with one of them',
    foundBy: 'pipelining',
    broken: (storage) => ({ commit: inGroups(storage, (group) => group.find(({ committed }) => !committed)) }),
  },
  {
    fault: 'answers all commits of a turn with the answer of the last',
    foundBy: 'pipelining',
    broken: (storage) => ({ commit: inGroups(storage, (group) => group.at(-1)) }),
  },
  {
    fault: 'writes what a refused commit appends, when others are written with it',
    foundBy: 'pipelining',
    broken: (storage) => {
      let underWay = 0;
      return {
        async commit(commit) {
          underWay += 1;
          await new Promise((resolve) => setImmediate(resolve));
          const isAlone = underWay === 1;
          const result = await storage.commit(commit);
          underWay -= 1;
          if (!result.committed && !isAlone) {
            await storage.commit(
              withWrites({ steps: commit.steps }, (write) => (write.type === 'append' ? [write] : [])),
            );
          }
          return result;
        },
      };
    },
  },
  {
    fault: 'checks what commits of a turn require before it writes the first',
    foundBy: 'pipelining',
    broken: (storage) => ({
      async commit(commit) {
        const probed = await storage.commit({ require: commit.require ?? [], steps: [] });
        await new Promise((resolve) => setImmediate(resolve));
        return probed.committed ? storage.commit({ steps: commit.steps }) : probed;
      },
    }),
  },
  {
    fault: 'reads what was there before the commits that are under way',
    foundBy: 'pipelining',
    broken: (storage) => {
      let underWay = 0;
      let before: ReturnType<Storage['list']> | undefined;
      return {
        async commit(commit) {
          if (underWay === 0) before = storage.list({ prefix: '', limit: 1000 });
          underWay += 1;
          await new Promise((resolve) => setImmediate(resolve));
          const result = await storage.commit(commit);
          // The last ones are still being written when the first has been answered.
          setImmediate(() => {
            underWay -= 1;
          });
          return result;
        },
        list: (query) => (underWay > 0 && before !== undefined ? before : storage.list(query)),
      };
    },
  },
];

/** Writes the commits of a turn one after the other, and then answers some of them with another's answer. */
function inGroups(
  storage: Storage,
  answerOf: (group: readonly CommitResult[]) => CommitResult | undefined,
): Storage['commit'] {
  let group: Promise<CommitResult>[] = [];
  return async (commit) => {
    const own = storage.commit(commit);
    const mates = group;
    mates.push(own);
    await new Promise((resolve) => setImmediate(resolve));
    group = [];
    return answerOf(await Promise.all(mates)) ?? own;
  };
}

function cut(key: string): string {
  return key.slice(0, 255);
}
