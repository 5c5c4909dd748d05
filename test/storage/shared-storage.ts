import type { Storage } from 'tocsin';

/** What a storage that outlives its handles is made of. */
export interface SharedData {
  readonly kept: Storage;
  /** The calls of all handles, one after the other. */
  queue: Promise<unknown>;
}

/**
 * Opens a handle on data that others may have open too. Every call takes its time, as on a disk or a network.
 *
 * @param data - What all handles see.
 */
export function openShared(data: SharedData): Storage {
  let isClosed = false;

  const inTurn = <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (isClosed) return Promise.reject(new Error('The storage is closed'));
    const answer = data.queue.then(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return call();
    });
    data.queue = answer.catch(() => undefined);
    return answer;
  };

  const { kept } = data;
  return {
    capabilities: { durable: true, shared: true },
    commit: (commit) => inTurn(() => kept.commit(commit)),
    get: (key) => inTurn(() => kept.get(key)),
    list: (query) => inTurn(() => kept.list(query)),
    listKeys: (query) => inTurn(() => kept.listKeys(query)),
    claimedUntil: (key) => inTurn(() => kept.claimedUntil(key)),
    deleteRange: (range) => inTurn(() => kept.deleteRange(range)),
    lanes: (query) => inTurn(() => kept.lanes(query)),
    leaseLane: (request) => inTurn(() => kept.leaseLane(request)),
    releaseLane: (lease) => inTurn(() => kept.releaseLane(lease)),
    async close() {
      await data.queue;
      isClosed = true;
    },
  };
}
