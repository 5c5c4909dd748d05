import type { RunState } from './event-type.js';
import type { Aggregation, Comparison, FieldOperator, FilterJson, Scalar } from './filter.js';

/** A filter under construction: it can be combined further, and it is the filter wherever one is taken. */
export interface FilterExpression {
  /** Holds when both hold. */
  and(other: FilterInput): FilterExpression;
  /** Holds when one of the two holds. */
  or(other: FilterInput): FilterExpression;
  /** Holds when this one surely does not. */
  not(): FilterExpression;
  /** The filter as plain JSON. */
  toJSON(): FilterJson;
}

/** A filter, from a builder or as JSON. */
export type FilterInput = FilterExpression | FilterJson;

/** What can be asked of a field. */
export interface FieldBuilder {
  /** Exactly this value: `"5"` is not `5`. */
  eq(value: Scalar): FilterExpression;
  /** Not the value, or no such field. */
  ne(value: Scalar): FilterExpression;
  /** Above the value; values of different types have no order. */
  gt(value: Scalar): FilterExpression;
  /** At or above the value. */
  gte(value: Scalar): FilterExpression;
  /** Below the value. */
  lt(value: Scalar): FilterExpression;
  /** At or below the value. */
  lte(value: Scalar): FilterExpression;
  /** One of the values. */
  in(values: readonly Scalar[]): FilterExpression;
  /** None of the values, or no such field. */
  nin(values: readonly Scalar[]): FilterExpression;
  /** There is such a field; with `false`, there is none. */
  exists(expected?: boolean): FilterExpression;
  /** RE2, unanchored, case-sensitive. */
  regex(pattern: string): FilterExpression;
  /** A substring. */
  contains(text: string): FilterExpression;
}

/** What can be asked of a window of a metric. */
export interface ThresholdBuilder {
  /** Above the number. */
  gt(value: number): FilterExpression;
  /** At or above the number. */
  gte(value: number): FilterExpression;
  /** Below the number. */
  lt(value: number): FilterExpression;
  /** At or below the number. */
  lte(value: number): FilterExpression;
  /** Exactly this number. */
  eq(value: number): FilterExpression;
  /** Any other number. */
  ne(value: number): FilterExpression;
}

/** How a window may be short of values. */
export interface WindowOptions {
  /** With fewer values the condition is indeterminate, and does not fire. 1 to the window. @default the window */
  readonly minSamples?: number | undefined;
}

/** What can be asked of a metric: its last value, or an aggregate of its last `window` values. */
export interface MetricBuilder extends ThresholdBuilder {
  /** The mean of the last `window` logged values (1 to 100,000). */
  avg(window: number, options?: WindowOptions): ThresholdBuilder;
  /** Another name of `avg`. */
  mean(window: number, options?: WindowOptions): ThresholdBuilder;
  /** The smallest of the last `window` logged values. */
  min(window: number, options?: WindowOptions): ThresholdBuilder;
  /** The largest of the last `window` logged values. */
  max(window: number, options?: WindowOptions): ThresholdBuilder;
}

/** What can be asked of a run's state. */
export interface StateBuilder {
  /** `failed` means crashed runs too; `killed` runs ring only where `killed` is named. */
  eq(state: RunState): FilterExpression;
  /** One of the states. */
  in(states: readonly RunState[]): FilterExpression;
}

/** The JSON of a filter, whichever way it was given. */
export function filterJson(filter: FilterInput): FilterJson {
  return isExpression(filter) ? filter.toJSON() : filter;
}

function isExpression(filter: FilterInput): filter is FilterExpression {
  return typeof (filter as Partial<FilterExpression>).toJSON === 'function';
}

function expression(json: FilterJson): FilterExpression {
  return Object.freeze({
    and: (other: FilterInput) => joined('$and', json, other),
    or: (other: FilterInput) => joined('$or', json, other),
    not: () => not(json),
    toJSON: () => json,
  });
}

/** A chain grows in width, not in depth: definitions may be 32 levels deep, and have 1,000 values. */
function joined(key: '$and' | '$or', json: FilterJson, other: FilterInput): FilterExpression {
  const chain = Object.keys(json).length === 1 ? json[key] : undefined;
  return expression({ [key]: [...(chain ?? [json]), filterJson(other)] });
}

