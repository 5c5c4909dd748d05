import type { Aggregation, MetricFilter } from '../definition/filter.js';

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

/** An aggregate of a window of a metric; absent while it can't be told. */
export interface MetricFact {
  readonly type: 'metric';
  readonly id: string;
  readonly name: string;
  readonly aggregation: Aggregation;
  readonly window: number;
  readonly minSamples: number;
}

/** The values of facts by their ids. A fact that can't be told is absent. */
export type FactValues = Readonly<Record<string, unknown>>;

/** The fact of a field: `field:config.lr`. */
export function fieldFact(field: string): FieldFact {
  return { type: 'field', id: `field:${field}`, field };
}

/** The fact of a run's state. */
export const stateFact: StateFact = Object.freeze({ type: 'state', id: 'state' });

/**
 * The fact of a window: `metric:last:accuracy`, `metric:avg:5:accuracy`, `metric:avg:5/3:accuracy` with at least 3 of 5.
 *
 * A name is any text, so what comes before it must never look like the start of one.
 */
export function metricFact({ name, aggregation, window, minSamples }: MetricFilter): MetricFact {
  const of = aggregation === 'none' ? 'last' : `${aggregation}:${window}`;
  const least = minSamples === window ? '' : `/${minSamples}`;
  return { type: 'metric', id: `metric:${of}${least}:${name}`, name, aggregation, window, minSamples };
}
