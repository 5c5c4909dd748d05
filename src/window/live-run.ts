import type { ParsedRunEvent, ParsedRunMetrics, RunInfo } from '../event/parsed-event.js';
import { createMetricSeries, type MetricSeries, type WindowSpec } from './metric-series.js';
import { createRunStates, type RunStates } from './run-states.js';

/** Which windows the automations that watch a run need; the same object as long as that does not change. */
export type WindowPlan = readonly WindowSpec[];

/** A run that is going on: what it said of itself, its state, its windows. */
export interface LiveRun {
  readonly key: string;
  readonly entity: string;
  info: RunInfo;
  readonly states: RunStates;
  touchedMs: number;
  plan: WindowPlan;
  readonly series: Map<string, MetricSeries>;
}

/** Makes a live run at its first event. */
export function createLiveRun(key: string, event: ParsedRunEvent, nowMs: number): LiveRun {
  return {
    key,
    entity: event.place.entity,
    info: event.run,
    states: createRunStates(),
    touchedMs: nowMs,
    plan: [],
    series: new Map(),
  };
}

/** Remembers what an event says of its run; what it leaves out stays as it was. */
export function rememberRunInfo(run: LiveRun, info: RunInfo): void {
  const { name, user, tags, config } = info;
  if (name === undefined && user === undefined && tags === undefined && config === undefined) return;
  run.info = { ...run.info, ...Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined)) };
}

/** Takes up the windows that are needed now. Those no longer needed go with the run. */
export function followPlan(run: LiveRun, plan: WindowPlan): void {
  if (run.plan === plan) return;
  run.plan = plan;
  for (const { name, aggregation, window } of plan) {
    const series = run.series.get(name) ?? createMetricSeries();
    run.series.set(name, series);
    series.keep(aggregation, window);
  }
}

/** Applies logged values to the run's windows. A metric that is absent does not advance its windows. */
export function applyMetrics(run: LiveRun, event: ParsedRunMetrics): void {
  for (const [name, series] of run.series) {
    const value = event.metrics.get(name);
    if (value !== undefined) series.push(value);
  }
}
