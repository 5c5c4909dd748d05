import { type ParsedRunEvent, runKey } from '../event/parsed-event.js';
import { createHeldRuns, type EvictionCause, type HeldRunsLimits } from './held-runs.js';
import { type KeptRun, refillWindows } from './kept-run.js';
import { LiveRun, type LiveRunSurroundings, type RunOwner } from './live-run.js';
import { type ProjectMetric, projectMetricOf } from './project-metric.js';
import { createProjectRuns, type ProjectRuns, type ProjectRunsListener } from './project-runs.js';
import { addNewest, createRecencyList, takeOut } from './recency-list.js';
import { createRunIndex } from './run-index.js';
import type { RunListener } from './run-listener.js';
import { createRunStates, type RunStates } from './run-states.js';
import { createWindowLayouts } from './window-layouts.js';

/** How much may be live, and for how long a run may say nothing. */
export interface LiveRunLimits extends HeldRunsLimits {
  /** How many last values of runs are kept for z-scores over projects. */
  readonly maxProjectValues: number;
}

/** What is to be told of runs that are to outlive the process. */
export interface RunKeeping {
  readonly runs: RunListener;
  readonly projectRuns: ProjectRunsListener;
  /** Whose the metrics of a run are that is new here. */
  readonly firstOwner: RunOwner;
}

/** The runs that are going on. */
export interface LiveRuns {
  /** The run of an event, made at its first one. One that is over comes back only for an event that is news of it. */
  touch(event: ParsedRunEvent, nowMs: number): LiveRun;
  /** As {@link LiveRuns.touch} where something is known of the run; otherwise nothing is made, and no other run goes for it. */
  touchKnown(event: ParsedRunEvent, nowMs: number): LiveRun | undefined;
  /** The run as an event would find it, without touching it; `undefined` when it would be a new one. For reading only. */
  peek(event: ParsedRunEvent, nowMs: number): LiveRun | undefined;
  /**
   * Puts back a run that was kept, as if it had said nothing since; unless it is there already. One that is kept later takes
   * the place of one before, where there is too much.
   *
   * @returns The run; `undefined` when it was there.
   */
  restore(kept: KeptRun): LiveRun | undefined;
  /** Puts back the last values of the runs of a project that were kept, the latest at the end. */
  readonly restoreProjectRuns: ProjectRuns['restore'];
  /** Forgets a run's windows: it has ended. Its state is remembered, so that ending twice is one event. */
  end(run: LiveRun): void;
  /** Takes note that something of a run has changed otherwise than by {@link LiveRuns.touch}. */
  changed(run: LiveRun): void;
  /** A metric of the run of an event among those of the other runs of its project; the run need not be live. */
  projectMetric(event: ParsedRunEvent, name: string): ProjectMetric;
  /** How many runs are live. */
  readonly size: number;
  /** How many windows they have; equal ones of a run's metric are kept once. Counted anew each time. */
  readonly windows: number;
  /** How many numbers the windows take, of 8 bytes each. */
  readonly values: number;
  /** How many last values of runs are kept for z-scores over projects. */
  readonly projectValues: number;
}

/**
 * Keeps the live runs, bounded and fair between entities.
 *
 * @param onEvicted - Told of each run that had to go before it ended, and what there was too much of.
 * @param keeping - Where runs are to outlive the process.
 */
