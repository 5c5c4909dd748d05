import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TocsinError } from '../../../src/index.js';
import { checkDataFile } from './data-file.js';
import { toFault } from './faults.js';
import { flushFolder, isThere, linkUnlessThere, makeEmptyFile, makeFolder } from './folder.js';
import { type Migration, migrate, migrations, readFormat, writeFormat } from './format.js';
import { type LmdbDatabase, type LmdbTable, loadLmdb, tableOptions } from './lmdb.js';
import { checkHandles, prepareLockFile } from './lock-file.js';
import type { FileSettings } from './options.js';
import { openPresent, type Presence } from './presence.js';
import { type Tables, tableNames } from './tables.js';

/** An open file. */
export interface Database {
  readonly root: LmdbDatabase;
  /** What is kept about the file itself, with versions: its format, and {@link sequenceKey}. */
  readonly about: LmdbTable;
  readonly tables: Tables;
  /** Whoever writes begins and ends there. */
  readonly presence: Presence;
  close(): Promise<void>;
}

/** Its version grows with every write of anybody, so that one who has read knows whether somebody has written since. */
export const sequenceKey = 'sequence';

type Place = Pick<FileSettings, 'path' | 'durability'>;

/**
 * Opens the folder's file, or makes it.
 *
 * @param steps - The migrations.
 * @throws `TocsinError` with code `dependency_missing`, `invalid_options`, `storage_corrupt`, `storage_format`, `storage_forbidden`,
 * `storage_full` or `storage_unavailable`.
 */
export function openDatabase(place: Place, steps: readonly Migration[] = migrations): Database {
  const file = join(place.path, 'data.mdb');
  try {
    checkHandles();
    loadLmdb();
    makeFolder(place.path);
    if (!isThere(file)) createFile(place, file, steps.length + 1);
    checkDataFile(file);
    return openFile(place, file, steps);
  } catch (error) {
    throw toFault(error, place.path);
  }
}

/**
 * Makes the file elsewhere and moves it to its place when it is complete: so one that is empty or has no format is damaged, and
 * never one whose maker was killed.
 */
function createFile(place: Place, file: string, version: number): void {
  const folder = join(place.path, `.new-${randomUUID()}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    // lmdb takes an empty file for a new one.
    makeEmptyFile(join(folder, 'data.mdb'), '../..');
    const root = openRoot({ ...place, path: folder });
    try {
      // In one transaction: each of its own would wait for the disk.
      root.transactionSync(() => {
        const about = openTable(root, 'about', { useVersions: true, create: true });
        for (const name of tableNames) openTable(root, name, { create: true });
        writeFormat(about as LmdbTable, version);
        about?.put(sequenceKey, '0', 1);
      });
    } finally {
      // Nothing is under way, so it is closed when this returns.
      root.close();
    }
    linkUnlessThere(join(folder, 'data.mdb'), file);
    flushFolder(place.path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openFile(place: Place, file: string, steps: readonly Migration[]): Database {
  const { opened: root, presence } = openPresent(place.path, file, () => openRoot(place));
  try {
    presence.beginSync();
    const about = openTable(root, 'about', { useVersions: true, create: false });
    const found = readFormat(about, steps.length + 1, place.path);
    const tables = openTables(root, found <= steps.length);
    migrate(root, about as LmdbTable, tables, place.path, steps);
    presence.end();
    return { root, about: about as LmdbTable, tables, presence, close: () => closeFile(root, presence) };
  } catch (error) {
    const left = presence.leave();
    // Nothing is under way, so it is closed when this returns.
    root.close();
    left();
    throw error;
  }
}

/** lmdb destroys its locks when it closes a file that nobody else has open: nobody may be opening it then, either. */
async function closeFile(root: LmdbDatabase, presence: Presence): Promise<void> {
  // It fails when the folder is gone: then nobody is opening it.
  await presence.begin().catch(() => {});
  const left = presence.leave();
  try {
    await root.close();
  } finally {
    left();
  }
}

function openRoot({ path, durability }: Place): LmdbDatabase {
  checkHandles();
  prepareLockFile(path);
  return loadLmdb().open({
    ...tableOptions,
    path,
    noSubdir: false,
    maxDbs: 16,
    // Only where it starts: lmdb-js lets the map grow by itself.
    mapSize: 2 ** 26,
    // A commit is then visible when it is on disk, not before, so nobody acts on what a loss of power takes back.
    overlappingSync: false,
    noSync: durability === 'process',
    // Commits are grouped here, and each group is written at once.
    eventTurnBatching: false,
    txnStartThreshold: 1,
    permissionsMode: 0o600,
  });
}

function openTables(root: LmdbDatabase, create: boolean): Tables {
  const opened = tableNames.map((name) => {
    const table = openTable(root, name, { create });
    if (table !== undefined) return [name, table] as const;
    throw new TocsinError({ code: 'storage_corrupt', message: `The file has no table ${name}` });
  });
  return Object.fromEntries(opened) as unknown as Tables;
}

function openTable(root: LmdbDatabase, name: string, options: { useVersions?: boolean; create: boolean }) {
  return root.openDB({ ...tableOptions, ...options, name });
}
