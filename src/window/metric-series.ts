import type { Measure, MetricFact } from '../rule/fact.js';
import { type Aggregate, createAggregate } from './aggregate.js';
import { type Fold, folds, foldValues } from './fold.js';
import { type AllocationListener, createGrowingRing } from './growing-ring.js';
import {
  bindMeasure,
  type Measured,
  type MeasureReader,
  type MeasureSource,
  readAll,
  valuesNeeded,
} from './measured.js';
import type { ProjectMetric } from './project-metric.js';
import { lastValues, lengthOf } from './ring.js';
import { spread } from './spread.js';

/**
 * What is measured of one metric of one run, where more is kept than its last few values; all of its automations share
 * it.
 */
export interface MetricSeries {
  push(value: number): void;
  /** What a fact says; `undefined` while it can't be told, or when it is not followed. */
  value(fact: MetricFact): number | boolean | undefined;
  /** What a fact says, and from how much; `undefined` when it is not followed. */
  measured(fact: MetricFact): Measured | undefined;
  /** The last values, oldest first, at most `count` of them. */
  recent(count: number): number[];
  /** How many values are there. */
  readonly length: number;
  /** How many values ever came, those that were there at the beginning and those before them included. */
  readonly pushed: number;
  /** Measures exactly these from now on, beginning with the values that are there. */
  follow(facts: readonly MetricFact[]): void;
  /** How many windows are kept; equal ones are kept once. */
  readonly windows: number;
  /** How many numbers are allocated. */
  readonly allocated: number;
}

/**
 * Makes the windows of one metric of one run; none, until it is told what to follow.
 *
 * @param projectMetric - Asked for when something measures other runs too.
 * @param values - The values that are already there, oldest first.
 * @param earlier - How many came before these.
 */
export function createMetricSeries(
  projectMetric: () => ProjectMetric,
  onAllocated: AllocationListener,
  values: readonly number[] = [],
  earlier = 0,
): MetricSeries {
  const ring = createGrowingRing(Math.max(values.length, 1), onAllocated);
  for (const value of values) ring.push(value);
  let project: ProjectMetric | undefined;
  let aggregates: ReadonlyMap<string, Aggregate<unknown>> = new Map();
  let listeners: readonly (() => void)[] = [];
  let readers: ReadonlyMap<string, MeasureReader> = new Map();
  let projectWindow = 0;
  let pushed = earlier + values.length;

  const ofProject = (): ProjectMetric => {
    project ??= projectMetric();
    return project;
  };

  /** Gives windows: those that are there already, or new ones. What is asked for is gathered. */
  const sourceOf = (gathered: Map<string, Aggregate<unknown>>): MeasureSource => {
    const keep = <Result>(name: string, fold: Fold<Result>, window: number, lag: number): (() => Result) => {
      const key = `${name}:${window}:${lag}`;
      const kept = gathered.get(key) ?? aggregates.get(key);
      const aggregate = kept ?? createAggregate(fold, window, lag, ring, onAllocated);
      gathered.set(key, aggregate);
      return aggregate.value as () => Result;
    };
    return {
      count: () => lengthOf(ring),
      aggregate: (aggregation, window, lag) => keep(aggregation, folds[aggregation], window, lag),
      spread: (window, lag) => keep('spread', spread, window, lag),
      otherCount: (window) => () => ofProject().otherCount(window),
      otherSpread: (window) => () => foldValues(spread, ofProject().others(window)),
    };
  };

  return {
    push(value) {
      ring.push(value);
      pushed += 1;
      for (const listener of listeners) listener();
      if (projectWindow > 0) ofProject().record(value, projectWindow);
    },
    value: (fact) => readers.get(fact.id)?.value(),
    measured(fact) {
      const reader = readers.get(fact.id);
      return reader === undefined ? undefined : readAll(reader);
    },
    recent: (count) => lastValues(ring, count),
    get length() {
      return lengthOf(ring);
    },
    get pushed() {
      return pushed;
    },
    follow(facts) {
      ring.resize(largestOf(facts, valuesNeeded, 1));
      const gathered = new Map<string, Aggregate<unknown>>();
      const source = sourceOf(gathered);
      readers = new Map(facts.map(({ id, measure }) => [id, bindMeasure(measure, source)]));
      for (const [key, aggregate] of aggregates) if (!gathered.has(key)) onAllocated(-aggregate.allocated);
      aggregates = gathered;
      listeners = [...gathered.values()].flatMap((aggregate) => aggregate.pushed ?? []);
      projectWindow = largestOf(facts, projectWindowOf, 0);
    },
    get windows() {
      return aggregates.size;
    },
    get allocated() {
      let sum = ring.allocated;
      for (const aggregate of aggregates.values()) sum += aggregate.allocated;
      return sum;
    },
  };
}

function largestOf(facts: readonly MetricFact[], size: (measure: Measure) => number, least: number): number {
  return facts.reduce((largest, { measure }) => Math.max(largest, size(measure)), least);
}

function projectWindowOf(measure: Measure): number {
  return measure.type === 'zscore' && measure.over === 'project' ? measure.window : 0;
}
