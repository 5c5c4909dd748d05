import { type ParsedRunEvent, type ParsedRunMetrics, type RunInfo, runKey } from '../event/parsed-event.js';
import type { MetricFact } from '../rule/fact.js';
import { arrangeWindows, noWindows, numbersOf, type RunWindows } from './arrange-windows.js';
import { type Measured, readAll } from './measured.js';
import { createMetricSeries, type MetricSeries } from './metric-series.js';
import { projectMetricOf } from './project-metric.js';
import type { ProjectRuns } from './project-runs.js';
import type { Linked } from './recency-list.js';
import { lastValues, type Memory, pushValue } from './ring.js';
import { mergeRunInfo } from './run-info.js';
import { createRunStates, type RunStates } from './run-states.js';
import { type FactSlot, type MetricLayout, metricAt, noNumbers } from './window-layout.js';
import type { WindowLayouts } from './window-layouts.js';

/** What the automations that watch a run measure, each once; the same object as long as that does not change. */
export type WindowPlan = readonly MetricFact[];

/** What a live run has in common with the others. */
export interface LiveRunSurroundings {
  readonly projectRuns: ProjectRuns;
  readonly layoutOf: WindowLayouts;
  /** Told of every change in how many numbers a run's windows take. */
  onAllocated(run: LiveRun, change: number): void;
  /** Whose a run's metrics are that is new here. */
  readonly firstOwner: RunOwner;
}

/** Which process a run's metrics belong to, as far as this one knows. */
export type RunOwner = 'here' | 'unknown' | 'elsewhere';

const noPlans: readonly WindowPlan[] = Object.freeze([]);

/**
 * A run that is going on: what it said of itself, its state, its windows.
 *
 * There may be very many. So a run has no functions of its own, and what it has in common with others stands elsewhere: how
 * its numbers are laid out, and what reads them.
 */
export class LiveRun implements Linked<LiveRun>, RunWindows {
  readonly surroundings: LiveRunSurroundings;
  readonly id: string;
  readonly entity: string;
  readonly project: string | undefined;
  readonly registry: string | undefined;
  states: RunStates;
  info: RunInfo;
  touchedMs: number;
  /** It has ended, and it is recorded which automations could not be told of it until then. */
  isConcluded = false;
  /** Elsewhere: no windows are kept of it here. */
  owner: RunOwner;
  /** Whether it is live, or has ended and is remembered; `undefined`: it is not known any more, or not yet. */
  kept: 'live' | 'ended' | undefined = undefined;
  older: LiveRun | undefined = undefined;
  newer: LiveRun | undefined = undefined;
  /** How many numbers its windows take. */
  values = 0;
  /** The plan it follows. */
  plan: WindowPlan | undefined = undefined;
  /** The last plans it followed, the latest first. */
  plans = noPlans;
  layout = noWindows.layout;
  pages = noWindows.pages;
  series = noWindows.series;
  resting = noWindows.resting;
  #key: string | undefined = undefined;

  /**
   * Makes a run that has no windows yet.
   *
   * @param event - One of the run's. It is not held on to: it may be large.
   */
  constructor(
    event: Pick<ParsedRunEvent, 'place' | 'run'>,
    nowMs: number,
    surroundings: LiveRunSurroundings,
    states = createRunStates(),
  ) {
    const { entity, project, registry } = event.place;
    this.surroundings = surroundings;
    this.id = event.run.id;
    this.entity = entity;
    this.project = project;
    this.registry = registry;
    this.states = states;
    this.info = event.run;
    this.touchedMs = nowMs;
    this.owner = surroundings.firstOwner;
  }

  /** A text that is the same for one run and different for all others. */
  get key(): string {
    this.#key ??= runKey({ place: this, run: this.info });
    return this.#key;
  }
}

/** Remembers what an event says of its run. */
export function rememberRunInfo(run: LiveRun, info: RunInfo): void {
  run.info = mergeRunInfo(run.info, info);
}

/**
 * How many plans' windows are kept. The events of one run may have several, when only some name its organization; and an
 * automation that is deleted and made anew goes on with the values that are there.
 */
const mostPlans = 3;

/** Takes up the windows that are needed now, with the values that are there, and lets go those that long are not. */
export function followPlan(run: LiveRun, plan: WindowPlan): void {
  if (run.plan === plan || run.owner === 'elsewhere') return;
  run.plan = plan;
  const isFollowed = run.plans.includes(plan);
  run.plans = [plan, ...run.plans.filter((each) => each !== plan)].slice(0, mostPlans);
  if (isFollowed) return;
  const layout = run.surroundings.layoutOf(run.plans);
  if (layout === run.layout) return;
  const before: RunWindows = { layout: run.layout, pages: run.pages, series: run.series, resting: run.resting };
  const after = arrangeWindows(layout, {
    series: before.series,
    values: (name) => recentValues(before, name, Number.POSITIVE_INFINITY),
    createSeries: (name, values) => createSeries(run, name, values),
  });
  setWindows(run, after);
  allocate(run, numbersOf(after) - numbersOf(before));
  for (const [name, series] of before.series) if (!after.series.has(name)) allocate(run, -series.allocated);
}

