import { type ParsedRunEvent, runKey } from '../event/parsed-event.js';
import { createHeldRuns, type EvictionCause, type HeldRunsLimits } from './held-runs.js';
import { LiveRun, type LiveRunSurroundings } from './live-run.js';
import { type ProjectMetric, projectMetricOf } from './project-metric.js';
import { createProjectRuns } from './project-runs.js';
import { addNewest, createRecencyList, takeOut } from './recency-list.js';
import { createRunIndex } from './run-index.js';
import { createWindowLayouts } from './window-layouts.js';

/** How much may be live, and for how long a run may say nothing. */
export interface LiveRunLimits extends HeldRunsLimits {
  /** How many last values of runs are kept for z-scores over projects. */
  readonly maxProjectValues: number;
}

/** The runs that are going on. */
export interface LiveRuns {
  /** The run of an event, made at its first one. One that is over comes back only for an event that is news of it. */
  touch(event: ParsedRunEvent, nowMs: number): LiveRun;
  /** As {@link LiveRuns.touch} where something is known of the run; otherwise nothing is made, and no other run goes for it. */
  touchKnown(event: ParsedRunEvent, nowMs: number): LiveRun | undefined;
  /** The run as an event would find it, without touching it; `undefined` when it would be a new one. For reading only. */
  peek(event: ParsedRunEvent, nowMs: number): LiveRun | undefined;
  /** Forgets a run's windows: it has ended. Its state is remembered, so that ending twice is one event. */
  end(run: LiveRun): void;
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
 */
export function createLiveRuns(
  limits: LiveRunLimits,
  onEvicted: (run: LiveRun, cause: EvictionCause) => void,
): LiveRuns {
  // All that are live or have ended.
  const index = createRunIndex();
  const held = createHeldRuns(limits, { onForgotten: index.delete, onEvicted });
  // The one that ended last is the newest.
  const ended = createRecencyList<LiveRun>();
  const projectRuns = createProjectRuns(limits.maxProjectValues);
  const surroundings: LiveRunSurroundings = {
    projectRuns,
    layoutOf: createWindowLayouts(),
    onAllocated: held.allocated,
  };

  const forgetEnded = (run: LiveRun): void => {
    takeOut(ended, run);
    run.kept = undefined;
  };

  const end = (run: LiveRun): void => {
    if (!held.remove(run)) return;
    addNewest(ended, run);
    run.kept = 'ended';
    const { oldest } = ended;
    if (ended.size <= limits.maxLiveRuns || oldest === undefined) return;
    forgetEnded(oldest);
    index.delete(oldest);
  };

  const begin = (event: ParsedRunEvent, nowMs: number): LiveRun => {
    const run = new LiveRun(event, nowMs, surroundings);
    index.set(run);
    return run;
  };

  /** One that has ended goes on when it comes into another state, and starts anew when it logs again. */
  const beginAgain = (run: LiveRun, event: ParsedRunEvent, nowMs: number): LiveRun => {
    if (run.kept === 'ended') forgetEnded(run);
    if (event.type !== 'run.metrics') return run;
    const again = begin(event, nowMs);
    again.info = run.info;
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
    return run;
  };

  return {
    touch(event, nowMs) {
      const known = touchKnown(event, nowMs);
      if (known !== undefined) return known;
      const run = begin(event, nowMs);
      held.use(run, nowMs);
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
    end,
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
