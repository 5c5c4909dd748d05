import type { ScopePlace } from '../definition/scope.js';

/** Which metric of which project. */
interface ProjectMetricPlace {
  readonly entity: string;
  /** See {@link projectMetricKey}. */
  readonly metric: string;
}

/** The last values of metrics, run by run; they outlive the runs. */
export interface ProjectRuns {
  /**
   * Takes the last value of a run.
   *
   * @param capacity - Of how many runs the last values are needed, the run included. The largest that was ever asked for holds.
   */
  record(place: ProjectMetricPlace, run: string, value: number, capacity: number): void;
  /** The last values of up to `window` other runs that logged the metric most recently, the latest at the end. */
  others(place: ProjectMetricPlace, run: string, window: number): number[];
  /** How many there are of them. */
  otherCount(place: ProjectMetricPlace, run: string, window: number): number;
  /** Puts back the values of a metric that were kept, the latest at the end. */
  restore(place: ProjectMetricPlace, values: Iterable<readonly [string, number]>, capacity: number): void;
  /** How many values are kept. */
  readonly size: number;
}

/** Told of what changes, where the values are to outlive the process. */
export interface ProjectRunsListener {
  /** A value of a metric has come or gone; none may be left. */
  changed(metric: ProjectMetricRuns): void;
}

/** A text that is the same for one metric of one project or registry of an entity. */
export function projectMetricKey({ project, registry }: ScopePlace, name: string): string {
  return JSON.stringify([project ?? null, registry ?? null, name]);
}

/** The runs that logged a metric. */
export interface ProjectMetricRuns extends ProjectMetricPlace {
  /** Their last values, by the keys of the runs, the latest at the end. */
  readonly values: Map<string, number>;
  /** Of how many runs values are kept. */
  capacity: number;
}

/** What one entity has. */
interface EntityRuns {
  /** The metric that was logged last at the end. */
  readonly metrics: Map<string, ProjectMetricRuns>;
  size: number;
}

/**
 * Keeps the last values of the runs of projects, bounded.
 *
 * When there are too many, the entity with the most of them loses the oldest one of its least recently logged metric, so
 * that made-up runs and projects of one entity can't push out another's.
 *
 * @param maxValues - How many values are kept at most.
 * @param listener - Where they are to outlive the process.
 */
export function createProjectRuns(maxValues: number, listener?: ProjectRunsListener): ProjectRuns {
  const byEntity = new Map<string, EntityRuns>();
  let size = 0;

  const dropOldest = (entity: EntityRuns, { values }: ProjectMetricRuns): void => {
    const [oldest] = values.keys();
    if (oldest === undefined) return;
    values.delete(oldest);
    entity.size -= 1;
    size -= 1;
  };

  const evictOne = (): void => {
    let largest: readonly [string, EntityRuns] | undefined;
    for (const entry of byEntity) if (largest === undefined || entry[1].size > largest[1].size) largest = entry;
    if (largest === undefined) return;
    const [name, entity] = largest;
    const [metric] = entity.metrics;
    if (metric === undefined) return;
    const [key, runs] = metric;
    dropOldest(entity, runs);
    if (runs.values.size === 0) entity.metrics.delete(key);
    listener?.changed(runs);
    if (entity.metrics.size === 0) byEntity.delete(name);
  };

  const valuesOf = ({ entity, metric }: ProjectMetricPlace): ReadonlyMap<string, number> | undefined =>
    byEntity.get(entity)?.metrics.get(metric)?.values;

  const otherCount: ProjectRuns['otherCount'] = (place, run, window) => {
    const values = valuesOf(place);
    return values === undefined ? 0 : Math.min(window, values.size - (values.has(run) ? 1 : 0));
  };

  const add = (place: ProjectMetricPlace, run: string, value: number, capacity: number): ProjectMetricRuns => {
    const entity = byEntity.get(place.entity) ?? { metrics: new Map<string, ProjectMetricRuns>(), size: 0 };
    byEntity.set(place.entity, entity);
    const runs = entity.metrics.get(place.metric) ?? { ...place, values: new Map<string, number>(), capacity };
    entity.metrics.delete(place.metric);
    entity.metrics.set(place.metric, runs);
    runs.capacity = Math.max(runs.capacity, capacity);
    if (!runs.values.delete(run)) {
      entity.size += 1;
      size += 1;
    }
    runs.values.set(run, value);
    if (runs.values.size > runs.capacity) dropOldest(entity, runs);
    if (size > maxValues) evictOne();
    return runs;
  };

  return {
    record(place, run, value, capacity) {
      const runs = add(place, run, value, capacity);
      listener?.changed(runs);
    },
    restore(place, values, capacity) {
      for (const [run, value] of values) add(place, run, value, capacity);
    },
    others(place, run, window) {
      const values = valuesOf(place);
      if (values === undefined) return [];
      const others: number[] = [];
      let toSkip = values.size - (values.has(run) ? 1 : 0) - window;
      for (const [key, value] of values) {
        if (key === run) continue;
        if (toSkip > 0) toSkip -= 1;
        else others.push(value);
      }
      return others;
    },
    otherCount,
    get size() {
      return size;
    },
  };
}
