import {
  closeSync,
  fchmodSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { attempt } from './attempt.js';
import { giveToOwner } from './owner.js';
import { isProcessGone, type ProcessIdentity, processIdentity } from './process-identity.js';

/** A file that says of an open storage whether it is writing, and whose it is; or of one that is just being opened. */
export interface ProcessFile {
  readonly file: string;
  readonly isWriting: boolean;
  /** `undefined` when it is not to be read. */
  readonly identity: ProcessIdentity | undefined;
  /** When it was last written, in epoch milliseconds. */
  readonly writtenAtMs: number;
}

const nameOfFile = /^process-[0-9a-f-]{36}$/;

/** The name of the file of an open storage. */
export function processFile(path: string, id: string): string {
  return join(path, `process-${id}`);
}

/** Makes a file of this process, and returns its handle. */
export function createProcessFile(file: string): number {
  const handle = openSync(file, 'wx', 0o600);
  try {
    // Whatever the umask.
    fchmodSync(handle, 0o600);
    giveToOwner(handle);
    writeSync(handle, `0${JSON.stringify(processIdentity())}`, 0);
    return handle;
  } catch (error) {
    closeSync(handle);
    removeFile(file);
    throw error;
  }
}

/** Says in a file whether its storage is writing. Whoever reads it sees that when this returns. */
export function setWriting(handle: number, isWriting: boolean): void {
  writeSync(handle, isWriting ? '1' : '0', 0);
}

/** Whether a file that is open stands in its folder no longer. */
export function isRemoved(handle: number): boolean {
  return fstatSync(handle).nlink === 0;
}

/** Removes a file, if it is there. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

/** Reads the files of the storages that are open; those of processes that are gone are removed. */
export function openStorages(path: string): readonly ProcessFile[] {
  return readFiles(path, (name) => nameOfFile.test(name));
}

/**
 * Reads the files of a folder, but for those of processes that are gone: these are removed. One that can't be read counts as
 * that of somebody who is writing.
 *
 * @throws When the folder can't be read.
 */
export function readFiles(path: string, isOurs: (name: string) => boolean): readonly ProcessFile[] {
  const names = unlessMissing(() => readdirSync(path)) ?? [];
  return names.filter(isOurs).flatMap((name) => readFile(join(path, name)) ?? []);
}

function readFile(file: string): ProcessFile | undefined {
  try {
    const text = readFileSync(file, 'latin1');
    const identity = attempt(() => toIdentity(JSON.parse(text.slice(1))));
    // The maker of one that is empty was killed amid it, or makes it anew.
    const isLeftBehind = text === '' || (identity !== undefined && isProcessGone(identity));
    if (!isLeftBehind) return { file, isWriting: text.startsWith('1'), identity, writtenAtMs: statSync(file).mtimeMs };
    attempt(() => removeFile(file));
    return undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { file, isWriting: true, identity: undefined, writtenAtMs: Date.now() };
  }
}

function unlessMissing<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function toIdentity(value: Partial<ProcessIdentity>): ProcessIdentity | undefined {
  const { place, pid, startedAt } = value;
  if (typeof place !== 'string' || !Number.isSafeInteger(pid) || Number(pid) <= 0) return undefined;
  return { place, pid: Number(pid), startedAt: typeof startedAt === 'string' ? startedAt : undefined };
}
