import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import { giveToOwner } from './owner.js';

/**
 * Makes the folder of a storage, unless it is there.
 *
 * @throws `invalid_options` when something else is there; whatever the file system throws.
 */
export function makeFolder(path: string): void {
  if (!existsSync(path)) {
    if (isThere(path)) refuse('a link to nothing', path);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // Whatever the umask.
    chmodSync(path, 0o700);
    flushFolder(dirname(path));
  }
  if (!statSync(path).isDirectory()) refuse('a file', path);
}

/** Whether anything has this name, be it a link to nothing. */
export function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Makes a file in which nothing stands.
 *
 * @param way - From the file to the folder whose owner gets it, when root makes it.
 */
export function makeEmptyFile(file: string, way: '..' | '../..'): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    // Whatever the umask.
    fchmodSync(handle, 0o600);
    giveToOwner(handle, way);
  } finally {
    closeSync(handle);
  }
}

/** Moves the file to its place, unless another process was faster. */
export function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems have no links. There two that begin in the same instant are not kept apart.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    renameSync(from, to);
  }
}

/** A file that is on disk can be lost as long as the folder that names it is not. */
export function flushFolder(path: string): void {
  const handle = attempt(() => openSync(path, 'r'));
  if (handle === undefined) return;
  // Not every system can do it.
  attempt(() => fsyncSync(handle));
  closeSync(handle);
}

function refuse(what: string, path: string): never {
  throw new TocsinError({ code: 'invalid_options', message: `Expected a folder at path, got ${what}: ${path}` });
}
