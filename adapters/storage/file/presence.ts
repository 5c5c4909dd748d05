import { randomUUID } from 'node:crypto';
import { closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { attempt } from './attempt.js';
import { isSomebodyOpening, type OwnFile, openAlone, pause } from './opening.js';
import { createProcessFile, isRemoved, processFile, removeFile, setWriting } from './process-files.js';

/** What others see of the storages that this thread has open in a folder. */
export interface Presence {
  /** Resolves when nobody is opening the folder; nobody does then until {@link Presence.end}. */
  begin(): Promise<void>;
  /** The same, waiting on the thread. */
  beginSync(): void;
  end(): void;
  /** To be called before the file is closed, within {@link Presence.begin}: others that are opened count on no one's having it open. */
  leave(): () => void;
}

interface Entry {
  readonly presence: Presence;
  users: number;
  /** Says that it is writing, for ever. */
  readonly stay: () => void;
}

const retryMs = 1;
const maxExitWaitMs = 1000;

/** By the file that is open: a second opening in the thread would wait for the first, which can't go on meanwhile. */
const entries = new Map<string, Entry>();

/**
 * Opens a folder's file while nobody is writing to it.
 *
 * @param file - The file, which exists.
 * @throws `storage_unavailable` when another process has been writing for 10 seconds; whatever `open` throws.
 */
export function openPresent<Result>(path: string, file: string, open: () => Result) {
  const { dev, ino } = statSync(file);
  const key = join(`${dev}`, `${ino}`);
  const present = entries.get(key);
  if (present !== undefined) {
    const opened = open();
    present.users += 1;
    return { opened, presence: present.presence };
  }
  const { opened, own } = openAlone(path, open);
  const entry = createEntry(path, own, key);
  if (entries.size === 0) process.on('exit', stayAll);
  entries.set(key, entry);
  return { opened, presence: entry.presence };
}

function createEntry(path: string, made: OwnFile, key: string): Entry {
  let own = made;
  let writing = 0;

  const tryBegin = (): boolean => {
    if (writing === 0) {
      own = renewed(own, path);
      setWriting(own.handle, true);
    }
    let isFree = false;
    try {
      // Its file may have been removed just before it said that it writes: then nobody has seen it.
      isFree = !isRemoved(own.handle) && !isSomebodyOpening(path);
    } finally {
      if (isFree) writing += 1;
      else sayIdle();
    }
    return isFree;
  };
  /** What is written is written, though nobody can be told that it is: they wait until the next time. */
  const sayIdle = (): void => {
    if (writing === 0) attempt(() => setWriting(own.handle, false));
  };
  const end = (): void => {
    // One that never began, since that failed, ends nothing.
    writing = Math.max(0, writing - 1);
    sayIdle();
  };

  const presence: Presence = {
    async begin() {
      while (!tryBegin()) await wait(retryMs);
    },
    beginSync() {
      while (!tryBegin()) pause(retryMs);
    },
    end,
    leave() {
      entry.users -= 1;
      if (entry.users > 0) return end;
      entries.delete(key);
      if (entries.size === 0) process.off('exit', stayAll);
      return () => {
        closeSync(own.handle);
        removeFile(own.file);
      };
    },
  };
  const stay = (): void => {
    const untilMs = performance.now() + maxExitWaitMs;
    while (!tryBegin() && performance.now() < untilMs) pause(retryMs);
    if (isMainThread) setWriting(own.handle, true);
    else removeFile(own.file);
  };
  const entry: Entry = { presence, users: 1, stay };
  return entry;
}

/** The file may have been removed: by hand, or by one who took this process for gone. */
function renewed(own: OwnFile, path: string): OwnFile {
  if (!isRemoved(own.handle)) return own;
  const file = processFile(path, randomUUID());
  const handle = createProcessFile(file);
  closeSync(own.handle);
  return { file, handle };
}

/** When a process ends, lmdb closes what is open, which nobody may be opening then. Its files are removed by others. */
function stayAll(): void {
  for (const { stay } of entries.values()) attempt(stay);
}
