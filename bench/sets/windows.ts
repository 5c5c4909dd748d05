import { type AutomationInput, doNothing, onRunMetric, project, type RunMetricsEvent, runEvent } from 'tocsin';
import type { PlainWindow } from '../contenders/plain-window.js';

const place = { entity: 'team', project: 'windows' } as const;

/** The metric that is watched. */
export const watchedMetric = 'loss';

/** One question for each part of a {@link PlainWindow}; none ever holds. */
export function windowAutomations(window: number): AutomationInput[] {
  const loss = runEvent.metric(watchedMetric);
  const filters = {
    average: loss.avg(window).gt(1e9),
    least: loss.min(window).gt(1e9),
    most: loss.max(window).gt(1e9),
    change: loss.avg(window).increasesBy({ diff: 1e9 }),
    zscore: loss.zscore(window).gt(1e9),
  } satisfies Record<keyof PlainWindow, unknown>;
  return Object.entries(filters).map(([name, filter]) => {
    return { name, event: onRunMetric({ scope: project(place.entity, place.project), filter }), action: doNothing() };
  });
}

/** A loss that falls and trembles: no two values near each other are alike. */
export function lossAt(index: number): number {
  const noise = (Math.imul(index, 2_654_435_761) >>> 0) / 2 ** 32;
  return 1 + 1 / (1 + index / 1e5) + Math.sin(index / 5000) / 4 + noise;
}

/** Sample `index` of a run, of one metric. */
export function sampleEvent(run: string, index: number, metric = watchedMetric): RunMetricsEvent {
  return { type: 'run.metrics', ...place, run: { id: run }, metrics: { [metric]: lossAt(index) }, step: index };
}
