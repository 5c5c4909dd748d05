import type { Comparison, Direction, MetricLeaf } from '../definition/filter.js';
import { metricFact } from './fact.js';
import type { MetricOperatorName } from './operators.js';
import type { LeafCondition } from './rule-condition.js';

type OperatorPair = readonly [asItStands: MetricOperatorName, negated: MetricOperatorName];

const comparisonOperators: Readonly<Record<Comparison, OperatorPair>> = {
  $gt: ['metricIsAbove', 'metricIsAtMost'],
  $gte: ['metricIsAtLeast', 'metricIsBelow'],
  $lt: ['metricIsBelow', 'metricIsAtLeast'],
  $lte: ['metricIsAtMost', 'metricIsAbove'],
  $eq: ['metricEquals', 'metricDoesNotEqual'],
  $ne: ['metricDoesNotEqual', 'metricEquals'],
};

/** "By at least": up `d ≥ amount`, down `d ≤ −amount`, any way `|d| ≥ amount`. */
const directionOperators: Readonly<Record<Direction, OperatorPair>> = {
  increase: ['metricIsAtLeast', 'metricIsBelow'],
  decrease: ['metricIsAtMost', 'metricIsAbove'],
  any: ['metricMagnitudeIsAtLeast', 'metricMagnitudeIsBelow'],
};

/** The one condition of a question to a metric; none of its operators passes for a measure that can't be told. */
export function metricCondition(leaf: MetricLeaf, negated: boolean): LeafCondition {
  const fact = metricFact(leaf).id;
  const which = negated ? 1 : 0;
  switch (leaf.type) {
    case 'threshold':
      return { fact, operator: comparisonOperators[leaf.comparison][which], value: leaf.threshold };
    case 'finite':
      return { fact, operator: 'metricIsFinite', value: leaf.isFinite !== negated };
    case 'change':
      return { fact, operator: directionOperators[leaf.direction][which], value: signed(leaf.direction, leaf.amount) };
    case 'zscore':
      return {
        fact,
        operator: directionOperators[leaf.direction][which],
        value: signed(leaf.direction, leaf.threshold),
      };
    default:
      return leaf satisfies never;
  }
}

function signed(direction: Direction, amount: number): number {
  return direction === 'decrease' ? -amount : amount;
}
