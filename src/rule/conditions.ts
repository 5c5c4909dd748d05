import { type RunState, runStates } from '../definition/event-type.js';
import type { FieldFilter, FieldOperator, Filter } from '../definition/filter.js';
import { fieldFact, stateFact } from './fact.js';
import type { FieldQuestion } from './field-tests.js';
import { metricCondition } from './metric-condition.js';
import type { LeafCondition, RuleCondition } from './rule-condition.js';

/** A condition that never holds: nothing is in an empty list. */
const never: LeafCondition = { fact: 'never', operator: 'fieldIsIn', value: [] };

/**
 * Compiles a filter to json-rules-engine conditions.
 *
 * json-rules-engine knows only true and false. Negation is pushed down to the leaves, and a leaf whose fact is
 * indeterminate is false either way; so what is true here is exactly what is true in Kleene's three-valued logic.
 *
 * @param filter - The filter's tree.
 * @param negated - Whether its contrary is wanted.
 */
export function toConditions(filter: Filter, negated = false): RuleCondition {
  switch (filter.type) {
    case 'and':
    case 'or': {
      const conditions = filter.filters.map((each) => toConditions(each, negated));
      if ((filter.type === 'and') !== negated) return { all: conditions };
      return conditions.length === 0 ? never : { any: conditions };
    }
    case 'not':
      return toConditions(filter.filter, !negated);
    case 'field':
      return fieldCondition(filter, negated);
    case 'state':
      return { fact: stateFact.id, operator: negated ? 'fieldNotIsIn' : 'fieldIsIn', value: filter.states };
    default:
      return metricCondition(filter, negated);
  }
}

/**
 * What holds for every automation on run states: only known states ring, and `killed` only where it is named (W&B:
 * killed runs never do).
 */
export function stateGuard(named: ReadonlySet<RunState>): RuleCondition {
  const states = runStates.filter((state) => state !== 'killed' || named.has('killed'));
  return { fact: stateFact.id, operator: 'fieldIsIn', value: states };
}

/** The operator of each question, and whether it is the negated one. */
const fieldOperators: Readonly<Record<FieldOperator, readonly [FieldQuestion, negated: boolean]>> = {
  $eq: ['Equals', false],
  $ne: ['Equals', true],
  $in: ['IsIn', false],
  $nin: ['IsIn', true],
  $gt: ['IsAbove', false],
  $gte: ['IsAtLeast', false],
  $lt: ['IsBelow', false],
  $lte: ['IsAtMost', false],
  $exists: ['Exists', false],
  $regex: ['Matches', false],
  $contains: ['Contains', false],
  $size: ['HasSize', false],
  $all: ['HasAll', false],
};

function fieldCondition({ field, operator, value }: FieldFilter, negated: boolean): LeafCondition {
  const [name, contrary] = fieldOperators[operator];
  const not = (contrary !== negated) !== (operator === '$exists' && value === false);
  return {
    fact: fieldFact(field).id,
    operator: `field${not ? 'Not' : ''}${name}`,
    value: operator === '$exists' ? true : value,
  };
}
