import { TocsinError } from '../errors.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';

/** How many calls that were given up the storage may owe an answer; beyond, it is tried with one at a time: it keeps what each brought. */
const mostOwed = 64;

/**
 * Makes a call that is not answered in time reject with `storage_unavailable`: calls that wait for one another must not
 * wait for ever. What a late answer says is not heard any more. A storage that owes too many answers is asked one thing at a
 * time: whoever tries again and again must not fill the memory while it hangs. Once it answers, what it owed counts as lost.
 *
 * @param timeoutMs - How long a call may take, in milliseconds.
 */
export function boundStorage(storage: Storage, runtime: Runtime, timeoutMs: number): Storage {
  let owed = 0;
  let isTrying = false;

  const bounded = <Result>(operation: keyof Storage, call: () => Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const isFull = owed >= mostOwed;
      if (isFull && isTrying) return reject(unavailable(`owes ${owed} answers, and was not asked for ${operation}`));
      if (isFull) isTrying = true;
      const giveUp = (): void => {
        owed += 1;
        if (isFull) isTrying = false;
        reject(unavailable(`did not answer ${operation} within ${timeoutMs} ms`));
      };
      const timer = runtime.setTimer(giveUp, timeoutMs, { isAwaited: true });
      const settle =
        <Answer>(tell: (answer: Answer) => void) =>
        (answer: Answer): void => {
          owed = 0;
          isTrying = false;
          timer.cancel();
          tell(answer);
        };
      call().then(settle(resolve), settle(reject));
    });
  return {
    ...storage,
    commit: (commit) => bounded('commit', () => storage.commit(commit)),
    get: (key) => bounded('get', () => storage.get(key)),
    list: (query) => bounded('list', () => storage.list(query)),
    listKeys: (query) => bounded('listKeys', () => storage.listKeys(query)),
    claimedUntil: (key) => bounded('claimedUntil', () => storage.claimedUntil(key)),
    deleteRange: (range) => bounded('deleteRange', () => storage.deleteRange(range)),
    lanes: (query) => bounded('lanes', () => storage.lanes(query)),
    leaseLane: (request) => bounded('leaseLane', () => storage.leaseLane(request)),
    releaseLane: (lease) => bounded('releaseLane', () => storage.releaseLane(lease)),
  };
}

function unavailable(what: string): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: `The storage ${what}` });
}
