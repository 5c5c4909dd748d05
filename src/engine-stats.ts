import type { Emitter } from './firing/emitter.js';
import type { AutomationIndex } from './match/automation-index.js';
import type { Relay } from './notify/relay.js';
import type { CommitQueue } from './record/commit-queue.js';
import type { LiveRuns } from './window/live-runs.js';

/** What an engine holds at one moment. */
export interface EngineStats {
  /** Stored automations. */
  readonly automations: number;
  /** Those of them that are enabled. */
  readonly enabledAutomations: number;
  /** Runs that are remembered and have not ended, with windows or without. */
  readonly liveRuns: number;
  /** Windows kept, over all live runs; automations with equal ones share them. */
  readonly windows: number;
  /** Numbers that windows have taken room for, over all live runs; 8 bytes each. */
  readonly windowValues: number;
  /** Last values of runs kept for z-scores over projects. */
  readonly projectValues: number;
  /** Emits that have matched something and are not committed yet. */
  readonly emitsInFlight: number;
  /** Commits that wait for the storage, the one that is being written included. */
  readonly queuedCommits: number;
  /**
   * Executions that wait for this process to deliver them, those that are parked included. What another process works on
   * counts there. Of what an earlier process left in a lane, only the first counts until its turn comes.
   */
  readonly undelivered: number;
  /** Since when the oldest of them waits (its commit, or the last retry), in epoch milliseconds; `undefined` when there is none. */
  readonly oldestUndeliveredAtMs: number | undefined;
  /** Destinations that this process has something for, or had. */
  readonly lanes: number;
}

/** What {@link readStats} looks at. */
export interface StatsSources {
  readonly index: AutomationIndex;
  readonly liveRuns: LiveRuns;
  readonly emitter: Emitter;
  readonly queue: CommitQueue;
  readonly relay: Relay;
}

/** Counts what an engine holds now. */
export function readStats({ index, liveRuns, emitter, queue, relay }: StatsSources): EngineStats {
  const all = [...index.all()];
  return {
    automations: all.length,
    enabledAutomations: all.filter(({ automation }) => automation.enabled).length,
    liveRuns: liveRuns.size,
    windows: liveRuns.windows,
    windowValues: liveRuns.values,
    projectValues: liveRuns.projectValues,
    emitsInFlight: emitter.inFlight,
    queuedCommits: queue.length,
    ...relay.stats(),
  };
}