/**
 * Holds when all hold; with no filter it holds.
 *
 * @param filters - Filters from builders or as JSON.
 */
export function and(...filters: FilterInput[]): FilterExpression {
  return expression({ $and: filters.map(filterJson) });
}

/**
 * Holds when one holds; with no filter it does not.
 *
 * @param filters - Filters from builders or as JSON.
 */
export function or(...filters: FilterInput[]): FilterExpression {
  return expression({ $or: filters.map(filterJson) });
}

/**
 * Holds when none holds.
 *
 * @param filters - Filters from builders or as JSON.
 */
export function nor(...filters: FilterInput[]): FilterExpression {
  return expression({ $nor: filters.map(filterJson) });
}

/**
 * Holds when the filter surely does not: a window without enough samples holds neither way.
 *
 * @param filter - A filter from a builder or as JSON.
 */
export function not(filter: FilterInput): FilterExpression {
  return expression({ $not: filterJson(filter) });
}

function field(name: string): FieldBuilder {
  const test = (operator: FieldOperator, value: Scalar | readonly Scalar[]): FilterExpression =>
    expression({ [name]: { [operator]: value } });
  return Object.freeze({
    eq: (value: Scalar) => test('$eq', value),
    ne: (value: Scalar) => test('$ne', value),
    gt: (value: Scalar) => test('$gt', value),
    gte: (value: Scalar) => test('$gte', value),
    lt: (value: Scalar) => test('$lt', value),
    lte: (value: Scalar) => test('$lte', value),
    in: (values: readonly Scalar[]) => test('$in', [...values]),
    nin: (values: readonly Scalar[]) => test('$nin', [...values]),
    exists: (expected = true) => test('$exists', expected),
    regex: (pattern: string) => test('$regex', pattern),
    contains: (text: string) => test('$contains', text),
  });
}

function threshold(window: {
  name: string;
  agg?: Aggregation;
  window?: number;
  minSamples?: number;
}): ThresholdBuilder {
  const compare = (comparison: Comparison, value: number): FilterExpression =>
    expression({ $metric: { ...window, [comparison]: value } });
  return Object.freeze({
    gt: (value: number) => compare('$gt', value),
    gte: (value: number) => compare('$gte', value),
    lt: (value: number) => compare('$lt', value),
    lte: (value: number) => compare('$lte', value),
    eq: (value: number) => compare('$eq', value),
    ne: (value: number) => compare('$ne', value),
  });
}

function metric(name: string): MetricBuilder {
  const aggregate =
    (agg: Aggregation) =>
    (window: number, options: WindowOptions = {}): ThresholdBuilder =>
      threshold({ name, agg, window, ...options });
  return Object.freeze({
    ...threshold({ name }),
    avg: aggregate('avg'),
    mean: aggregate('avg'),
    min: aggregate('min'),
    max: aggregate('max'),
  });
}

/**
 * What an automation on runs can ask.
 *
 * @see W&B, `RunEvent` of their SDK: `RunEvent.metric("accuracy") < 0.85` is `runEvent.metric('accuracy').lt(0.85)`.
 */
export const runEvent = Object.freeze({
  /** A metric, by its name: any text, slashes and dots included. */
  metric,
  /** The state that the run has come into. */
  state: Object.freeze({
    eq: (state: RunState) => expression({ $state: [state] }),
    in: (states: readonly RunState[]) => expression({ $state: [...states] }),
  }) as StateBuilder,
  /** The run's name. */
  name: field('name'),
  /** Who started the run. */
  user: field('user'),
  /** The run's tags; a question holds when it holds for one of them. */
  tag: field('tag'),
  /** A value of the run's configuration. */
  config: (key: string): FieldBuilder => field(`config.${key}`),
});

/** What an automation on artifacts can ask. */
export const artifactEvent = Object.freeze({
  /** The alias that was added; for a created artifact, its aliases. */
  alias: field('alias'),
  /** The artifact's tags. */
  tag: field('tag'),
  /** The artifact's type: `model`, `dataset`. */
  type: field('artifactType'),
  /** The artifact's version, as the host gives it. */
  version: field('version'),
  /** Who did it. */
  author: field('author'),
  /** A value of the artifact's metadata. */
  metadata: (key: string): FieldBuilder => field(`metadata.${key}`),
});
