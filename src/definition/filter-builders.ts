import type { FilterJson } from './filter.js';

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

/**
 * The JSON of a filter, whichever way it was given. What is none is kept as JSON, for parsing to name: a filter that was
 * left out of `not` must not become one that always holds.
 */
export function filterJson(filter: FilterInput): FilterJson {
  if (isExpression(filter)) return filter.toJSON();
  const given: unknown = Array.isArray(filter) ? filter.map(filterJson) : (filter ?? null);
  return given as FilterJson;
}

function isExpression(filter: FilterInput): filter is FilterExpression {
  return typeof (filter as Partial<FilterExpression> | null | undefined)?.toJSON === 'function';
}

/** Wraps a filter's JSON, so that it can be combined further. */
export function expression(json: FilterJson): FilterExpression {
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
  // A field may have been given this name; parsing says that it is none.
  return expression({ [key]: [...(Array.isArray(chain) ? chain : [json]), filterJson(other)] });
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
