import type { ScopePlace } from '../definition/scope.js';
import { type ProjectRuns, projectMetricKey } from './project-runs.js';

/** A run's metric among those of the other runs of its project. */
export interface ProjectMetric {
  /**
   * Takes the run's last value.
   *
   * @param window - Of how many other runs the last values are needed.
   */
  record(value: number, window: number): void;
  /** The last values of up to so many other runs that logged the metric most recently, the latest at the end. */
  others(window: number): readonly number[];
  /** How many there are of them. */
  otherCount(window: number): number;
}

/** A metric of a run among those of the other runs of its project. */
export function projectMetricOf(
  projectRuns: ProjectRuns,
  place: ScopePlace & { readonly entity: string },
  run: string,
  name: string,
): ProjectMetric {
  const of = { entity: place.entity, metric: projectMetricKey(place, name) };
  return {
    // One more than the others: the run itself takes a place.
    record: (value, window) => projectRuns.record(of, run, value, window + 1),
    others: (window) => projectRuns.others(of, run, window),
    otherCount: (window) => projectRuns.otherCount(of, run, window),
  };
}
