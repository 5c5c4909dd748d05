import { type ParsedRunEvent, type ParsedRunMetrics, type RunInfo, runKey } from '../event/parsed-event.js';
import type { MetricFact } from '../rule/fact.js';
import type { Measured } from './measured.js';
import { createMetricSeries, type MetricSeries, type ProjectMetric } from './metric-series.js';
import { type ProjectRuns, projectMetricKey } from './project-runs.js';
import { createRunStates, type RunStates } from './run-states.js';

/** What the automations that watch a run measure, each once; the same object as long as that does not change. */
export type WindowPlan = readonly MetricFact[];

/** A run that is going on: what it said of itself, its state, its windows. */
export interface LiveRun {
  readonly key: string;
  readonly entity: string;
  info: RunInfo;
  readonly states: RunStates;
  touchedMs: number;
  /** It has ended, and it is recorded which automations could not be told of it until then. */
  isConcluded: boolean;
  /** How many numbers its windows take. */
  values: number;
  /** The last plans it followed, the latest first. */
  plans: readonly WindowPlan[];
  readonly series: Map<string, MetricSeries>;
  /** Makes the windows of a metric; none, until they are told what to follow. */
  createSeries(name: string): MetricSeries;
  /** Told of every change in how many numbers its windows take. */
  allocated(change: number): void;
}

/** What a live run has in common with the others. */
export interface LiveRunSurroundings {
  readonly projectRuns: ProjectRuns;
  /** Told of every change in how many numbers a run's windows take. */
  onAllocated(run: LiveRun, change: number): void;
}

/** Makes a live run at its first event. */
export function createLiveRun(
  event: ParsedRunEvent,
  nowMs: number,
  { projectRuns, onAllocated }: LiveRunSurroundings,
): LiveRun {
  // The functions must not hold on to the whole event, which may be large.
  const { place, run: info } = event;
  const key = runKey(event);
  const run: LiveRun = {
    key,
    entity: place.entity,
    info,
    states: createRunStates(),
    touchedMs: nowMs,
    isConcluded: false,
    values: 0,
    plans: [],
    series: new Map(),
    createSeries: (name) => createMetricSeries(projectMetricOf(projectRuns, place, key, name), run.allocated),
    allocated: (change) => onAllocated(run, change),
  };
  return run;
}

/** A metric of a run among those of the other runs of its project. */
export function projectMetricOf(
  projectRuns: ProjectRuns,
  place: ParsedRunEvent['place'],
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

/** Remembers what an event says of its run. */
export function rememberRunInfo(run: LiveRun, info: RunInfo): void {
  run.info = mergeRunInfo(run.info, info);
}

/** What a run has said of itself, with what it says now; what it leaves out stays as it was. */
export function mergeRunInfo(before: RunInfo, info: RunInfo): RunInfo {
  const { name, user, tags, config } = info;
  if (name === undefined && user === undefined && tags === undefined && config === undefined) return before;
  return { ...before, ...Object.fromEntries(Object.entries(info).filter(([, value]) => value !== undefined)) };
}

/**
 * How many plans' windows are kept. The events of one run may have several, when only some name its organization; and an
 * automation that is deleted and made anew goes on with the values that are there.
 */
const mostPlans = 3;

/** Takes up the windows that are needed now, with the values that are there, and lets go those that long are not. */
export function followPlan(run: LiveRun, plan: WindowPlan): void {
  if (run.plans[0] === plan) return;
  const isFollowed = run.plans.includes(plan);
  run.plans = [plan, ...run.plans.filter((each) => each !== plan)].slice(0, mostPlans);
  if (isFollowed) return;
  const factsByName = factsOf(run.plans);
  for (const [name, series] of run.series) {
    if (factsByName.has(name)) continue;
    run.series.delete(name);
    run.allocated(-series.allocated);
  }
  for (const [name, facts] of factsByName) {
    const series = run.series.get(name) ?? run.createSeries(name);
    run.series.set(name, series);
    series.follow([...facts.values()]);
  }
}

function factsOf(plans: readonly WindowPlan[]): ReadonlyMap<string, ReadonlyMap<string, MetricFact>> {
  const byName = new Map<string, Map<string, MetricFact>>();
  for (const plan of plans) {
    for (const fact of plan) {
      const facts = byName.get(fact.name) ?? new Map<string, MetricFact>();
      byName.set(fact.name, facts.set(fact.id, fact));
    }
  }
  return byName;
}

/** Applies logged values to the run's windows. A metric that is absent does not advance its windows. */
export function applyMetrics(run: LiveRun, event: ParsedRunMetrics): void {
  for (const [name, series] of run.series) {
    const value = event.metrics.get(name);
    if (value !== undefined) series.push(value);
  }
}

/** What a fact says of a run; `undefined` while it can't be told. */
export function windowValue(run: LiveRun, fact: MetricFact): number | boolean | undefined {
  return run.series.get(fact.name)?.value(fact);
}

/** What a fact says of a run, and from how much. */
export function readMeasure(run: LiveRun, fact: MetricFact): Measured | undefined {
  return run.series.get(fact.name)?.measured(fact);
}
