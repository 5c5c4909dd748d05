import type { RunMetricsEvent } from 'tocsin';
import type { SteadyThreshold } from '../sets/steady.js';

/** What a project watches: each metric has a number, and its thresholds with the highest first. */
interface WatchedProject {
  readonly numbers: Map<string, number>;
  readonly thresholds: SteadyThreshold[][];
  readonly runs: Map<string, Rings>;
}

/** The last values of a run: a ring for each metric, one behind the other. */
interface Rings {
  readonly values: Float64Array;
  /** Where the next value of each metric goes. */
  readonly next: Int32Array;
  /** How many values of each metric are there. */
  readonly counts: Int32Array;
}

const nothing: readonly string[] = [];

/**
 * What somebody would write who needs averages against thresholds in projects and nothing else: a map of projects, in each a
 * map of runs, in each a ring of values for each watched metric; plain comparisons. Nothing is checked or copied, all windows
 * are equally long, nothing ever ends. It is taken as the limit: of the layouts tried this was the fastest.
 *
 * @param thresholds - What to watch.
 * @param window - Over how many values it averages.
 * @returns A function that takes an event and names what it matches.
 */
export function handWrittenMatcher(
  thresholds: readonly SteadyThreshold[],
  window: number,
): (event: RunMetricsEvent) => readonly string[] {
  const projects = watchedProjects(thresholds);

  const startRun = (project: WatchedProject, id: string): Rings => {
    const count = project.thresholds.length;
    const rings = {
      values: new Float64Array(count * window),
      next: new Int32Array(count),
      counts: new Int32Array(count),
    };
    project.runs.set(id, rings);
    return rings;
  };

  return ({ project: name, run, metrics }) => {
    const project = projects.get(name as string);
    if (project === undefined) return nothing;
    const { values, next, counts } = project.runs.get(run.id) ?? startRun(project, run.id);
    let matches = nothing;
    for (const metric in metrics) {
      const number = project.numbers.get(metric);
      if (number === undefined) continue;
      const start = number * window;
      const at = next[number] as number;
      values[start + at] = metrics[metric] as number;
      next[number] = at + 1 === window ? 0 : at + 1;
      const count = counts[number] as number;
      if (count < window) {
        counts[number] = count + 1;
        if (count + 1 < window) continue;
      }
      let sum = 0;
      for (let index = start; index < start + window; index += 1) sum += values[index] as number;
      const average = sum / window;
      const own = project.thresholds[number] as SteadyThreshold[];
      for (let index = 0; index < own.length; index += 1) {
        const threshold = own[index] as SteadyThreshold;
        if (!(average < threshold.below)) break;
        matches = [...matches, threshold.name];
      }
    }
    return matches;
  };
}

function watchedProjects(thresholds: readonly SteadyThreshold[]): Map<string, WatchedProject> {
  const projects = new Map<string, WatchedProject>();
  for (const threshold of thresholds) {
    const project = projects.get(threshold.project) ?? { numbers: new Map(), thresholds: [], runs: new Map() };
    projects.set(threshold.project, project);
    const number = project.numbers.get(threshold.metric) ?? project.thresholds.length;
    project.numbers.set(threshold.metric, number);
    const own = project.thresholds[number] ?? [];
    project.thresholds[number] = [...own, threshold].sort((left, right) => right.below - left.below);
  }
  return projects;
}
