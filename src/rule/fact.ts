import type { Aggregation, MetricLeaf } from '../definition/filter.js';

/** A value that a rule asks for. Its id is the fact's id in json-rules-engine. */
export type Fact = FieldFact | StateFact | MetricFact;

/** A field of the event. */
export interface FieldFact {
  readonly type: 'field';
  readonly id: string;
  readonly field: string;
}

/** The state that a run has come into, with `failed` beside `crashed`. */
export interface StateFact {
  readonly type: 'state';
  readonly id: string;
}

/** What is measured of a metric; absent while it can't be told. */
export interface MetricFact {
  readonly type: 'metric';
  readonly id: string;
  readonly name: string;
  readonly measure: Measure;
}

/** How a metric's logged values become one. */
export type Measure =
  /** The aggregate of the last `window` values: a number. */
  | {
      readonly type: 'aggregate';
      readonly aggregation: Aggregation;
      readonly window: number;
      readonly minSamples: number;
    }
  /** Whether the last value is finite: true or false. */
  | { readonly type: 'finiteness' }
  /** How far the last `window` values are from the `priorWindow` values before them: a number with its sign. */
  | {
      readonly type: 'change';
      readonly kind: 'absolute' | 'relative';
      readonly aggregation: Aggregation;
      readonly window: number;
      readonly priorWindow: number;
      readonly minSamples: number;
    }
  /** How many standard deviations the last value is from a mean: a number with its sign. */
  | {
      readonly type: 'zscore';
      readonly over: 'run' | 'project';
      readonly window: number;
      readonly minSamples: number;
    };

/** The values of facts by their ids. A fact that can't be told is absent. */
export type FactValues = Readonly<Record<string, unknown>>;

/** Values in the order of their facts, by the facts' ids. */
export function factValues(facts: readonly Fact[], values: readonly unknown[]): FactValues {
  const known = facts.map(({ id }, index) => [id, values[index]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}

/** The fact of a field: `field:config.lr`. */
export function fieldFact(field: string): FieldFact {
  return { type: 'field', id: `field:${field}`, field };
}

/** The fact of a run's state. */
export const stateFact: StateFact = Object.freeze({ type: 'state', id: 'state' });

/** The facts that were asked for last, by their ids: one that very many automations share is one object for all. */
const metricFacts = new Map<string, MetricFact>();

/** How many are remembered; beyond, all are forgotten, and are made anew when they are asked for. */
const mostMetricFacts = 10_000;

/** The fact of a question to a metric; equal ids mean equal measures of the same metric. */
export function metricFact(leaf: MetricLeaf): MetricFact {
  const measure = measureOf(leaf);
  const id = `metric:${measureId(measure)}:${leaf.name}`;
  const known = metricFacts.get(id);
  if (known !== undefined) return known;
  if (metricFacts.size >= mostMetricFacts) metricFacts.clear();
  const fact: MetricFact = Object.freeze({ type: 'metric', id, name: leaf.name, measure: Object.freeze(measure) });
  metricFacts.set(id, fact);
  return fact;
}

function measureOf(leaf: MetricLeaf): Measure {
  switch (leaf.type) {
    case 'threshold': {
      const { aggregation, window, minSamples } = leaf;
      return { type: 'aggregate', aggregation, window, minSamples };
    }
    case 'finite':
      return { type: 'finiteness' };
    case 'change': {
      const { kind, aggregation, window, priorWindow, minSamples } = leaf;
      return { type: 'change', kind, aggregation, window, priorWindow, minSamples };
    }
    case 'zscore': {
      const { over, window, minSamples } = leaf;
      return { type: 'zscore', over, window, minSamples };
    }
    default:
      return leaf satisfies never;
  }
}

/**
 * A text that is the same for equal measures: `last`, `avg:5`, `avg:5/3` with at least 3 of 5, `finite`,
 * `change:relative:avg:5:10`, `zscore:run:30`.
 *
 * A metric's name comes after it and is any text, so none of these may begin like another followed by a colon.
 */
export function measureId(measure: Measure): string {
  switch (measure.type) {
    case 'aggregate': {
      const { aggregation, window, minSamples } = measure;
      return `${windowId(aggregation, window)}${least(minSamples, window)}`;
    }
    case 'finiteness':
      return 'finite';
    case 'change': {
      const { kind, aggregation, window, priorWindow, minSamples } = measure;
      const windows = `${windowId(aggregation, window)}:${priorWindow}`;
      return `change:${kind}:${windows}${least(minSamples, window + priorWindow)}`;
    }
    case 'zscore':
      return `zscore:${measure.over}:${measure.window}${least(measure.minSamples, measure.window)}`;
    default:
      return measure satisfies never;
  }
}

function windowId(aggregation: Aggregation, window: number): string {
  return aggregation === 'none' ? 'last' : `${aggregation}:${window}`;
}

function least(minSamples: number, all: number): string {
  return minSamples === all ? '' : `/${minSamples}`;
}
