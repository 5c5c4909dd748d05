import type { Measure, MetricFact } from '../rule/fact.js';
import { type Aggregate, createAggregate } from './aggregate.js';
import { type Fold, folds, foldValues } from './fold.js';
import {
  bindMeasure,
  type Measured,
  type MeasureReader,
  type MeasureSource,
  readAll,
  valuesNeeded,
} from './measured.js';
import { type AllocationListener, createRingBuffer } from './ring-buffer.js';
import { spread } from './spread.js';

/** A run's metric among those of the other runs of its project. */
export interface ProjectMetric {
  /**
   * Takes the run's last value.
   *
   * @param window - Of how many other runs the last values are needed.
   */
  record(value: number, window: number): void;
  /** The last values of up to so many other runs that logged the metric most recently, the latest at the end. */
  others(window: number): readonly number[];
  /** How many there are of them. */
  otherCount(window: number): number;
}

/** What is measured of one metric of one run; all of its automations share it. */
export interface MetricSeries {
  push(value: number): void;
  /** What a fact says; `undefined` while it can't be told, or when it is not followed. */
  value(fact: MetricFact): number | boolean | undefined;
  /** What a fact says, and from how much; `undefined` when it is not followed. */
  measured(fact: MetricFact): Measured | undefined;
  /** The last values, oldest first, at most `count` of them. */
  recent(count: number): number[];
  /** Measures exactly these from now on, beginning with the values that are there. */
  follow(facts: readonly MetricFact[]): void;
  /** How many windows are kept; equal ones are kept once. */
  readonly windows: number;
  /** How many numbers are allocated. */
  readonly allocated: number;
}

/** Makes the windows of one metric of one run; none, until it is told what to follow. */
export function createMetricSeries(project: ProjectMetric, onAllocated: AllocationListener): MetricSeries {
  const ring = createRingBuffer(1, onAllocated);
  let aggregates: ReadonlyMap<string, Aggregate<unknown>> = new Map();
  let readers: ReadonlyMap<string, MeasureReader> = new Map();
  let projectWindow = 0;

  /** Gives windows: those that are there already, or new ones. What is asked for is gathered. */
  const sourceOf = (gathered: Map<string, Aggregate<unknown>>): MeasureSource => {
    const keep = <Result>(name: string, fold: Fold<unknown, Result>, window: number, lag: number): (() => Result) => {
      const key = `${name}:${window}:${lag}`;
      const kept = gathered.get(key) ?? aggregates.get(key);
      const aggregate = kept ?? createAggregate(fold, window, lag, ring, onAllocated);
      gathered.set(key, aggregate);
      return aggregate.value as () => Result;
    };
    return {
      count: () => ring.length,
      aggregate: (aggregation, window, lag) => keep(aggregation, folds[aggregation], window, lag),
      spread: (window, lag) => keep('spread', spread, window, lag),
      otherCount: (window) => () => project.otherCount(window),
      otherSpread: (window) => () => foldValues(spread, project.others(window)),
    };
  };

  return {
    push(value) {
      ring.push(value);
      for (const aggregate of aggregates.values()) aggregate.pushed();
      if (projectWindow > 0) project.record(value, projectWindow);
    },
    value: (fact) => readers.get(fact.id)?.value(),
    measured(fact) {
      const reader = readers.get(fact.id);
      return reader === undefined ? undefined : readAll(reader);
    },
    recent(count) {
      const length = Math.min(count, ring.length);
      return Array.from({ length }, (_, index) => ring.at(length - 1 - index));
    },
    follow(facts) {
      ring.resize(largestOf(facts, valuesNeeded, 1));
      const gathered = new Map<string, Aggregate<unknown>>();
      const source = sourceOf(gathered);
      readers = new Map(facts.map(({ id, measure }) => [id, bindMeasure(measure, source)]));
      for (const [key, aggregate] of aggregates) if (!gathered.has(key)) onAllocated(-aggregate.allocated);
      aggregates = gathered;
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
