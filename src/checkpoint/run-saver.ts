import type { Storage, Write } from '../ports/storage.js';
import type { LiveRun } from '../window/live-run.js';
import { checkpointKeys } from './checkpoint-keys.js';
import type { IdBatches } from './id-batches.js';
import type { RunChanges } from './run-changes.js';
import { earlyChunks, type RunSnapshot, snapshotRun } from './run-snapshot.js';
import { deleteRun, type SavedRun, type SavedRuns, unsavedRun } from './saved-runs.js';
import type { UnsavedIds } from './unsaved-ids.js';

/** Writes runs, and with them the ids of the events whose samples they hold. */
export interface RunSaver {
  /**
   * Saves runs as they are now, as many of them as one commit may hold; the others stay among the changed ones.
   *
   * @param claim - Whether they are made this process's own where they are nobody's.
   * @returns Those that another process has written meanwhile: of these nothing is written.
   */
  save(runs: readonly LiveRun[], claim: boolean): Promise<readonly LiveRun[]>;
  /** Deletes some of the runs that are not known any more. */
  deleteGone(): Promise<void>;
  /** Saves the ids of events that are of no run. */
  saveLooseIds(): Promise<void>;
}

/** What {@link createRunSaver} works with. */
export interface RunSaverOptions {
  readonly storage: Storage;
  readonly saved: SavedRuns;
  readonly changes: RunChanges;
  readonly unsavedIds: UnsavedIds;
  readonly batches: IdBatches;
  /** An id of this process. */
  readonly holder: string;
}

/** How many numbers a commit holds, about. */
const numbersPerCommit = 20_000;

/** How many runs are deleted in one commit. */
const deletionsPerCommit = 256;

/** A run that is being saved. */
interface RunOnItsWay {
  readonly run: LiveRun;
  readonly saved: SavedRun;
  readonly owner: string | undefined;
  readonly snapshot: RunSnapshot;
  readonly ids: readonly string[];
}

/** Makes what writes runs. Only one of its calls may be on its way at a time. */
export function createRunSaver(options: RunSaverOptions): RunSaver {
  const { storage, saved, changes, unsavedIds, batches, holder } = options;
  const { shared } = storage.capabilities;

  const savedOf = (run: LiveRun): SavedRun => {
    const known = saved.get(run.key) ?? unsavedRun(run.key);
    saved.set(run.key, known);
    return known;
  };

  /** Where others may write too, what is written rests on what was read. */
  const step = ({ name, revision }: SavedRun, write: readonly Write[]) =>
    shared ? { when: [{ type: 'revision', key: checkpointKeys.run(name), revision } as const], write } : { write };

  const writeEarly = async (run: LiveRun): Promise<void> => {
    for (;;) {
      const known = savedOf(run);
      const early = earlyChunks(run, known);
      if (early === undefined) return;
      await storage.commit({ steps: [{ write: early.writes }] });
      known.series = early.series;
    }
  };

  const takeDown = (runs: readonly LiveRun[], claim: boolean): RunOnItsWay[] => {
    const taken: RunOnItsWay[] = [];
    let numbers = 0;
    for (const run of runs) {
      // It may have had to go while it waited.
      if (run.kept === undefined) continue;
      if (numbers >= numbersPerCommit) {
        changes.changed(run);
        continue;
      }
      changes.changedRuns.delete(run);
      const known = savedOf(run);
      // Until it is this process's own, its windows and the ids of their events are those of the process that had it last.
      const owner = shared && (claim || run.owner === 'here') ? holder : known.owner;
      const snapshot = snapshotRun(run, known, owner);
      numbers += snapshot.numbers;
      taken.push({ run, saved: known, owner, snapshot, ids: unsavedIds.take(run) });
    }
    return taken;
  };

  const commit = async (taken: readonly RunOnItsWay[]): Promise<readonly boolean[]> => {
    const loose = unsavedIds.take(undefined);
    const ids = batches.plan([...taken.flatMap((each) => each.ids), ...loose]);
    const steps = taken.map(({ saved: known, snapshot }) => step(known, snapshot.writes));
    try {
      const result = await storage.commit({
        steps: ids.writes.length === 0 ? steps : [...steps, { write: ids.writes }],
      });
      ids.written();
      return taken.map((_, index) => result.committed && result.steps[index]?.written === true);
    } catch (error) {
      unsavedIds.putBack(loose, undefined);
      for (const each of taken) unsavedIds.putBack(each.ids, each.run);
      throw error;
    }
  };

  return {
    async save(runs, claim) {
      try {
        for (const run of runs) await writeEarly(run);
        const taken = takeDown(runs, claim);
        if (taken.length === 0) return [];
        const written = await commit(taken);
        return taken.flatMap(({ run, saved: known, owner, snapshot, ids }, index) => {
          if (written[index] !== true) {
            unsavedIds.putBack(ids, run);
            return run;
          }
          known.revision += 1;
          known.owner = owner;
          known.series = snapshot.series;
          changes.gone.delete(run.key);
          if (run.kept === undefined) {
            // It had to go while it was written.
            saved.set(run.key, known);
            changes.forgotten(run);
          }
          if (claim) run.owner = 'here';
          return [];
        });
      } catch (error) {
        runs.forEach(changes.changed);
        throw error;
      }
    },
    async deleteGone() {
      const keys = [...changes.gone].slice(0, deletionsPerCommit);
      const all = keys.flatMap((key) => saved.get(key) ?? []);
      await storage.commit({ steps: all.map((each) => step(each, deleteRun(each))) });
      // Those that another process has taken over are its own now.
      for (const key of keys) {
        changes.gone.delete(key);
        saved.delete(key);
      }
    },
    async saveLooseIds() {
      if (unsavedIds.loose > 0) await commit([]);
    },
  };
}
