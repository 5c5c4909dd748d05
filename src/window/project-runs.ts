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
  /** How many values are kept. */
  readonly size: number;
}

/** A text that is the same for one metric of one project or registry of an entity. */
export function projectMetricKey({ project, registry }: ScopePlace, name: string): string {
  return JSON.stringify([project ?? null, registry ?? null, name]);
}

/** The runs that logged a metric, the latest at the end. */
interface MetricRuns {
  readonly values: Map<string, number>;
  capacity: number;
}

/** What one entity has. */
interface EntityRuns {
  /** The metric that was logged last at the end. */
  readonly metrics: Map<string, MetricRuns>;
  size: number;
}

/**
 * Keeps the last values of the runs of projects, bounded.
 *
 * When there are too many, the entity with the most of them loses the oldest one of its least recently logged metric, so
 * that made-up runs and projects of one entity can't push out another's.
 *
 * @param maxValues - How many values are kept at most.
 */
export function createProjectRuns(maxValues: number): ProjectRuns {
  const byEntity = new Map<string, EntityRuns>();
  let size = 0;

  const dropOldest = (entity: EntityRuns, { values }: MetricRuns): void => {
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
    if (entity.metrics.size === 0) byEntity.delete(name);
  };

  const valuesOf = ({ entity, metric }: ProjectMetricPlace): ReadonlyMap<string, number> | undefined =>
    byEntity.get(entity)?.metrics.get(metric)?.values;

  const otherCount: ProjectRuns['otherCount'] = (place, run, window) => {
    const values = valuesOf(place);
    return values === undefined ? 0 : Math.min(window, values.size - (values.has(run) ? 1 : 0));
  };

  return {
    record(place, run, value, capacity) {
      const entity = byEntity.get(place.entity) ?? { metrics: new Map<string, MetricRuns>(), size: 0 };
      byEntity.set(place.entity, entity);
      const runs = entity.metrics.get(place.metric) ?? { values: new Map<string, number>(), capacity };
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
