import { TocsinError } from '../errors.js';
import type { Storage } from '../ports/storage.js';

/** Makes whatever a storage rejects with a `storage_unavailable` that names the operation and keeps the cause. */
export function guardStorage(storage: Storage): Storage {
  return {
    capabilities: storage.capabilities,
    commit: (commit) => guarded('commit', () => storage.commit(commit)),
    get: (key) => guarded('get', () => storage.get(key)),
    list: (query) => guarded('list', () => storage.list(query)),
    listKeys: (query) => guarded('listKeys', () => storage.listKeys(query)),
    claimedUntil: (key) => guarded('claimedUntil', () => storage.claimedUntil(key)),
    deleteRange: (range) => guarded('deleteRange', () => storage.deleteRange(range)),
    lanes: (query) => guarded('lanes', () => storage.lanes(query)),
    leaseLane: (request) => guarded('leaseLane', () => storage.leaseLane(request)),
    releaseLane: (lease) => guarded('releaseLane', () => storage.releaseLane(lease)),
    close: () => guarded('close', () => storage.close()),
  };
}

/** The storage is called before anything is awaited, since commits take effect in the order of the calls. */
async function guarded<Result>(operation: keyof Storage, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    if (TocsinError.is(cause) && cause.code === 'storage_unavailable') throw cause;
    const why = TocsinError.is(cause) ? `: ${cause.message}` : '';
    throw new TocsinError({ code: 'storage_unavailable', message: `The storage failed at ${operation}${why}`, cause });
  }
}
