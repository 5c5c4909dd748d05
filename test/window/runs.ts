import type { MetricFact } from '../../src/rule/fact.js';
import { applyMetrics, followPlan, type LiveRun } from '../../src/window/live-run.js';
import { createLiveRuns, type LiveRunLimits } from '../../src/window/live-runs.js';
import { metricsEvent } from '../support/events.js';
import { metricValues } from '../support/metric-values.js';
import { parsedRunEvent } from '../support/parsed-events.js';
import { windowFact } from './facts.js';

/** The mean of the last three values of the loss. */
export const meanLoss = windowFact('avg', 3);

/** A run of an entity logs its loss. */
export function logged(entity: string, id: string, value = 1, project = 'my-project') {
  return parsedRunEvent(metricsEvent({ loss: value }, { entity, project, run: { id } }));
}

/** Live runs, and which of them had to go. */
export function openRuns(limits: Partial<LiveRunLimits> = {}) {
  const evicted: string[] = [];
  const few = { maxLiveRuns: 1000, runIdleMs: 1000, maxWindowValues: 1_000_000, maxProjectValues: 200_000 };
  const all = { ...few, ...limits };
  const runs = createLiveRuns(all, ({ entity, info }, cause) => evicted.push(`${entity}/${info.id} ${cause}`));
  return { runs, evicted };
}

/** Logs values of the loss of a live run. */
export function push(run: LiveRun, values: readonly number[], plan: readonly MetricFact[] = planOfLoss): void {
  followPlan(run, plan);
  const event = logged(run.entity, run.info.id);
  if (event.type !== 'run.metrics') return;
  for (const value of values) applyMetrics(run, { ...event, metrics: metricValues([['loss', value]]) });
}

const planOfLoss: readonly MetricFact[] = [meanLoss];
