import type { Precondition, Storage } from 'tocsin';
import { type BrokenStorage, withConditions } from './broken-storages.js';

/** How a lease came to its end. */
type End = 'expired' | 'given back' | 'emptied';

/** Faults that an adapter could have in its fencing tokens. */
export const brokenTokens: readonly BrokenStorage[] = [
  {
    fault: 'settles with an old token of the one who holds the lease now',
    foundBy: 'tokens',
    broken: (storage) => {
      const { leaseLane, current } = translatingTokens(storage);
      return {
        leaseLane,
        commit: (commit) =>
          storage.commit(
            withConditions(commit, (each) => [
              each.type === 'lease' ? { ...each, token: current(each.lane, each.token) } : each,
            ]),
          ),
      };
    },
  },
  {
    fault: 'gives a lease back for an old token of the one who holds it now',
    foundBy: 'tokens',
    broken: (storage) => {
      const { leaseLane, current } = translatingTokens(storage);
      return {
        leaseLane,
        releaseLane: ({ lane, token }) => storage.releaseLane({ lane, token: current(lane, token) }),
      };
    },
  },
  {
    fault: 'gives the same token to a holder whose lease had expired',
    foundBy: 'tokens',
    broken: (storage) => keepingTokenAfter('expired', storage),
  },
  {
    fault: 'gives the same token to a holder who gave its lease back',
    foundBy: 'tokens',
    broken: (storage) => keepingTokenAfter('given back', storage),
  },
  {
    fault: 'gives the same token to a holder who found the lane empty',
    foundBy: 'tokens',
    broken: (storage) => keepingTokenAfter('emptied', storage),
  },
  {
    fault: 'forgets the lease that a commit requires when it requires a claim too',
    foundBy: 'tokens',
    broken: (storage) => ({
      commit: ({ require = [], steps }) => storage.commit({ require: withoutLeaseBeside('claim', require), steps }),
    }),
  },
  {
    fault: 'forgets the lease that a commit requires when it requires a revision too',
    foundBy: 'tokens',
    broken: (storage) => ({
      commit: ({ require = [], steps }) => storage.commit({ require: withoutLeaseBeside('revision', require), steps }),
    }),
  },
  {
    fault: 'forgets the lease of a step when a claim stands beside it',
    foundBy: 'tokens',
    broken: (storage) => ({
      commit: (commit) => {
        const steps = commit.steps.map((step) => ({ ...step, when: withoutLeaseBeside('claim', step.when ?? []) }));
        return storage.commit({ ...commit, steps });
      },
    }),
  },
  {
    fault: 'forgets the lease of a step when a revision stands beside it',
    foundBy: 'tokens',
    broken: (storage) => ({
      commit: (commit) => {
        const steps = commit.steps.map((step) => ({ ...step, when: withoutLeaseBeside('revision', step.when ?? []) }));
        return storage.commit({ ...commit, steps });
      },
    }),
  },
  {
    fault: 'tells of a lease that was not given back only when nothing was appended since',
    foundBy: 'leases',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        return result.type === 'leased' && result.entries.length > 1 ? { ...result, isTakenOver: false } : result;
      },
    }),
  },
  {
    fault: 'calls a lane without entries empty, though another holds it',
    foundBy: 'tokens',
    broken: (storage) => ({
      async leaseLane(request) {
        const result = await storage.leaseLane(request);
        const lanes = await storage.lanes({ limit: 1000 });
        return result.type === 'held' && !lanes.includes(request.lane) ? { type: 'empty' } : result;
      },
    }),
  },
  {
    fault: 'keeps the lease in the row of the last entry',
    foundBy: 'tokens',
    broken: (storage) => {
      const tokens = new Map<string, number>();
      return {
        async leaseLane(request) {
          const result = await storage.leaseLane(request);
          if (result.type === 'leased') tokens.set(request.lane, result.token);
          return result;
        },
        async commit(commit) {
          const result = await storage.commit(commit);
          const lanes = await storage.lanes({ limit: 1000 });
          for (const [lane, token] of tokens) if (!lanes.includes(lane)) await storage.releaseLane({ lane, token });
          return result;
        },
      };
    },
  },
];

/** Knows whose each token was, and takes any of the one who holds the lane for the current one. */
function translatingTokens(storage: Storage) {
  const holders = new Map<string, string>();
  const last = new Map<string, { readonly holder: string; readonly token: number }>();
  const leaseLane: Storage['leaseLane'] = async (request) => {
    const result = await storage.leaseLane(request);
    if (result.type === 'leased') {
      holders.set(`${request.lane} ${result.token}`, request.holder);
      last.set(request.lane, { holder: request.holder, token: result.token });
    }
    return result;
  };
  const current = (lane: string, token: number): number => {
    const now = last.get(lane);
    return now !== undefined && holders.get(`${lane} ${token}`) === now.holder ? now.token : token;
  };
  return { leaseLane, current };
}

/** Shows tokens of its own, which do not grow when the same holder comes again after such an end. */
function keepingTokenAfter(end: End, storage: Storage): Partial<Storage> {
  const lanes = new Map<string, { holder: string; shown: number; kept: number; ended: End }>();
  const keptOf = (lane: string, shown: number): number => {
    const known = lanes.get(lane);
    return known?.shown === shown ? known.kept : -1;
  };
  return {
    async leaseLane(request) {
      const result = await storage.leaseLane(request);
      const known = lanes.get(request.lane);
      if (result.type === 'empty' && known !== undefined) known.ended = 'emptied';
      if (result.type !== 'leased') return result;
      if (known?.kept === result.token) return { ...result, token: known.shown };
      const isSame = known?.holder === request.holder && known.ended === end;
      const shown = (known?.shown ?? 0) + (isSame ? 0 : 1);
      lanes.set(request.lane, { holder: request.holder, shown, kept: result.token, ended: 'expired' });
      return { ...result, token: shown };
    },
    async releaseLane({ lane, token }) {
      await storage.releaseLane({ lane, token: keptOf(lane, token) });
      const known = lanes.get(lane);
      if (known?.shown === token) known.ended = 'given back';
    },
    commit: (commit) =>
      storage.commit(
        withConditions(commit, (each) => [
          each.type === 'lease' ? { ...each, token: keptOf(each.lane, each.token) } : each,
        ]),
      ),
  };
}

function withoutLeaseBeside(type: Precondition['type'], conditions: readonly Precondition[]): readonly Precondition[] {
  if (!conditions.some((each) => each.type === type)) return conditions;
  return conditions.filter((each) => each.type !== 'lease');
}
