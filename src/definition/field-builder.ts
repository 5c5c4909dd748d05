import type { FieldOperator, Scalar } from './filter.js';
import { expression, type FilterExpression } from './filter-builders.js';

/** What can be asked of a field. A question to a list holds when it holds for one of its elements. */
export interface FieldBuilder {
  /** Exactly this value: `"5"` is not `5`. */
  eq(value: Scalar): FilterExpression;
  /** Not the value, or no such field. */
  ne(value: Scalar): FilterExpression;
  /** Above the value; numbers and texts only, and values of different types have no order. */
  gt(value: Scalar): FilterExpression;
  /** At or above the value. */
  gte(value: Scalar): FilterExpression;
  /** Below the value. */
  lt(value: Scalar): FilterExpression;
  /** At or below the value. */
  lte(value: Scalar): FilterExpression;
  /** One of the values; an empty list does not hold. */
  in(values: readonly Scalar[]): FilterExpression;
  /** None of the values, or no such field. */
  nin(values: readonly Scalar[]): FilterExpression;
  /** There is such a field; with `false`, there is none. */
  exists(expected?: boolean): FilterExpression;
  /** RE2, unanchored, case-sensitive; `(?i)` for the rest. */
  regex(pattern: string): FilterExpression;
  /** A substring. */
  contains(text: string): FilterExpression;
  /** A list of exactly so many elements, from 0. */
  size(count: number): FilterExpression;
  /** A list, or a single value, that has all of these; an empty list does not hold. */
  all(values: readonly Scalar[]): FilterExpression;
}

/**
 * What can be asked of any field of an event: of a custom event, or one that a host adds to others.
 *
 * @param name - A known field (`alias`, `config.lr`), or the dotted path of the event's own properties: `region.name`.
 * @example
 * `field('region.name').in(['eu', 'us'])`
 */
export function field(name: string): FieldBuilder {
  const test = (operator: FieldOperator, value: Scalar | readonly Scalar[]): FilterExpression =>
    expression({ [name]: { [operator]: value } });
  return Object.freeze({
    eq: (value: Scalar) => test('$eq', value),
    ne: (value: Scalar) => test('$ne', value),
    gt: (value: Scalar) => test('$gt', value),
    gte: (value: Scalar) => test('$gte', value),
    lt: (value: Scalar) => test('$lt', value),
    lte: (value: Scalar) => test('$lte', value),
    in: (values: readonly Scalar[]) => test('$in', copyOf(values)),
    nin: (values: readonly Scalar[]) => test('$nin', copyOf(values)),
    exists: (expected = true) => test('$exists', expected),
    regex: (pattern: string) => test('$regex', pattern),
    contains: (text: string) => test('$contains', text),
    size: (count: number) => test('$size', count),
    all: (values: readonly Scalar[]) => test('$all', copyOf(values)),
  });
}

/** The list as it is now; without types it may be none, which parsing names. */
function copyOf(values: readonly Scalar[]): readonly Scalar[] {
  return Array.isArray(values) ? [...values] : values;
}
