import { sweepClaims } from './claims.js';
import { createDraft, type Draft } from './draft.js';
import { isFull, reasonOf, toFault } from './faults.js';
import { type Database, sequenceKey } from './open-database.js';
import type { FileSettings } from './options.js';
import { checkRoom } from './room.js';

/** Writes one after the other what it is given, and many at once when many wait. */
export interface GroupCommit {
  /**
   * @param apply - Does its part in a draft. It may be called several times, each time with a draft that has nothing of it.
   * @param adds - Whether it needs room.
   * @returns What `apply` returned the last time, when that is on disk.
   */
  submit<Result>(apply: (draft: Draft) => Result, adds: boolean): Promise<Result>;
  /** Resolves when all that was submitted is through. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly apply: (draft: Draft) => unknown;
  readonly adds: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How many are written at once, so that the event loop is never held up for long. */
const maxGroup = 256;

/** How often others may be faster until the write lock is taken before reading. */
const maxAttempts = 4;

/** What is drafted for a group. */
interface Drafted {
  readonly draft: Draft;
  readonly results: readonly unknown[];
  readonly sequence: number;
  readonly claimsTaken: number;
}

/**
 * Makes the queue of an open file.
 *
 * A group is drafted on what is committed, and then written by lmdb's own thread on the condition that nobody has written since.
 * So the write lock, which all processes share, is never held while JavaScript runs: one that is busy training holds up nobody.
 */
export function createGroupCommit(database: Database, settings: FileSettings): GroupCommit {
  const { root, about, tables, presence } = database;
  const { path } = settings;
  const waiting: Waiting[] = [];
  let working: Promise<void> | undefined;

  const draftGroup = (group: readonly Waiting[]): Drafted => {
    const { value = '0', version = 0 } = about.getEntry(sequenceKey) ?? {};
    const draft = createDraft(tables);
    const results = group.map(({ apply }) => apply(draft));
    const claimsTaken = sweepClaims(draft, Number(value));
    if (group.some(({ adds }) => adds) && draft.changes > 0) checkRoom(database, draft, settings);
    return { draft, results, sequence: version, claimsTaken };
  };

  const writeDraft = ({ draft, sequence, claimsTaken }: Drafted): void => {
    draft.write();
    about.put(sequenceKey, String(claimsTaken), sequence + 1);
  };

  const writeOnCondition = async (group: readonly Waiting[]): Promise<readonly unknown[] | undefined> => {
    root.resetReadTxn();
    const drafted = draftGroup(group);
    if (drafted.draft.changes === 0) return drafted.results;
    await presence.begin();
    try {
      const isWritten = await about.ifVersion(sequenceKey, drafted.sequence, () => writeDraft(drafted));
      return isWritten ? drafted.results : undefined;
    } finally {
      presence.end();
    }
  };

  const writeUnderLock = async (group: readonly Waiting[]): Promise<readonly unknown[]> => {
    await presence.begin();
    try {
      return root.transactionSync(() => {
        const drafted = draftGroup(group);
        if (drafted.draft.changes > 0) writeDraft(drafted);
        return drafted.results;
      });
    } finally {
      presence.end();
    }
  };

  const writeGroup = async (group: readonly Waiting[]): Promise<readonly unknown[]> => {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const results = await writeOnCondition(group);
      if (results !== undefined) return results;
    }
    return writeUnderLock(group);
  };

  const settle = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const results = await writeGroup(group);
      for (const [index, { resolve }] of group.entries()) resolve(results[index]);
    } catch (error) {
      const fault = toFault(await reasonOf(error), path);
      // Nothing of the group was written. One alone is told why; of several, each is tried alone, for another may be the reason.
      const [only] = group;
      if (group.length === 1) only?.reject(fault);
      else if (isFull(fault) || !isOfStorage(error)) for (const each of group) await settle([each]);
      else for (const { reject } of group) reject(fault);
    }
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      // All who have just been answered come with their next before the group is taken.
      await new Promise((resolve) => setImmediate(resolve));
      await settle(waiting.splice(0, maxGroup));
    }
    working = undefined;
  };

  return {
    submit: (apply, adds) =>
      new Promise((resolve, reject) => {
        waiting.push({ apply, adds, resolve: resolve as (result: unknown) => void, reject });
        working ??= work();
      }),
    async drained() {
      while (working !== undefined) await working;
    },
  };
}

/** Whether lmdb rejected a batch; anything else was thrown while it was drafted. */
function isOfStorage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'commitError' in error;
}
