import { randomBytes, randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, linkSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import { checkIsFile } from './data-file.js';
import { isThere, makeEmptyFile } from './folder.js';

/** More than lmdb opens, and than is open here meanwhile. */
const handlesNeeded = 16;

/** The locks and a new file take 20 KiB where pages have 4 KiB, and less than this where they have 64. */
const bytesNeeded = 2 ** 19;

/**
 * Checks that some files can be opened yet: lmdb ends the process when it can't.
 *
 * @throws Whatever the system throws.
 */
export function checkHandles(): void {
  const handles: number[] = [];
  try {
    while (handles.length < handlesNeeded) handles.push(openSync(devNull, 'r'));
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}

/**
 * Makes the file in which lmdb keeps its locks, or looks at the one that is there: lmdb ends the process when it can't open it, and
 * when the disk has no room for it.
 *
 * It is never opened here where lmdb may have it open: with a handle that is closed, the process gives up all its locks on a file.
 *
 * @throws `storage_corrupt` when it is no file, `storage_forbidden` when it may not be written; whatever the file system throws.
 */
export function prepareLockFile(path: string): void {
  const lock = join(path, 'lock.mdb');
  const isNew = !isThere(lock);
  if (!isNew) checkIsFile(lock);
  if (isNew || statSync(lock).size === 0) checkDisk(path);
  if (isNew) makeLockFile(path, lock);
  else checkAccess(lock);
}

/** The system judges by who the process really is, and lmdb's opening by who it acts for now. */
function checkAccess(lock: string): void {
  accessSync(lock, constants.R_OK | constants.W_OK);
  const user = process.geteuid?.();
  if (user === process.getuid?.() || user === 0) return;
  const { uid, gid, mode } = statSync(lock);
  const isOfGroup = gid === process.getegid?.() || process.getgroups?.().includes(gid);
  const rights = uid === user ? mode >> 6 : isOfGroup ? mode >> 3 : mode;
  if ((rights & 0o6) === 0o6) return;
  const message = `The process may not read and write: ${lock} (of user ${uid}, the process acts for ${user})`;
  throw new TocsinError({ code: 'storage_forbidden', message });
}

function makeLockFile(path: string, lock: string): void {
  const made = join(path, `.new-${randomUUID()}`);
  try {
    makeEmptyFile(made, '..');
    // Another may have been faster; and where there are no links, lmdb makes it.
    attempt(() => linkSync(made, lock));
  } finally {
    rmSync(made, { force: true });
  }
}

/** Nothing but writing tells of a quota, too; and what repeats itself takes no room on some file systems. */
function checkDisk(path: string): void {
  const probe = join(path, `.new-${randomUUID()}`);
  try {
    writeFileSync(probe, randomBytes(bytesNeeded), { flag: 'wx', mode: 0o600 });
  } finally {
    attempt(() => rmSync(probe, { force: true }));
  }
}
