import { type ParsedRunEvent, runKey } from '../event/parsed-event.js';
import { createHeldRuns, type EvictionCause, type HeldRunsLimits } from './held-runs.js';
import { createLiveRun, type LiveRun, projectMetricOf } from './live-run.js';
import type { ProjectMetric } from './metric-series.js';
import { createProjectRuns } from './project-runs.js';

/** How much may be live, and for how long a run may say nothing. */
export interface LiveRunLimits extends HeldRunsLimits {
  /** How many last values of runs are kept for z-scores over projects. */
  readonly maxProjectValues: number;
}

/** The runs that are going on. */
export interface LiveRuns {
  /** The run of an event, made at its first one. One that is over comes back only for an event that is news of it. */
  touch(event: ParsedRunEvent, nowMs: number): LiveRun;
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
  const held = createHeldRuns(limits, onEvicted);
  const projectRuns = createProjectRuns(limits.maxProjectValues);
  const surroundings = { projectRuns, onAllocated: held.allocated };
  const ended = new Map<string, LiveRun>();

  const end = (run: LiveRun): void => {
    if (!held.remove(run)) return;
    ended.set(run.key, run);
    if (ended.size <= limits.maxLiveRuns) return;
    const [oldest] = ended.keys();
    if (oldest !== undefined) ended.delete(oldest);
  };

  /** A run that has not said anything, or that has ended. */
  const begin = (key: string, event: ParsedRunEvent, nowMs: number): LiveRun => {
    const before = ended.get(key);
    if (before === undefined) return createLiveRun(event, nowMs, surroundings);
    ended.delete(key);
    // One that logs again starts anew; one that comes into another state goes on.
    const run = event.type === 'run.metrics' ? createLiveRun(event, nowMs, surroundings) : before;
    run.info = before.info;
    return run;
  };

  return {
    touch(event, nowMs) {
      const key = runKey(event);
      const over = ended.get(key);
      // It takes no place among the live ones, which another would have to leave for it.
      if (over !== undefined && !isNewsOf(over, event)) return over;
      held.removeIdle(event.place.entity, nowMs);
      let run = held.get(event.place.entity, key);
      if (run?.states.hasEnded && event.type === 'run.metrics') {
        end(run);
        run = undefined;
      }
      run ??= begin(key, event, nowMs);
      held.use(run, nowMs);
      return run;
    },
    peek(event, nowMs) {
      const key = runKey(event);
      const run = held.get(event.place.entity, key);
      // One that is over has no windows any more, but what it said of itself stays.
      if (run === undefined) return ended.get(key);
      if (nowMs - run.touchedMs > limits.runIdleMs) return undefined;
      return run.states.hasEnded && event.type === 'run.metrics' ? { ...run, series: new Map() } : run;
    },
    end,
    projectMetric: (event, name) => projectMetricOf(projectRuns, event.place, runKey(event), name),
    get size() {
      return held.size;
    },
    get windows() {
      let windows = 0;
      for (const { series } of held.all()) for (const each of series.values()) windows += each.windows;
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
