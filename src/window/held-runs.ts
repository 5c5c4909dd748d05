import { dropWindows, type LiveRun } from './live-run.js';
import {
  addNewest,
  createRecencyList,
  type Linked,
  makeNewest,
  members,
  type RecencyList,
  takeOut,
} from './recency-list.js';

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

/** The live runs, bounded. */
export interface HeldRuns {
  /** Makes a run the most recently used one; a new one may take another's place. */
  use(run: LiveRun, nowMs: number): void;
  /** Lets a run go; `false` when it is not live. */
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

/** What becomes of runs that go without having ended. */
export interface RunsGone {
  /** A run is forgotten, since it was idle or had to go. */
  onForgotten(run: LiveRun): void;
  /** A run had to go. */
  onEvicted(run: LiveRun, cause: EvictionCause): void;
}

/** What one entity has. */
interface EntityRuns extends Linked<EntityRuns> {
  readonly name: string;
  /** The least recently used one is the oldest. */
  readonly runs: RecencyList<LiveRun>;
  values: number;
}

/**
 * Holds runs, bounded.
 *
 * When there is too much, the entity with the most loses its least recently used run, so that made-up runs of one entity
 * can't push out another's.
 */
export function createHeldRuns(limits: HeldRunsLimits, { onForgotten, onEvicted }: RunsGone): HeldRuns {
  const byName = new Map<string, EntityRuns>();
  // The entity that said something last is the newest.
  const entities = createRecencyList<EntityRuns>();
  let size = 0;
  let values = 0;

  /** Most events are of the entity that said something last. */
  const entityOf = (name: string): EntityRuns | undefined =>
    entities.newest?.name === name ? entities.newest : byName.get(name);

  const addEntity = (name: string): EntityRuns => {
    const entity = { name, runs: createRecencyList<LiveRun>(), values: 0, older: undefined, newer: undefined };
    byName.set(name, entity);
    addNewest(entities, entity);
    return entity;
  };

  const remove = (run: LiveRun): boolean => {
    const entity = entityOf(run.entity);
    if (run.kept !== 'live' || entity === undefined) return false;
    takeOut(entity.runs, run);
    if (entity.runs.size === 0) {
      takeOut(entities, entity);
      byName.delete(entity.name);
    }
    entity.values -= run.values;
    values -= run.values;
    size -= 1;
    run.kept = undefined;
    dropWindows(run);
    return true;
  };

  const forget = (run: LiveRun): void => {
    remove(run);
    onForgotten(run);
  };

  const evict = (run: LiveRun, cause: EvictionCause): void => {
    forget(run);
    onEvicted(run, cause);
  };

  /** An entity that wants one more than its share gives up its own, also where another has as many. */
  const evictOneFor = (name: string): void => {
    let largest = byName.get(name);
    for (const each of members(entities))
      if (largest === undefined || each.runs.size > largest.runs.size) largest = each;
    if (largest?.runs.oldest !== undefined) evict(largest.runs.oldest, 'runs');
  };

  const evictValues = (): boolean => {
    let largest: EntityRuns | undefined;
    for (const each of members(entities)) if (largest === undefined || each.values > largest.values) largest = each;
    if (largest === undefined) return false;
    for (const run of members(largest.runs)) {
      if (run.values === 0) continue;
      evict(run, 'values');
      return true;
    }
    return false;
  };

  /** What was used last is the newest, so the first that is not idle ends the search, and no timer is needed. */
  const removeIdleIn = ({ runs }: EntityRuns, nowMs: number): void => {
    while (runs.oldest !== undefined && nowMs - runs.oldest.touchedMs > limits.runIdleMs) forget(runs.oldest);
  };

  return {
    use(run, nowMs) {
      run.touchedMs = nowMs;
      if (run.kept === 'live') {
        const entity = entityOf(run.entity) as EntityRuns;
        makeNewest(entity.runs, run);
        makeNewest(entities, entity);
        return;
      }
      if (size >= limits.maxLiveRuns) evictOneFor(run.entity);
      // The eviction may have been of the last run of the entity.
      const entity = entityOf(run.entity) ?? addEntity(run.entity);
      addNewest(entity.runs, run);
      makeNewest(entities, entity);
      run.kept = 'live';
      size += 1;
    },
    remove,
    allocated(run, change) {
      // One that had to go may still be in use for a moment.
      if (run.kept !== 'live') return;
      run.values += change;
      (entityOf(run.entity) as EntityRuns).values += change;
      values += change;
      while (values > limits.maxWindowValues) if (!evictValues()) return;
    },
    removeIdle(name, nowMs) {
      const own = entityOf(name);
      if (own !== undefined) removeIdleIn(own, nowMs);
      let entity = entities.oldest;
      while (entity !== undefined) {
        const { newer, runs } = entity;
        removeIdleIn(entity, nowMs);
        if (runs.size > 0) return;
        entity = newer;
      }
    },
    *all() {
      for (const { runs } of members(entities)) yield* members(runs);
    },
    get size() {
      return size;
    },
    get values() {
      return values;
    },
  };
}
