import type { EventIds } from '../firing/event-ids.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { boundStorage } from '../record/bounded-storage.js';
import type { LiveRun } from '../window/live-run.js';
import type { LiveRuns, RunKeeping } from '../window/live-runs.js';
import { writeChanges } from './checkpoint-work.js';
import { createIdBatches } from './id-batches.js';
import { createOthersIds } from './others-ids.js';
import { createOwnership, type Ownership } from './ownership.js';
import { createPresence } from './presence.js';
import { createProjectRecords } from './project-records.js';
import { restoreCheckpoints } from './restore.js';
import { createRunChanges } from './run-changes.js';
import { createRunSaver } from './run-saver.js';
import type { SavedRuns } from './saved-runs.js';
import { createTurns } from './turns.js';
import { createUnsavedIds } from './unsaved-ids.js';

/** What {@link createCheckpoints} works with. */
export interface CheckpointsOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly eventIds: EventIds;
  /** An id of this process. */
  readonly holder: string;
  /** How often what has changed is written, in milliseconds. */
  readonly windowCheckpointMs: number;
  /** How long the storage may take for one answer, in milliseconds. */
  readonly commitTimeoutMs: number;
  readonly runIdleMs: number;
  readonly maxEventIds: number;
  nextId(): string;
  /** Told once of each run whose metrics belong to another process and are logged here too. */
  onElsewhere(run: LiveRun): void;
  /** Told when the storage fails, once until it works again. */
  onError(error: unknown): void;
}

/** Keeps windows, states, event ids and the last values of projects over the end of the process. */
export interface Checkpoints {
  /** What the live runs tell their changes. */
  readonly keeping: RunKeeping;
  /**
   * Takes note that something has become of the event of an id.
   *
   * @param run - The run in whose windows its samples are; `undefined` where there is none.
   */
  idChanged(id: string, run: LiveRun | undefined): void;
  /** Puts back what was saved. Must come before the first event. */
  restore(liveRuns: LiveRuns): Promise<void>;
  /** Saves everything. Must come after the last event. */
  close(): Promise<void>;
}

/** Makes the checkpoints of a durable storage. */
export function createCheckpoints(options: CheckpointsOptions): Checkpoints {
  const { runtime, eventIds, holder, maxEventIds, onError } = options;
  const storage = boundStorage(options.storage, runtime, options.commitTimeoutMs);
  const { shared } = storage.capabilities;
  const saved: SavedRuns = new Map();
  const unsavedIds = createUnsavedIds(eventIds, maxEventIds);
  const batches = createIdBatches({ ...options, holder });
  const presence = createPresence({ storage, runtime, holder, onError });
  const isGone = shared ? presence.isGone : async () => true;
  const othersIds = createOthersIds({ storage, eventIds, batches, maxEventIds, holder, isGone });

  const turns = createTurns({
    runtime,
    everyMs: options.windowCheckpointMs,
    onError,
    work: () => writeChanges({ storage, runtime, changes, saver, projectRecords, ownership }),
  });
  const projectRecords = createProjectRecords(holder, runtime.now, turns.wake);
  const changes = createRunChanges({
    saved,
    unsavedIds,
    onLogged: (run) => ownership.logged(run),
    onForgotten: (run) => ownership.forgotten(run),
    onChanged: turns.wake,
  });
  const saver = createRunSaver({ storage, saved, changes, unsavedIds, batches, holder });

  let isSettling = false;
  const settleSoon = (): void => {
    // A storage that is away is tried again at the next turn, not for each run.
    if (turns.isOut) turns.wake();
    if (isSettling || turns.isOut) return;
    isSettling = true;
    void turns.between(() => {
      isSettling = false;
      return ownership.settle();
    });
  };
  const ownership: Ownership = createOwnership({
    storage,
    runtime,
    presence,
    saver,
    saved,
    changes,
    unsavedIds,
    holder,
    adoptIds: async () => unsavedIds.runsWith(await othersIds.adopt()),
    onElsewhere: options.onElsewhere,
    onLogged: settleSoon,
  });

  return {
    keeping: { runs: changes, projectRuns: projectRecords, firstOwner: shared ? 'unknown' : 'here' },
    idChanged(id, run) {
      const isKept = run?.kept !== undefined && run.owner !== 'elsewhere';
      unsavedIds.add(id, isKept ? run : undefined);
      if (isKept) changes.changed(run);
      else turns.wake();
    },
    async restore(liveRuns) {
      if (shared) await presence.enter();
      const { runIdleMs } = options;
      const sources = { storage, runtime, liveRuns, saved, changes, othersIds, projectRecords, runIdleMs, isGone };
      const restored = restoreCheckpoints(sources).then(() => (shared ? presence.clear() : undefined));
      await restored.catch(async (error) => {
        if (shared) await presence.leave().catch(onError);
        throw error;
      });
      if (changes.gone.size > 0) turns.wake();
    },
    async close() {
      await turns.close();
      if (shared) await presence.leave();
    },
  };
}
