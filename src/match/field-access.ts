import type { Fact, FieldFact, StateFact } from '../rule/fact.js';
import type { OperatorName } from '../rule/operators.js';
import type { LeafCondition } from '../rule/rule-condition.js';

/** A way to a rule by a field of the event: one element of it is a value, or a text in which a pattern is found. */
export type FieldAccess =
  | { readonly type: 'value'; readonly fact: FieldFact | StateFact; readonly value: unknown }
  | { readonly type: 'pattern'; readonly fact: FieldFact | StateFact; readonly pattern: string };

/** An automation that waits for more states than this is not much easier to find by them. */
const mostStates = 2;

/** What a field must be where a condition holds, as ways to its rule; `undefined`: it says too little. */
export function fieldAccesses({ operator, value }: LeafCondition, fact: Fact | undefined): FieldAccess[] | undefined {
  const operands = positiveOperands(operator, value);
  if (operands === undefined) return undefined;
  // What nothing is known of passes none of these operators.
  if (fact === undefined) return [];
  if (fact.type === 'metric' || (fact.type === 'state' && operands.length > mostStates)) return undefined;
  return operator === 'fieldMatches'
    ? operands.map((pattern) => ({ type: 'pattern', fact, pattern: String(pattern) }))
    : operands.map((operand) => ({ type: 'value', fact, value: operand }));
}

/** Of which the field must have one; `undefined`: it may pass without. */
function positiveOperands(operator: OperatorName, value: LeafCondition['value']): readonly unknown[] | undefined {
  switch (operator) {
    case 'fieldEquals':
      return [value];
    case 'fieldMatches':
      return typeof value === 'string' ? [value] : [];
    case 'fieldIsIn':
      return Array.isArray(value) ? value : [];
    case 'fieldHasAll':
      return Array.isArray(value) ? value.slice(0, 1) : [];
    default:
      return undefined;
  }
}

/** A pattern has to be searched for, once for each text. */
export function fieldCost({ type }: FieldAccess): number {
  return type === 'value' ? 1 : 4;
}
