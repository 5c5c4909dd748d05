import type { Storage } from 'tocsin';
import { type BrokenStorage, withConditions, withWrites } from './broken-storages.js';

/** Faults that an adapter could have in its lanes and leases. */
export const brokenLanes: readonly BrokenStorage[] = [
  {
    fault: 'takes entries out of the head only',
    foundBy: 'lanes',
    broken: (storage) => ({
      async commit(commit) {
        const heads = new Map<string, string | undefined>();
        for (const lane of await storage.lanes({ limit: 100 })) {
          const result = await storage.leaseLane({ lane, holder: 'reader', leaseMs: 1, limit: 1 });
          if (result.type !== 'leased') continue;
          heads.set(lane, result.entries[0]?.id);
          await storage.releaseLane({ lane, token: result.token });
        }
        return storage.commit(
          withWrites(commit, (write) =>
            write.type === 'remove' && heads.has(write.lane) && heads.get(write.lane) !== write.id ? [] : [write],
          ),
        );
      },
    }),
  },
  {
    fault: 'reads entries in order of their ids',
    foundBy: 'lanes',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        if (result.type !== 'leased') return result;
        return { ...result, entries: result.entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
      },
    }),
  },
  {
    fault: 'reads more entries than it was asked for',
    foundBy: 'lanes',
    broken: (storage) => ({ leaseLane: (request) => storage.leaseLane({ ...request, limit: request.limit + 1 }) }),
  },
  {
    fault: 'keeps all lanes that begin alike in one',
    foundBy: 'lanes',
    broken: (storage) => ({
      commit: (commit) =>
        storage.commit(
          withWrites(commit, (write) => ['lane' in write ? { ...write, lane: write.lane.slice(0, 1) } : write]),
        ),
      leaseLane: (request) => storage.leaseLane({ ...request, lane: request.lane.slice(0, 1) }),
      releaseLane: (lease) => storage.releaseLane({ ...lease, lane: lease.lane.slice(0, 1) }),
    }),
  },
  {
    fault: 'names lanes that have become empty',
    foundBy: 'lanes',
    broken: (storage) => {
      const seen = new Set<string>();
      return {
        async lanes(query) {
          for (const lane of await storage.lanes({ limit: 100 })) seen.add(lane);
          const names = [...seen].sort().filter((name) => name > (query.after ?? ''));
          return names.slice(0, query.limit);
        },
      };
    },
  },
  {
    fault: 'names the lane again after which it is asked to go on',
    foundBy: 'lanes',
    broken: (storage) => ({
      lanes: async ({ after, limit }) =>
        (await storage.lanes({ limit: 100 })).filter((name) => name >= (after ?? '')).slice(0, limit),
    }),
  },
  {
    fault: 'fences nothing',
    foundBy: 'fencing',
    broken: (storage) => ({
      commit: (commit) => storage.commit(withConditions(commit, (each) => (each.type === 'lease' ? [] : [each]))),
    }),
  },
  {
    fault: 'fences with the last token, though its lease has expired',
    foundBy: 'fencing',
    broken: (storage) => {
      const tokens = new Map<string, number>();
      return {
        async leaseLane(request) {
          const result = await storage.leaseLane(request);
          if (result.type === 'leased') tokens.set(request.lane, result.token);
          return result;
        },
        commit: (commit) =>
          storage.commit(
            withConditions(commit, (each) =>
              each.type === 'lease' && tokens.get(each.lane) === each.token ? [] : [each],
            ),
          ),
      };
    },
  },
  {
    fault: 'starts the tokens of a lane again when it has been empty',
    foundBy: 'fencing',
    broken: (storage) => {
      const offsets = new Map<string, number>();
      const last = new Map<string, number>();
      const asTold = (lane: string, token: number): number => token - (offsets.get(lane) ?? 0);
      const asKept = (lane: string, token: number): number => token + (offsets.get(lane) ?? 0);
      return {
        async leaseLane(request) {
          const result = await storage.leaseLane(request);
          if (result.type === 'empty') offsets.set(request.lane, last.get(request.lane) ?? 0);
          if (result.type !== 'leased') return result;
          last.set(request.lane, result.token);
          return { ...result, token: asTold(request.lane, result.token) };
        },
        commit: (commit) =>
          storage.commit(
            withConditions(commit, (each) => [
              each.type === 'lease' ? { ...each, token: asKept(each.lane, each.token) } : each,
            ]),
          ),
        releaseLane: ({ lane, token }) => storage.releaseLane({ lane, token: asKept(lane, token) }),
      };
    },
  },
  {
    fault: 'gives the lease to whoever asks',
    foundBy: 'leases',
    broken: (storage) => ({ leaseLane: (request) => storage.leaseLane({ ...request, holder: 'anybody' }) }),
  },
  {
    fault: 'gives a new token to the one who extends',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        if (result.type !== 'leased') return result;
        await storage.releaseLane({ lane: request.lane, token: result.token });
        return storage.leaseLane(request);
      },
    }),
  },
  {
    fault: 'does not extend a lease',
    foundBy: 'leases',
    broken: (storage) => {
      const first = new Map<string, Awaited<ReturnType<Storage['leaseLane']>>>();
      return {
        async leaseLane(request) {
          const name = `${request.lane} ${request.holder}`;
          const known = first.get(name);
          if (known?.type === 'leased') {
            const { lane } = request;
            const require = [{ type: 'lease', lane, token: known.token } as const];
            if ((await storage.commit({ require, steps: [] })).committed) return known;
          }
          const result = await storage.leaseLane(request);
          first.set(name, result);
          return result;
        },
      };
    },
  },
  {
    fault: 'never lets a lease expire',
    foundBy: 'leases',
    broken: (storage) => ({ leaseLane: (request) => storage.leaseLane({ ...request, leaseMs: 1e12 }) }),
  },
  {
    fault: 'says at which instant the lease expires, not in how long',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        return result.type === 'held' ? { ...result, expiresInMs: result.expiresInMs + 1.7e12 } : result;
      },
    }),
  },
  {
    fault: 'gives a lease back whatever the token',
    foundBy: 'leases',
    broken: (storage) => {
      const tokens = new Map<string, number>();
      return {
        async leaseLane(request) {
          const result = await storage.leaseLane(request);
          if (result.type === 'leased') tokens.set(request.lane, result.token);
          return result;
        },
        releaseLane: ({ lane }) => storage.releaseLane({ lane, token: tokens.get(lane) ?? 0 }),
      };
    },
  },
  {
    fault: 'does not give a lease back',
    foundBy: 'leases',
    broken: () => ({ async releaseLane() {} }),
  },
  {
    fault: 'does not tell of a lease that was not given back',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        return result.type === 'leased' ? { ...result, isTakenOver: false } : result;
      },
    }),
  },
  {
    fault: 'says of every lease that it is taken over',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        return result.type === 'leased' ? { ...result, isTakenOver: true } : result;
      },
    }),
  },
  {
    fault: 'leases a lane without entries',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        return result.type === 'empty' ? { type: 'leased', token: 1, entries: [], isTakenOver: false } : result;
      },
    }),
  },
];
