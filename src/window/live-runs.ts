import { type ParsedRunEvent, runKey } from '../event/parsed-event.js';
import { createLiveRun, type LiveRun } from './live-run.js';

/** How many runs may be live, and for how long they may say nothing. */
export interface LiveRunLimits {
  readonly maxLiveRuns: number;
  readonly runIdleMs: number;
}

/** The runs that are going on. */
export interface LiveRuns {
  /** The run of an event, made at its first one. One that is over comes back only for an event that is news of it. */
  touch(event: ParsedRunEvent, nowMs: number): LiveRun;
  /** The run that an event would touch, if it is live. */
  peek(event: ParsedRunEvent, nowMs: number): LiveRun | undefined;
  /** Forgets a run's windows: it has ended. Its state is remembered, so that ending twice is one event. */
  end(run: LiveRun): void;
  readonly size: number;
}

/**
 * Keeps the live runs, bounded.
 *
 * When there are too many, the entity with the most of them loses its least recently used one, so that made-up runs of
 * one entity can't push out another's.
 *
 * @param onEvicted - Told of each run that had to go before it ended.
 */
export function createLiveRuns(limits: LiveRunLimits, onEvicted: (run: LiveRun) => void): LiveRuns {
  // Least recently used first, in each entity.
  const byEntity = new Map<string, Map<string, LiveRun>>();
  const ended = new Map<string, LiveRun>();
  let size = 0;

  const remove = (run: LiveRun): void => {
    const runs = byEntity.get(run.entity);
    if (runs?.get(run.key) !== run) return;
    runs.delete(run.key);
    if (runs.size === 0) byEntity.delete(run.entity);
    size -= 1;
  };

  /** An entity that wants one more than its share gives up its own, also where another has as many. */
  const evictOneFor = (entity: string): void => {
    let largest = byEntity.get(entity);
    for (const runs of byEntity.values()) if (largest === undefined || runs.size > largest.size) largest = runs;
    const [oldest] = largest?.values() ?? [];
    if (oldest === undefined) return;
    remove(oldest);
    onEvicted(oldest);
  };

  const end = (run: LiveRun): void => {
    if (byEntity.get(run.entity)?.get(run.key) !== run) return;
    remove(run);
    run.series.clear();
    run.plan = [];
    ended.set(run.key, run);
    if (ended.size <= limits.maxLiveRuns) return;
    const [oldest] = ended.keys();
    if (oldest !== undefined) ended.delete(oldest);
  };

  return {
    touch(event, nowMs) {
      const { entity } = event.place;
      const key = runKey(event);
      const over = ended.get(key);
      // It takes no place among the live ones, which another would have to leave for it.
      if (over !== undefined && !isNewsOf(over, event)) return over;
      const runs = byEntity.get(entity) ?? new Map<string, LiveRun>();
      byEntity.set(entity, runs);
      // The least recently used ones have been idle for the longest; no timer is needed to let them go.
      for (const run of runs.values()) {
        if (nowMs - run.touchedMs <= limits.runIdleMs) break;
        remove(run);
      }
      let run = runs.get(key);
      if (run?.states.hasEnded && event.type === 'run.metrics') {
        end(run);
        run = undefined;
      }
      if (run === undefined) {
        if (size >= limits.maxLiveRuns) evictOneFor(entity);
        const before = ended.get(key);
        // One that logs again starts anew; one that comes into another state goes on.
        run = before === undefined || event.type === 'run.metrics' ? createLiveRun(key, event, nowMs) : before;
        if (before !== undefined) run.info = before.info;
        ended.delete(key);
        size += 1;
      } else runs.delete(key);
      run.touchedMs = nowMs;
      byEntity.set(entity, runs);
      runs.set(key, run);
      return run;
    },
    peek(event, nowMs) {
      const run = byEntity.get(event.place.entity)?.get(runKey(event));
      if (run === undefined || nowMs - run.touchedMs > limits.runIdleMs) return undefined;
      return run.states.hasEnded && event.type === 'run.metrics' ? undefined : run;
    },
    end,
    get size() {
      return size;
    },
  };
}

/** Whether an event says more of a run that is over than that it is over. */
function isNewsOf(run: LiveRun, event: ParsedRunEvent): boolean {
  return event.type === 'run.metrics' || (event.type === 'run.state' && event.state !== run.states.current);
}
