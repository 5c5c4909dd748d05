import { doNothing, type FilterInput, onRunMetric, project } from 'tocsin';
import { metricsEvent } from '../support/events.js';
import type { Process } from './engines.js';

/** Where the runs of these tests are. */
export const scope = project('my-team', 'my-project');

/** Makes an automation that fires at every match. */
export async function watch({ engine }: Process, filter: FilterInput, name = 'low'): Promise<void> {
  const policy = { cooldown: 0 } as const;
  await engine.automations.create({ name, event: onRunMetric({ scope, filter }), action: doNothing(), policy });
}

/** Logs losses of a run. Returns how many automations fired on each. */
export async function log({ engine }: Process, values: readonly (number | string)[], more = {}): Promise<number[]> {
  const fired: number[] = [];
  for (const loss of values) fired.push((await engine.emit(metricsEvent({ loss: loss as number }, more))).fired.length);
  return fired;
}
