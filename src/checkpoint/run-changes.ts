import type { LiveRun } from '../window/live-run.js';
import type { RunListener } from '../window/run-listener.js';
import type { SavedRuns } from './saved-runs.js';
import type { UnsavedIds } from './unsaved-ids.js';

/** What has to be written, and is not yet. */
export interface RunChanges extends RunListener {
  /** The runs that have changed, the one that has waited longest first. */
  readonly changedRuns: Set<LiveRun>;
  /** The keys of runs that are not known any more, but stand in the storage. */
  readonly gone: Set<string>;
}

/** What {@link createRunChanges} works with. */
export interface RunChangesOptions {
  readonly saved: SavedRuns;
  readonly unsavedIds: UnsavedIds;
  /** Told of each run that logs metrics and is not known to be this process's. */
  onLogged(run: LiveRun): void;
  /** Told of each run that is not in use any more. */
  onForgotten(run: LiveRun): void;
  /** Told when there is something to save. */
  onChanged(): void;
}

/** Makes what takes note of changes. It is told of every event of a run, so that must cost next to nothing. */
export function createRunChanges(options: RunChangesOptions): RunChanges {
  const { saved, unsavedIds, onLogged, onForgotten, onChanged } = options;
  const changedRuns = new Set<LiveRun>();
  const gone = new Set<string>();

  const add = (run: LiveRun): void => {
    if (changedRuns.has(run)) return;
    changedRuns.add(run);
    onChanged();
  };

  return {
    changedRuns,
    gone,
    touched(run, event) {
      add(run);
      if (run.owner !== 'here' && event.type === 'run.metrics') onLogged(run);
    },
    changed(run) {
      // One may still be in use for a moment that had to go.
      if (run.kept !== undefined) add(run);
    },
    replaced(run, by) {
      changedRuns.delete(run);
      onForgotten(run);
      unsavedIds.move(run, by);
      by.owner = run.owner;
    },
    forgotten(run) {
      changedRuns.delete(run);
      onForgotten(run);
      unsavedIds.move(run, undefined);
      const known = saved.get(run.key);
      if (known === undefined) return;
      if (known.revision === 0) {
        saved.delete(run.key);
        return;
      }
      gone.add(run.key);
      onChanged();
    },
  };
}
