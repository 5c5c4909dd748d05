import { TocsinError } from '../errors.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';

/**
 * Makes a call that is not answered in time reject with `storage_unavailable`: calls that wait for one another must not
 * wait for ever. What a late answer says is not heard any more.
 *
 * @param timeoutMs - How long a call may take, in milliseconds.
 */
export function boundStorage(storage: Storage, runtime: Runtime, timeoutMs: number): Storage {
  const bounded = <Result>(operation: keyof Storage, call: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        const message = `The storage did not answer ${operation} within ${timeoutMs} ms`;
        reject(new TocsinError({ code: 'storage_unavailable', message }));
      };
      const timer = runtime.setTimer(giveUp, timeoutMs, { isAwaited: true });
      const settle =
        <Answer>(tell: (answer: Answer) => void) =>
        (answer: Answer): void => {
          timer.cancel();
          tell(answer);
        };
      call.then(settle(resolve), settle(reject));
    });
  return {
    ...storage,
    commit: (commit) => bounded('commit', storage.commit(commit)),
    get: (key) => bounded('get', storage.get(key)),
    list: (query) => bounded('list', storage.list(query)),
    listKeys: (query) => bounded('listKeys', storage.listKeys(query)),
    claimedUntil: (key) => bounded('claimedUntil', storage.claimedUntil(key)),
    deleteRange: (range) => bounded('deleteRange', storage.deleteRange(range)),
    lanes: (query) => bounded('lanes', storage.lanes(query)),
    leaseLane: (request) => bounded('leaseLane', storage.leaseLane(request)),
    releaseLane: (lease) => bounded('releaseLane', storage.releaseLane(lease)),
  };
}
