import type { AutomationInput, RunMetricsEvent } from 'tocsin';
import { doNothing, onRunMetric, project, runEvent } from 'tocsin';

/** Steady emit: many projects with ten automations each, events of five metrics, nothing fires. */
export const size = { projects: 1000, automationsEach: 10, runs: 1000, metrics: ['a', 'b', 'c', 'd', 'e'], window: 5 };

/** Below every average that the events can have. */
export const threshold = -1;

/** The automations of one project: two thresholds on the average of each metric. */
export function automationsOf(index: number): AutomationInput[] {
  return Array.from({ length: size.automationsEach }, (_, number) => {
    const metric = size.metrics[number % size.metrics.length] ?? 'a';
    const filter = runEvent
      .metric(metric)
      .avg(size.window)
      .lt(threshold - Math.floor(number / size.metrics.length));
    const event = onRunMetric({ scope: project('team', `project-${index}`), filter });
    return { name: `automation-${number}`, event, action: doNothing() };
  });
}

/** Event number `index` of a run of project `index % projects`. */
export function eventAt(index: number): RunMetricsEvent {
  const place = index % size.projects;
  const metrics = Object.fromEntries(size.metrics.map((name, number) => [name, ((index * 7 + number) % 100) / 100]));
  const run = { id: `run-${place % size.runs}` };
  return { type: 'run.metrics', entity: 'team', project: `project-${place}`, run, metrics, step: index };
}