/**
 * Makes what is kept of a metric of a run.
 *
 * @param values - The values that are already there, oldest first.
 * @param earlier - How many came before these.
 */
export function createSeries(run: LiveRun, name: string, values: readonly number[], earlier = 0): MetricSeries {
  const projectMetric = () => projectMetricOf(run.surroundings.projectRuns, run, run.key, name);
  return createMetricSeries(projectMetric, (change) => allocate(run, change), values, earlier);
}

function allocate(run: LiveRun, change: number): void {
  run.surroundings.onAllocated(run, change);
}

/** Gives back the room of all windows of a live run. */
export function emptyWindows(run: LiveRun): void {
  allocate(run, -run.values);
  dropWindows(run);
}

/** Lets go of all windows. */
export function dropWindows(run: LiveRun): void {
  setWindows(run, noWindows);
  run.plan = undefined;
  run.plans = noPlans;
  run.values = 0;
}

function setWindows(run: LiveRun, { layout, pages, series, resting }: RunWindows): void {
  // The layout outlives the run, and must not hold on to its numbers.
  for (const { memory } of run.layout.pages) memory.numbers = noNumbers;
  run.layout = layout;
  run.pages = pages;
  run.series = series;
  run.resting = resting;
}

/** Applies logged values to the run's windows. A metric that is absent does not advance its windows. */
export function applyMetrics(run: LiveRun, { metrics: { names, values } }: ParsedRunMetrics): void {
  const { layout } = run;
  for (let index = 0; index < names.length; index += 1) {
    const metric = metricAt(layout, names[index] as string, index);
    if (metric === undefined) continue;
    const value = values[index] as number;
    if (metric.place === undefined) {
      seriesOf(run, metric).push(value);
    } else {
      const { ring, page } = metric.place;
      lend(ring.memory, run.pages[page] ?? takePage(run, page));
      pushValue(ring, value);
    }
    // To make room for its values, the run itself may have had to go.
    if (run.layout !== layout) return;
  }
}

function takePage(run: LiveRun, page: number): Float64Array {
  const numbers = new Float64Array(run.layout.pages[page]?.size ?? 0);
  run.pages[page] = numbers;
  allocate(run, numbers.length);
  return numbers;
}

/** What is kept of a metric that lies on no page. */
function seriesOf(run: LiveRun, { name, facts }: MetricLayout): MetricSeries {
  const known = run.series.get(name);
  if (known !== undefined) return known;
  const series = createSeries(run, name, []);
  series.follow(facts);
  run.series.set(name, series);
  return series;
}

/** What a fact says of a run; `undefined` while it can't be told. */
export function windowValue(run: LiveRun, fact: MetricFact): number | boolean | undefined {
  const slot = run.layout.slots.get(fact.id);
  return slot === undefined ? undefined : slotValue(run, slot);
}

/** What a fact of the run's layout says of the run; `undefined` while it can't be told. */
export function slotValue(run: LiveRun, { fact, reader }: FactSlot): number | boolean | undefined {
  if (reader === undefined) return run.series.get(fact.name)?.value(fact);
  const numbers = run.pages[reader.page];
  if (numbers === undefined) return undefined;
  lend(reader.memory, numbers);
  return reader.value();
}

/** What a fact says of a run, and from how much. */
export function readMeasure(run: LiveRun, fact: MetricFact): Measured | undefined {
  const { layout, pages } = run;
  const slot = layout.slots.get(fact.id);
  if (slot === undefined) return undefined;
  const { reader } = slot;
  if (reader === undefined) return seriesOf(run, layout.metrics.get(fact.name) as MetricLayout).measured(fact);
  const numbers = pages[reader.page];
  if (numbers === undefined) return { value: undefined, samples: 0, samplesNeeded: reader.samplesNeeded };
  lend(reader.memory, numbers);
  return readAll(reader);
}

/** The last values of a metric that are there, oldest first, at most `count` of them. */
export function recentValues({ layout, pages, series, resting }: RunWindows, name: string, count: number): number[] {
  const place = layout.metrics.get(name)?.place;
  if (place === undefined) return series.get(name)?.recent(count) ?? resting?.get(name)?.slice(-count) ?? [];
  const numbers = pages[place.page];
  if (numbers === undefined) return [];
  lend(place.ring.memory, numbers);
  return lastValues(place.ring, count);
}

/** Must come before anything is read or written: another run may have used the page last. */
function lend(memory: Memory, numbers: Float64Array): void {
  if (memory.numbers !== numbers) memory.numbers = numbers;
}
