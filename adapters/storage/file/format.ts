import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import type { LmdbDatabase, LmdbTable } from './lmdb.js';
import type { Tables } from './tables.js';

/** Changes what an older version wrote to what the next one reads. Called in a transaction. */
export type Migration = (tables: Tables) => void;

/** What changes version 1 to 2 is the first, and so on; the present version is one more than there are. */
export const migrations: readonly Migration[] = [];

const formatName = 'tocsin';
const formatKey = 'format';

/** Writes which format a new file has. */
export function writeFormat(about: LmdbTable, version: number): void {
  about.put(formatKey, JSON.stringify({ name: formatName, version }), 1);
}

/**
 * Reads which version wrote the file.
 *
 * @throws `storage_corrupt` when the file is of something else; `storage_format` when it is newer.
 */
export function readFormat(about: LmdbTable | undefined, present: number, path: string): number {
  const text = about?.get(formatKey);
  const format = text === undefined ? undefined : attempt(() => JSON.parse(text));
  if (format?.name !== formatName || !Number.isSafeInteger(format.version) || format.version < 1) {
    const message = `Expected a database of tocsin, got one of something else: ${path}`;
    throw new TocsinError({ code: 'storage_corrupt', message });
  }
  if (format.version > present) {
    const message = `Expected format ${present} or older, got ${format.version}, which a newer version of tocsin wrote: ${path}`;
    throw new TocsinError({ code: 'storage_format', message });
  }
  return format.version;
}

/** Brings an older file to the present version, all at once or not at all. */
export function migrate(
  root: LmdbDatabase,
  about: LmdbTable,
  tables: Tables,
  path: string,
  steps: readonly Migration[],
): void {
  const present = steps.length + 1;
  if (readFormat(about, present, path) === present) return;
  root.transactionSync(() => {
    // Another process may have done it meanwhile.
    for (const step of steps.slice(readFormat(about, present, path) - 1)) step(tables);
    writeFormat(about, present);
  });
}
