import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';

/** A table of an lmdb database, as far as it is used; keys and values are texts. */
export interface LmdbTable {
  get(key: string): string | undefined;
  getEntry(key: string): { readonly value: string; readonly version?: number } | undefined;
  getKeys(range: LmdbRange): Iterable<string>;
  put(key: string, value: string, version?: number): unknown;
  remove(key: string): unknown;
  /** What is done in `write` is written together, if `key` still has this version when the write lock is taken. */
  ifVersion(key: string, version: number, write: () => void): Promise<boolean>;
  getStats(): LmdbStatistics;
}

/** An open lmdb database. */
export interface LmdbDatabase {
  openDB(options: LmdbTableOptions & { readonly name: string }): LmdbTable | undefined;
  /** Runs in a write transaction of its own, which is flushed to disk when this returns, and undone when it throws. */
  transactionSync<Result>(action: () => Result): Result;
  /** The next read sees what was committed last. */
  resetReadTxn(): void;
  getStats(): LmdbFileStatistics;
  close(): Promise<void>;
}

interface LmdbRange {
  readonly start: string;
  /** Not included. */
  readonly end: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

interface LmdbTableOptions {
  readonly encoding: 'string';
  readonly keyEncoder: typeof keyEncoder;
  readonly useVersions?: boolean;
  readonly create?: boolean;
}

/** Sizes in pages, but for `pageSize` in bytes. */
interface LmdbStatistics {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** Those of the whole file, too. */
interface LmdbFileStatistics extends LmdbStatistics {
  readonly root: LmdbStatistics;
  readonly free: LmdbStatistics;
  readonly lastPageNumber: number;
}

interface LmdbOpenOptions extends LmdbTableOptions {
  readonly path: string;
  readonly noSubdir: boolean;
  readonly maxDbs: number;
  readonly mapSize: number;
  readonly overlappingSync: boolean;
  readonly noSync: boolean;
  readonly eventTurnBatching: boolean;
  readonly txnStartThreshold: number;
  readonly permissionsMode: number;
}

interface Lmdb {
  open(options: LmdbOpenOptions): LmdbDatabase;
}

/**
 * Loads lmdb when it is needed first: it is an optional dependency.
 *
 * @throws `TocsinError` with code `dependency_missing`, also for a version that nobody has tried this with.
 */
export function loadLmdb(): Lmdb {
  const load = createRequire(import.meta.url);
  const version = versionOf(load);
  if (version !== undefined && !/^3\.([5-9]|[1-9][0-9])/.test(version)) throw missing(`is ${version} here`);
  try {
    return load('lmdb');
  } catch (cause) {
    throw missing('could not be loaded', cause);
  }
}

/** lmdb tells no version of its own, and exports no package.json; but that stands above the folder of what is loaded. */
function versionOf({ resolve }: NodeJS.Require): string | undefined {
  return attempt(() => {
    const about = JSON.parse(readFileSync(join(dirname(resolve('lmdb')), '..', 'package.json'), 'utf8'));
    return about.name === 'lmdb' ? String(about.version) : undefined;
  });
}

function missing(why: string, cause?: unknown): TocsinError {
  const message = `fileStorage needs the package lmdb, version 3 from 3.5, which ${why}; install it: npm install lmdb@3`;
  return new TocsinError({ code: 'dependency_missing', message, cause });
}

/**
 * Keys are ASCII and stand as they are, so that they are ordered by their bytes. lmdb's own encoding reads some texts with
 * control characters as lists.
 */
const keyEncoder = {
  writeKey(key: string, target: Buffer, start: number): number {
    const end = start + key.length;
    // lmdb takes a larger buffer when it meets this error; writing would cut the key off.
    if (end > target.length) throw new RangeError('The buffer is too small for the key');
    target.write(key, start, 'latin1');
    return end;
  },
  readKey: (source: Buffer, start: number, end: number): string => source.toString('latin1', start, end),
};

/** How every table is opened. */
export const tableOptions: LmdbTableOptions = { encoding: 'string', keyEncoder };
