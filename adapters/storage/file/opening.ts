import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, renameSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import { giveToOwner } from './owner.js';
import {
  createProcessFile,
  isRemoved,
  openStorages,
  type ProcessFile,
  processFile,
  readFiles,
  removeFile,
} from './process-files.js';
import { processIdentity } from './process-identity.js';

/** A storage's own file. */
export interface OwnFile {
  readonly file: string;
  readonly handle: number;
}

/** How long an opening is announced while somebody is still writing, in milliseconds; in between all others may write. */
const roundMs = 1000;
const betweenRoundsMs = 100;

/** How long somebody who is writing is waited for, and how long one who is opening, in milliseconds. */
const patienceMs = 10_000;

/** Before others have waited so long, one that was held up has to announce its opening anew, in milliseconds. */
const freshMs = patienceMs / 2;

/** How often it is tried to be in time when the patience is at its end. */
const mostLastRounds = 5;

const nameOfOpening = /^[0-9a-f-]{36}$/;

/** When each opening that is under way was seen first. */
const seenAtMs = new Map<string, number>();

/**
 * Opens something while nobody else is writing in the folder, and makes the file that says that it is open.
 *
 * It is announced first, in a folder that is there as long as somebody is opening; then those who are writing are waited for.
 * Whoever wants to write says so first, and looks for that folder then. So at least one of the two sees the other.
 *
 * @param waitMs - How long one who is writing is waited for, in milliseconds.
 * @throws `storage_unavailable` when another process has been writing for so long; whatever `open` throws.
 */
export function openAlone<Result>(
  path: string,
  open: () => Result,
  waitMs = patienceMs,
): { readonly opened: Result; readonly own: OwnFile } {
  const startMs = performance.now();
  let lastRounds = 0;
  for (;;) {
    const isLast = performance.now() - startMs > waitMs;
    if (isLast) lastRounds += 1;
    if (lastRounds > mostLastRounds) throw heldUp(path);
    const id = randomUUID();
    const announced = announce(path, id);
    const announcedAtMs = performance.now();
    const isFresh = (): boolean => performance.now() - announcedAtMs < freshMs && !isRemoved(announced.handle);
    try {
      // What others have written just now is seen by every processor after this.
      pause(1);
      const writers = waitForWriters(path, announcedAtMs + roundMs);
      if (isLast) giveUpOn(writers, path);
      if ((writers.length === 0 || isLast) && isFresh()) return openWithFile(path, open);
    } finally {
      closeSync(announced.handle);
      removeFile(announced.file);
      endAnnouncements(path);
    }
    pause(betweenRoundsMs);
  }
}

/** The file is made first: when there is no room for it, nothing is open. */
function openWithFile<Result>(path: string, open: () => Result): { readonly opened: Result; readonly own: OwnFile } {
  const file = processFile(path, randomUUID());
  const handle = createProcessFile(file);
  try {
    return { opened: open(), own: { file, handle } };
  } catch (error) {
    closeSync(handle);
    removeFile(file);
    throw error;
  }
}

/**
 * Whether somebody is opening the folder.
 *
 * @throws When that can't be seen.
 */
export function isSomebodyOpening(path: string): boolean {
  const folder = folderOf(path);
  if (!existsSync(folder)) {
    forgetOpenings(folder);
    return false;
  }
  const nowMs = performance.now();
  const openings = readFiles(folder, (name) => nameOfOpening.test(name)).filter(({ file }) => {
    const firstMs = seenAtMs.get(file) ?? nowMs;
    seenAtMs.set(file, firstMs);
    if (nowMs - firstMs < patienceMs) return true;
    // It stands still, or is in a container that is gone. It will see that it has to begin again.
    attempt(() => removeFile(file));
    return false;
  });
  if (openings.length === 0) endAnnouncements(path);
  return openings.length > 0;
}

/** Waits on the thread: opening is synchronous. */
export function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function folderOf(path: string): string {
  return join(path, 'opening');
}

/** The file is made elsewhere and moved: one whose maker was killed amid it would be taken for an opening that stands still. */
function announce(path: string, id: string): OwnFile {
  const folder = folderOf(path);
  const file = join(folder, id);
  for (;;) {
    const made = processFile(path, id);
    const handle = createProcessFile(made);
    try {
      makeFolder(path);
      renameSync(made, file);
      return { file, handle };
    } catch (error) {
      closeSync(handle);
      removeFile(made);
      // Another has just ended, or has taken the file for one that was left behind.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !existsSync(path)) throw error;
    }
  }
}

/** Made elsewhere and moved, so that others can look into it from the first instant, whoever has made it. */
function makeFolder(path: string): void {
  const folder = folderOf(path);
  if (existsSync(folder)) return;
  const made = join(path, `.new-${randomUUID()}`);
  mkdirSync(made, { mode: 0o700 });
  try {
    // Whatever the umask.
    chmodSync(made, 0o700);
    giveFolder(made);
    renameSync(made, folder);
  } catch (error) {
    attempt(() => rmdirSync(made));
    const { code } = error as NodeJS.ErrnoException;
    // Another is opening too, and was faster. Windows says so in its own way.
    const isTaken = code === 'EEXIST' || code === 'ENOTEMPTY' || (code === 'EPERM' && process.platform === 'win32');
    if (!isTaken) throw error;
  }
}

function giveFolder(folder: string): void {
  // A folder can't be opened on Windows, where none of this matters.
  const handle = attempt(() => openSync(folder, constants.O_DIRECTORY | constants.O_NOFOLLOW));
  if (handle === undefined) return;
  try {
    giveToOwner(handle);
  } finally {
    closeSync(handle);
  }
}

/** The folder can be removed when nobody is in it, and only then. */
function endAnnouncements(path: string): void {
  const folder = folderOf(path);
  forgetOpenings(folder);
  attempt(() => rmdirSync(folder));
}

function forgetOpenings(folder: string): void {
  for (const file of seenAtMs.keys()) if (dirname(file) === folder) seenAtMs.delete(file);
}

/** Waits for those who are writing, and returns who still is. */
function waitForWriters(path: string, untilMs: number): readonly ProcessFile[] {
  for (;;) {
    const writers = openStorages(path).filter((each) => !isLeft(each) && each.isWriting && !isOwn(each.identity));
    if (writers.length === 0 || performance.now() >= untilMs) return writers;
    pause(1);
  }
}

/** One of another container that has said nothing for so long. If it is alive, it makes its file anew before it writes again. */
function isLeft({ file, identity, writtenAtMs }: ProcessFile): boolean {
  if (identity?.place === processIdentity().place || Date.now() - writtenAtMs < patienceMs) return false;
  removeFile(file);
  return true;
}

/** Where this process has the folder open already, lmdb finds that, and opens nothing. */
function isOwn(identity: ProcessFile['identity']): boolean {
  const { place, pid } = processIdentity();
  return identity?.place === place && identity.pid === pid;
}

function heldUp(path: string): TocsinError {
  const message = `The folder could not be opened, since this process was held up again and again, or its file system tells no links: ${path}`;
  return new TocsinError({ code: 'storage_unavailable', message });
}

function giveUpOn(writers: readonly ProcessFile[], path: string): void {
  const living = writers.find(({ identity }) => identity?.place === processIdentity().place);
  if (living !== undefined) {
    const message = `Process ${living.identity?.pid} has been writing all the time, so the folder can not be opened; stop it, or try again later: ${path}`;
    throw new TocsinError({ code: 'storage_unavailable', message });
  }
  // Of another container, which is gone in all likelihood. If it is not, it makes its file anew.
  for (const { file } of writers) removeFile(file);
}
