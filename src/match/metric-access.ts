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

/** Of what is right at its limit the gate must tell. */
const limitTests: Readonly<Partial<Record<OperatorName, LimitAccess['test']>>> = {
  metricIsAbove: 'atLeast',
  metricIsAtLeast: 'atLeast',
  metricIsBelow: 'atMost',
  metricIsAtMost: 'atMost',
  metricMagnitudeIsAtLeast: 'magnitude',
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
  const test = limitTests[operator];
  // Every other operator asks for a number, whichever it is.
  if (test === undefined) return [{ test: 'atLeast', fact, limit: Number.NEGATIVE_INFINITY }];
  // No number reaches what is no number.
  return typeof value === 'number' && !Number.isNaN(value) ? [{ test, fact, limit: value }] : [];
}

/** That a metric is a number says little. */
export function metricCost(access: MetricAccess): number {
  return access.test !== 'equals' && access.limit === Number.NEGATIVE_INFINITY ? 4 : 1;
}
