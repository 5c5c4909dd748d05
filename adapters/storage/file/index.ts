/**
 * A storage in a folder, for one host: durable, and shared by its processes. It needs the package lmdb.
 *
 * @packageDocumentation
 */
import { type Commit, type Storage, TocsinError } from '../../../src/index.js';
import { checkName } from '../../../src/ports/storage-input.js';
import { prepareCommit } from './apply-commit.js';
import { claimedUntil } from './claims.js';
import { toFault } from './faults.js';
import { createGroupCommit } from './group-commit.js';
import { leaseLane, releaseLane } from './lanes.js';
import { openDatabase } from './open-database.js';
import { type FileStorageOptions, settingsOf } from './options.js';
import { isProcessGone, processIdentity } from './process-identity.js';
import { deleteRecords, listKeys, listRecords, readRecord } from './records.js';
import { beforeAll, behindAll, comparable } from './tables.js';

export type { FileStorageOptions } from './options.js';

/** How many records are deleted at once, so that the event loop is never held up for long. */
const maxDeletion = 500;

/**
 * Keeps everything in a folder of this host, which several processes may share.
 *
 * A commit that resolved is on disk. Commits that wait are written together. The leases of a process that is gone end at once where that
 * can be known: on the same host, in the same container. `docs/adapters.md` tells of files, sizes and limits.
 *
 * @param options - Where, how much, how durable.
 * @returns A storage that is durable and shared. It is open when this returns; `close` waits for commits that are under way.
 * @throws `TocsinError` with code `invalid_options`, `dependency_missing` (`npm install lmdb@3`), `storage_forbidden`, `storage_corrupt`,
 * `storage_format` or `storage_full`; `storage_unavailable` when another process has been writing for 10 seconds, or too many files are
 * open. A call rejects with `storage_corrupt` when it meets something that can't be read; the message names it.
 */
export function fileStorage(options: FileStorageOptions): Storage {
  const settings = settingsOf(options);
  const database = openDatabase(settings);
  const { root, tables } = database;
  const queue = createGroupCommit(database, settings);
  const leaseClock = { now: settings.now, self: processIdentity(), isGone: isProcessGone };
  let closing: Promise<void> | undefined;

  const checkOpen = (): void => {
    if (closing === undefined) return;
    throw new TocsinError({ code: 'storage_unavailable', message: `The storage is closed: ${settings.path}` });
  };

  const read = <Result>(reading: () => Result): Result => {
    checkOpen();
    try {
      root.resetReadTxn();
      return reading();
    } catch (error) {
      throw toFault(error, settings.path);
    }
  };

  return {
    capabilities: { durable: true, shared: true },
    async commit(commit) {
      checkOpen();
      const apply = prepareCommit(commit);
      return queue.submit((draft) => apply(draft, settings.now()), isAdding(commit));
    },
    get: async (key) => read(() => readRecord(tables, checkName(key))),
    list: async (query) => read(() => listRecords(tables, query)),
    listKeys: async (query) => read(() => listKeys(tables, query)),
    async claimedUntil(key) {
      return read(() => claimedUntil({ get: (table, name) => tables[table].get(name) }, checkName(key)));
    },
    async deleteRange({ limit, ...range }) {
      let deleted = 0;
      let isFinished = false;
      while (!isFinished) {
        checkOpen();
        const slice = Math.min(limit - deleted, maxDeletion);
        const count = await queue.submit((draft) => deleteRecords(draft, { ...range, limit: slice }), false);
        deleted += count;
        isFinished = count < slice || deleted >= limit;
      }
      return deleted;
    },
    lanes: async ({ after, limit }) =>
      read(() => {
        const start = after === undefined ? beforeAll : `${comparable(after)}${beforeAll}`;
        return [...tables.waiting.getKeys({ start, end: behindAll, limit })];
      }),
    async leaseLane(request) {
      checkOpen();
      checkName(request.lane);
      return queue.submit((draft) => leaseLane(draft, request, leaseClock), false);
    },
    async releaseLane({ lane, token }) {
      checkOpen();
      checkName(lane);
      return queue.submit((draft) => releaseLane(draft, lane, token), false);
    },
    close() {
      closing ??= queue.drained().then(() => database.close());
      return closing;
    },
  };
}

/** Whether a commit may need room that it does not make itself. */
function isAdding({ require = [], steps }: Commit): boolean {
  const types = steps.flatMap(({ when = [], write, otherwise = [] }) => [...when, ...write, ...otherwise]);
  return [...require, ...types].some(({ type }) => type === 'put' || type === 'append' || type === 'claim');
}
