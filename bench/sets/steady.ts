import { type AutomationInput, doNothing, onRunMetric, project, type RunMetricsEvent, runEvent } from 'tocsin';

/** One threshold, from which every contender makes its own. */
export interface SteadyThreshold {
  readonly name: string;
  readonly project: string;
  readonly metric: string;
  /** It matches when the measured value is below this. */
  readonly below: number;
}

/** The metrics of every event. */
export const steadyMetrics: readonly string[] = ['a', 'b', 'c', 'd', 'e'];

/** Over how many values a threshold averages. */
export const steadyWindow = 5;

/** How many automations a project has: two for each metric. */
export const thresholdsEach = 10;

const entity = 'team';

/** Two thresholds for each metric, below everything that {@link quietEvent} logs. */
export function steadyThresholds(projects: number): SteadyThreshold[] {
  return Array.from({ length: projects * thresholdsEach }, (_, index) => {
    const place = Math.floor(index / thresholdsEach);
    const number = index % thresholdsEach;
    const metric = steadyMetrics[number % steadyMetrics.length] as string;
    const below = -1 - Math.floor(number / steadyMetrics.length);
    return { name: `${place}-${metric}${below}`, project: `project-${place}`, metric, below };
  });
}

/** The thresholds as automations: on the average of the last values, or on the last value. */
export function steadyAutomations(
  thresholds: readonly SteadyThreshold[],
  measure: 'average' | 'last',
): AutomationInput[] {
  return thresholds.map(({ name, project: place, metric, below }) => {
    const watched = runEvent.metric(metric);
    const filter = measure === 'average' ? watched.avg(steadyWindow).lt(below) : watched.lt(below);
    return { name, event: onRunMetric({ scope: project(entity, place), filter }), action: doNothing() };
  });
}

/** How many projects and runs there are; the runs are spread over the projects, each in one. */
export interface SteadySize {
  readonly projects: number;
  readonly runs: number;
}

/** The event at `index`, from one run after the other; nothing matches it. */
export function quietEvent(index: number, size: SteadySize): RunMetricsEvent {
  return steadyEvent(index, size, 'run', (number) => ((index * 7 + number) % 100) / 100);
}

/** The same from other runs, and half of it matches. */
export function loudEvent(index: number, size: SteadySize): RunMetricsEvent {
  return steadyEvent(index, size, 'loud-run', (number) => ((index * 37 + number * 11) % 100) / 25 - 3);
}

/** Events one after the other. */
export function someEvents<Event>(count: number, first: number, make: (index: number) => Event): Event[] {
  return Array.from({ length: count }, (_, index) => make(first + index));
}

/** A new object with texts of its own, as a service reads it from a request. */
function steadyEvent(
  index: number,
  { projects, runs }: SteadySize,
  prefix: string,
  metricAt: (number: number) => number,
): RunMetricsEvent {
  const number = index % runs;
  const place = Math.floor((number * projects) / runs);
  const metrics: Record<string, number> = {};
  for (let at = 0; at < steadyMetrics.length; at += 1) metrics[steadyMetrics[at] as string] = metricAt(at);
  const run = { id: `${prefix}-${number}` };
  return { type: 'run.metrics', entity, project: `project-${place}`, run, metrics, step: index };
}
