import type { RunInfo } from '../event/parsed-event.js';
import { numbersOf } from './arrange-windows.js';
import { createSeries, emptyWindows, type LiveRun, recentValues } from './live-run.js';
import type { MetricSeries } from './metric-series.js';
import { mergeRunInfo } from './run-info.js';
import { createRunStates } from './run-states.js';

/** What was kept of a run. */
export interface KeptRun {
  readonly place: {
    readonly entity: string;
    readonly project?: string | undefined;
    readonly registry?: string | undefined;
  };
  readonly info: RunInfo;
  /** The last state that was committed; `undefined` when none was. */
  readonly state: string | undefined;
  readonly isConcluded: boolean;
  /** When it said something last, in epoch milliseconds. */
  readonly touchedMs: number;
  readonly series: readonly KeptSeries[];
}

/** What was kept of a metric of a run. */
export interface KeptSeries {
  readonly name: string;
  /** Its last values, oldest first. */
  readonly values: readonly number[];
  /** Of a long series how many values came before these. */
  readonly earlier: number | undefined;
}

/**
 * Puts values in front of those that are there. The windows are arranged anew with the next plan.
 *
 * @param run - A live run.
 */
export function refillWindows(run: LiveRun, kept: readonly KeptSeries[]): void {
  const here = new Map(metricNames(run).map((name) => [name, recentValues(run, name, Number.POSITIVE_INFINITY)]));
  emptyWindows(run);
  const series = new Map<string, MetricSeries>();
  const resting = new Map<string, readonly number[]>();
  run.series = series;
  run.resting = resting;
  for (const { name, values, earlier } of kept) {
    const all = here.has(name) ? [...values, ...(here.get(name) ?? [])] : values;
    here.delete(name);
    if (earlier === undefined) resting.set(name, all);
    else series.set(name, createSeries(run, name, all, earlier));
    // To make room for its values, the run itself may have had to go.
    if (run.kept !== 'live') return;
  }
  for (const [name, values] of here) resting.set(name, values);
  run.surroundings.onAllocated(run, numbersOf(run));
}

/** The metrics of which values are there. */
export function metricNames({ layout, series, resting }: LiveRun): readonly string[] {
  if (series.size === 0 && resting === undefined) return [...layout.metrics.keys()];
  return [...new Set([...layout.metrics.keys(), ...series.keys(), ...(resting?.keys() ?? [])])];
}

/** Joins what was kept of a run to what it has said here since. */
export function joinKept(run: LiveRun, kept: KeptRun): void {
  run.info = mergeRunInfo(kept.info, run.info);
  if (run.states.current === undefined) run.states = createRunStates(kept.state);
  run.isConcluded ||= kept.isConcluded;
  if (run.kept === 'live' && !run.states.isOver) refillWindows(run, kept.series);
}
