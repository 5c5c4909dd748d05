import type { LiveRun } from './live-run.js';

/** What there was too much of: live runs, or numbers in their windows. */
export type EvictionCause = 'runs' | 'values';

/** How much may be held. */
export interface HeldRunsLimits {
  /** How many runs. */
  readonly maxLiveRuns: number;
  /** How many numbers the windows of all runs may take, of 8 bytes each. */
  readonly maxWindowValues: number;
  /** For how long a run may say nothing, in milliseconds. */
  readonly runIdleMs: number;
}

/** Runs by their entity, bounded. */
export interface HeldRuns {
  get(entity: string, key: string): LiveRun | undefined;
  /** Makes a run the most recently used one; a new one may take another's place. */
  use(run: LiveRun, nowMs: number): void;
  /** Lets a run go; `false` when it is not held. */
  remove(run: LiveRun): boolean;
  /** Takes note of what a run's windows take more or less; others may have to go, or the run itself. */
  allocated(run: LiveRun, change: number): void;
  /** Lets go the runs of an entity that have said nothing for too long, and entities that have not at all. */
  removeIdle(entity: string, nowMs: number): void;
  /** All runs. */
  all(): Iterable<LiveRun>;
  readonly size: number;
  readonly values: number;
}

/** What one entity has. */
interface EntityRuns {
  /** Least recently used first. */
  readonly runs: Map<string, LiveRun>;
  values: number;
}

/**
 * Holds runs, bounded.
 *
 * When there is too much, the entity with the most loses its least recently used run, so that made-up runs of one entity
 * can't push out another's.
 *
 * @param onEvicted - Told of each run that had to go.
 */
export function createHeldRuns(
  limits: HeldRunsLimits,
  onEvicted: (run: LiveRun, cause: EvictionCause) => void,
): HeldRuns {
  // The entity that said something last at the end.
  const byEntity = new Map<string, EntityRuns>();
  let size = 0;
  let values = 0;

  const get: HeldRuns['get'] = (entity, key) => byEntity.get(entity)?.runs.get(key);

  const remove = (run: LiveRun): boolean => {
    const entity = byEntity.get(run.entity);
    if (entity?.runs.get(run.key) !== run) return false;
    entity.runs.delete(run.key);
    if (entity.runs.size === 0) byEntity.delete(run.entity);
    entity.values -= run.values;
    values -= run.values;
    size -= 1;
    run.values = 0;
    run.series.clear();
    run.plans = [];
    return true;
  };

  const evict = (run: LiveRun | undefined, cause: EvictionCause): boolean => {
    if (run === undefined) return false;
    remove(run);
    onEvicted(run, cause);
    return true;
  };

  /** An entity that wants one more than its share gives up its own, also where another has as many. */
  const evictOneFor = (entity: string): void => {
    let largest = byEntity.get(entity);
    for (const each of byEntity.values())
      if (largest === undefined || each.runs.size > largest.runs.size) largest = each;
    const [oldest] = largest?.runs.values() ?? [];
    evict(oldest, 'runs');
  };

  const evictValues = (): boolean => {
    let largest: EntityRuns | undefined;
    for (const each of byEntity.values()) if (largest === undefined || each.values > largest.values) largest = each;
    for (const run of largest?.runs.values() ?? []) if (run.values > 0) return evict(run, 'values');
    return false;
  };

  return {
    get,
    use(run, nowMs) {
      let entity = byEntity.get(run.entity);
      if (entity?.runs.delete(run.key) !== true) {
        if (size >= limits.maxLiveRuns) evictOneFor(run.entity);
        // The eviction may have been of the last run of the entity.
        entity = byEntity.get(run.entity) ?? { runs: new Map(), values: 0 };
        size += 1;
      }
      run.touchedMs = nowMs;
      entity.runs.set(run.key, run);
      byEntity.delete(run.entity);
      byEntity.set(run.entity, entity);
    },
    remove,
    allocated(run, change) {
      const entity = byEntity.get(run.entity);
      // One that had to go may still be in use for a moment.
      if (entity?.runs.get(run.key) !== run) return;
      run.values += change;
      entity.values += change;
      values += change;
      while (values > limits.maxWindowValues) if (!evictValues()) return;
    },
    removeIdle(name, nowMs) {
      // What was used last stands at the end, so the first that is not idle ends the search, and no timer is needed.
      const removeIn = (entity: EntityRuns | undefined): void => {
        for (const run of entity?.runs.values() ?? []) {
          if (nowMs - run.touchedMs <= limits.runIdleMs) return;
          remove(run);
        }
      };
      removeIn(byEntity.get(name));
      for (const entity of byEntity.values()) {
        removeIn(entity);
        if (entity.runs.size > 0) return;
      }
    },
    *all() {
      for (const { runs } of byEntity.values()) yield* runs.values();
    },
    get size() {
      return size;
    },
    get values() {
      return values;
    },
  };
}
