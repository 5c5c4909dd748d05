import { doNothing, type FilterInput, onRunMetric, project } from 'tocsin';
import { metricsEvent } from '../support/events.js';
import type { Host, Process } from './engines.js';

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

/** The losses of a run as they stand in the storage, oldest first. */
export async function savedLosses({ kept }: Host, run: string): Promise<readonly number[]> {
  const { records } = await kept.list({ prefix: 'run/', limit: 1000 });
  const runs = records.map(({ value }) => value['record'] as unknown as StoredRun);
  return runs.find(({ info }) => info.id === run)?.metrics[0]?.values ?? [];
}

/** A run in the storage, as far as these tests look at it. */
interface StoredRun {
  readonly info: { readonly id: string };
  readonly metrics: readonly { readonly values: readonly number[] }[];
}
