import type { Runtime } from '../ports/runtime.js';
import type { Storage, StoredRecord } from '../ports/storage.js';
import { joinKept } from '../window/kept-run.js';
import { emptyWindows, type LiveRun } from '../window/live-run.js';
import { checkpointKeys, runName } from './checkpoint-keys.js';
import type { Presence } from './presence.js';
import { readRun } from './read-run.js';
import type { RunChanges } from './run-changes.js';
import { foundRun } from './run-record.js';
import type { RunSaver } from './run-saver.js';
import { type SavedRuns, savedRunOf, unsavedRun } from './saved-runs.js';
import type { UnsavedIds } from './unsaved-ids.js';

/** Which runs' metrics belong to this process, where several use one storage. */
export interface Ownership {
  /** Takes note that a run logs metrics that is not known to be this process's. */
  logged(run: LiveRun): void;
  /** Lets go of a run that is not in use any more. */
  forgotten(run: LiveRun): void;
  /** Settles whose the runs are that have logged. */
  settle(): Promise<void>;
  /** Settles whose runs are that another process has written meanwhile. */
  contest(runs: readonly LiveRun[]): Promise<void>;
  /** How many runs wait to be settled. */
  readonly size: number;
}

/** What {@link createOwnership} works with. */
export interface OwnershipOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly presence: Presence;
  readonly saver: RunSaver;
  readonly saved: SavedRuns;
  readonly changes: RunChanges;
  readonly unsavedIds: UnsavedIds;
  /** An id of this process. */
  readonly holder: string;
  /**
   * Takes over the ids of events that other processes have saved.
   *
   * @returns The runs whose windows here have samples of the same events.
   */
  adoptIds(): Promise<readonly LiveRun[]>;
  /** Told once of each run whose metrics belong to another process and are logged here too. */
  onElsewhere(run: LiveRun): void;
  /** Told when there is something to settle. */
  onLogged(): void;
}

/** How often it is asked whether the owner of a run that is logged here is gone, in milliseconds. */
const askEveryMs = 5000;

/** How many runs are claimed in one commit. */
const claimsPerCommit = 64;

/** How often a run is claimed that is written by others all the while. */
const mostTries = 3;

/** What is known of a run that belongs to another process. */
interface Elsewhere {
  readonly askAtMs: number;
  readonly isTold: boolean;
}

/** What was read of runs at one moment. */
interface Reading {
  readonly records: ReadonlyMap<LiveRun, StoredRecord | undefined>;
  /** Takes over the ids of the events whose samples the records may hold; those stand in the storage before them. */
  adoptIds(): Promise<void>;
}

/** Makes what claims runs: the first process that logs metrics of a run owns it, until it is gone. */
export function createOwnership(options: OwnershipOptions): Ownership {
  const { storage, runtime, presence, saver, saved, changes, unsavedIds, holder } = options;
  const waiting = new Set<LiveRun>();
  const elsewhere = new WeakMap<LiveRun, Elsewhere>();
  /** Whose windows have samples that stand in what was kept of them, too. */
  const sampledTwice = new Set<LiveRun>();

  const lose = (run: LiveRun): void => {
    const isTold = elsewhere.get(run)?.isTold === true;
    const hasLogged = waiting.has(run) || run.owner === 'here';
    elsewhere.set(run, { askAtMs: runtime.now() + (hasLogged ? askEveryMs : 0), isTold: isTold || hasLogged });
    run.owner = 'elsewhere';
    emptyWindows(run);
    sampledTwice.delete(run);
    unsavedIds.move(run, undefined);
    changes.changedRuns.delete(run);
    saved.delete(run.key);
    if (hasLogged && !isTold) options.onElsewhere(run);
  };

  const read = async (runs: readonly LiveRun[]): Promise<Reading> => {
    const records = await Promise.all(
      runs.map(async (run) => [run, await storage.get(checkpointKeys.run(runName(run.key)))] as const),
    );
    let isDone = false;
    return {
      records: new Map(records),
      async adoptIds() {
        if (isDone) return;
        for (const each of await options.adoptIds()) sampledTwice.add(each);
        isDone = true;
      },
    };
  };

  /** Looks at who has written a run. @returns Whether it may be claimed. */
  const look = async (run: LiveRun, { records, adoptIds }: Reading): Promise<boolean> => {
    const stored = records.get(run);
    if (stored === undefined) {
      // Its chunks went with it.
      saved.set(run.key, { ...unsavedRun(run.key), nextSeries: saved.get(run.key)?.nextSeries ?? 1 });
      if (run.owner === 'elsewhere') run.owner = 'unknown';
      return true;
    }
    const found = foundRun(stored);
    const { owner } = found.record;
    const known = saved.get(run.key);
    if (owner === holder && known !== undefined) {
      // A commit was given up that arrived after all.
      known.revision = found.revision;
      return true;
    }
    if (owner !== undefined && owner !== holder) {
      if (!(await presence.isGone(owner))) {
        lose(run);
        return false;
      }
      await adoptIds();
    }
    const kept = await readRun(storage, found);
    if (run.kept === undefined) return false;
    // What is here of a run that was saved before is in what was saved since, or is of a process that had lost it. And rather
    // a few samples too few than one of them twice.
    if ((known !== undefined && known.revision > 0) || sampledTwice.has(run)) emptyWindows(run);
    sampledTwice.delete(run);
    run.owner = 'unknown';
    joinKept(run, kept);
    saved.set(run.key, savedRunOf(found, run));
    return true;
  };

  /** @param first - What was read before. If it does not hold any more, the run can't be written, and is read anew. */
  const contest = async (run: LiveRun, claim: boolean, first: Reading): Promise<void> => {
    let reading = first;
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (run.kept === undefined || !(await look(run, reading))) return;
      const refused = await saver.save([run], claim);
      if (refused.length === 0) return;
      reading = await read([run]);
    }
    changes.changed(run);
  };

  return {
    logged(run) {
      if (waiting.has(run)) return;
      if (run.owner === 'elsewhere' && runtime.now() < (elsewhere.get(run)?.askAtMs ?? 0)) return;
      waiting.add(run);
      options.onLogged();
    },
    forgotten(run) {
      waiting.delete(run);
      sampledTwice.delete(run);
    },
    async settle() {
      while (waiting.size > 0) {
        const batch = [...waiting].slice(0, claimsPerCommit);
        const refused = new Set(
          await saver.save(
            batch.filter(({ owner }) => owner === 'unknown'),
            true,
          ),
        );
        const contested = new Set(batch.filter((run) => refused.has(run) || run.owner === 'elsewhere'));
        const reading = await read([...contested]);
        for (const run of batch) {
          if (contested.has(run)) await contest(run, true, reading);
          // Of very long ones a commit holds only some.
          else if (run.owner === 'unknown' && run.kept !== undefined) continue;
          waiting.delete(run);
        }
      }
    },
    async contest(runs) {
      const reading = await read(runs);
      for (const run of runs) await contest(run, run.owner === 'here' || waiting.has(run), reading);
    },
    get size() {
      return waiting.size;
    },
  };
}
