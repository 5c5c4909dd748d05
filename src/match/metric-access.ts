import type { Fact, MetricFact } from '../rule/fact.js';
import type { OperatorName } from '../rule/operators.js';
import type { LeafCondition } from '../rule/rule-condition.js';

/** A way to a rule by a measure of a metric. */
export type MetricAccess =
  | LimitAccess
  | { readonly test: 'equals'; readonly fact: MetricFact; readonly value: unknown };

/** A measure is a number, and it, or its magnitude, is at least or at most a limit. */
export interface LimitAccess {
  readonly test: 'atLeast' | 'atMost' | 'magnitude';
  readonly fact: MetricFact;
  readonly limit: number;
}

/** How each operator is one with a limit that counts itself: above a number is at least the next one. */
const limitTests: Readonly<Partial<Record<OperatorName, (value: number) => Omit<LimitAccess, 'fact'>>>> = {
  metricIsAbove: (value) => ({ test: 'atLeast', limit: nextAbove(value) }),
  metricIsAtLeast: (value) => ({ test: 'atLeast', limit: value }),
  metricIsBelow: (value) => ({ test: 'atMost', limit: -nextAbove(-value) }),
  metricIsAtMost: (value) => ({ test: 'atMost', limit: value }),
  metricMagnitudeIsAtLeast: (value) => ({ test: 'magnitude', limit: value }),
};

/** What a measure must be where a condition holds, as ways to its rule; `undefined`: it is no question to a metric. */
export function metricAccesses({ operator, value }: LeafCondition, fact: Fact | undefined): MetricAccess[] | undefined {
  if (!operator.startsWith('metric')) return undefined;
  // What nothing is known of passes none of these operators.
  if (fact === undefined) return [];
  if (fact.type !== 'metric') return undefined;
  if (operator === 'metricEquals' || operator === 'metricIsFinite') {
    return Number.isNaN(value) ? [] : [{ test: 'equals', fact, value }];
  }
  const limitTest = limitTests[operator];
  // Every other operator asks for a number, whichever it is.
  if (limitTest === undefined) return [{ test: 'atLeast', fact, limit: Number.NEGATIVE_INFINITY }];
  // No number reaches what is no number.
  return typeof value === 'number' && !Number.isNaN(value) ? [{ fact, ...limitTest(value) }] : [];
}

/** Whether a condition holds just where its one access does, so that nothing is left to ask. */
export function isDecidedByAccess({ operator, value }: LeafCondition): boolean {
  if (operator === 'metricEquals' || operator === 'metricIsFinite') return true;
  // Nothing is above infinity.
  return operator in limitTests && typeof value === 'number' && Number.isFinite(value);
}

const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/** The smallest number above a number. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  number[0] = value;
  bits[0] = (bits[0] as bigint) + (value > 0 ? 1n : -1n);
  return Number.isFinite(value) ? (number[0] as number) : value;
}

/** That a metric is a number says little. */
export function metricCost(access: MetricAccess): number {
  return access.test !== 'equals' && access.limit === Number.NEGATIVE_INFINITY ? 4 : 1;
}