export function createLiveRuns(
  limits: LiveRunLimits,
  onEvicted: (run: LiveRun, cause: EvictionCause) => void,
  keeping?: RunKeeping,
): LiveRuns {
  // All that are live or have ended.
  const index = createRunIndex();
  const listener = keeping?.runs;
  const forget = (run: LiveRun): void => {
    index.delete(run);
    listener?.forgotten(run);
  };
  const held = createHeldRuns(limits, { onForgotten: forget, onEvicted });
  // The one that ended last is the newest.
  const ended = createRecencyList<LiveRun>();
  const projectRuns = createProjectRuns(limits.maxProjectValues, keeping?.projectRuns);
  const surroundings: LiveRunSurroundings = {
    projectRuns,
    layoutOf: createWindowLayouts(),
    onAllocated: held.allocated,
    firstOwner: keeping?.firstOwner ?? 'here',
  };

  const forgetEnded = (run: LiveRun): void => {
    takeOut(ended, run);
    run.kept = undefined;
  };

  const rememberEnded = (run: LiveRun): void => {
    addNewest(ended, run);
    run.kept = 'ended';
    const { oldest } = ended;
    if (ended.size <= limits.maxLiveRuns || oldest === undefined) return;
    forgetEnded(oldest);
    forget(oldest);
  };

  const end = (run: LiveRun): void => {
    if (!held.remove(run)) return;
    rememberEnded(run);
    listener?.changed(run);
  };

  const begin = (event: Pick<ParsedRunEvent, 'place' | 'run'>, nowMs: number, states?: RunStates): LiveRun => {
    const run = new LiveRun(event, nowMs, surroundings, states);
    index.set(run);
    return run;
  };

  /** One that has ended goes on when it comes into another state, and starts anew when it logs again. */
  const beginAgain = (run: LiveRun, event: ParsedRunEvent, nowMs: number): LiveRun => {
    if (run.kept === 'ended') forgetEnded(run);
    if (event.type !== 'run.metrics') return run;
    const again = begin(event, nowMs);
    again.info = run.info;
    listener?.replaced(run, again);
    return again;
  };

  const touchKnown: LiveRuns['touchKnown'] = (event, nowMs) => {
    const known = index.find(event);
    // One that is over takes no place among the live ones, which another would have to leave for it.
    if (known?.kept === 'ended' && !isNewsOf(known, event)) return known;
    held.removeIdle(event.place.entity, nowMs);
    if (known?.kept === undefined) return undefined;
    if (known.kept === 'live' && event.type === 'run.metrics' && known.states.hasEnded) end(known);
    const run = known.kept === 'live' ? known : beginAgain(known, event, nowMs);
    held.use(run, nowMs);
    listener?.touched(run, event);
    return run;
  };

  return {
    touch(event, nowMs) {
      const known = touchKnown(event, nowMs);
      if (known !== undefined) return known;
      const run = begin(event, nowMs);
      held.use(run, nowMs);
      listener?.touched(run, event);
      return run;
    },
    touchKnown,
    peek(event, nowMs) {
      const run = index.find(event);
      // One that is over has no windows any more, but what it said of itself stays.
      if (run === undefined || run.kept === 'ended') return run;
      if (nowMs - run.touchedMs > limits.runIdleMs) return undefined;
      return run.states.hasEnded && event.type === 'run.metrics' ? withoutWindows(run, event) : run;
    },
    restore({ place, info, state, isConcluded, touchedMs, series }) {
      const event = { place, run: info };
      if (index.find(event) !== undefined) return undefined;
      const run = begin(event, touchedMs, createRunStates(state));
      run.isConcluded = isConcluded;
      if (run.states.isOver) rememberEnded(run);
      else held.use(run, touchedMs);
      refillWindows(run, series);
      return run;
    },
    restoreProjectRuns: projectRuns.restore,
    end,
    changed: (run) => listener?.changed(run),
    projectMetric: (event, name) => projectMetricOf(projectRuns, event.place, runKey(event), name),
    get size() {
      return held.size;
    },
    get windows() {
      let windows = 0;
      for (const { layout } of held.all()) windows += layout.windows;
      return windows;
    },
    get values() {
      return held.values;
    },
    get projectValues() {
      return projectRuns.size;
    },
  };
}

/** Whether an event says more of a run that is over than that it is over. */
function isNewsOf(run: LiveRun, event: ParsedRunEvent): boolean {
  return event.type === 'run.metrics' || (event.type === 'run.state' && event.state !== run.states.current);
}

function withoutWindows({ surroundings, states, info, touchedMs }: LiveRun, event: ParsedRunEvent): LiveRun {
  const run = new LiveRun(event, touchedMs, surroundings, states);
  run.info = info;
  return run;
}
