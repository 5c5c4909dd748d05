import type { FactValues } from './fact.js';
import { operators } from './operators.js';
import type { LeafCondition, RuleCondition } from './rule-condition.js';

/** A rule's conditions as one synchronous predicate. */
export type Gate = (facts: FactValues) => boolean;

const operatorsByName = new Map(operators.map((operator) => [operator.name, operator.evaluate]));

/**
 * Compiles a rule's conditions to a predicate that says at once what json-rules-engine will say later.
 *
 * It decides which automations are worth a verdict, in the order of the emits, which a promise could not. Property tests
 * hold the two to the same answer.
 */
export function compileGate(condition: RuleCondition): Gate {
  if ('all' in condition) {
    const gates = condition.all.map(compileGate);
    return (facts) => gates.every((gate) => gate(facts));
  }
  if ('any' in condition) {
    const gates = condition.any.map(compileGate);
    return (facts) => gates.some((gate) => gate(facts));
  }
  return compileLeaf(condition);
}

/** Compiles one condition. */
export function compileLeaf({ fact, operator, value }: LeafCondition): Gate {
  const evaluate = operatorsByName.get(operator);
  if (evaluate === undefined) throw new Error(`No such operator: ${operator}`);
  return (facts) => evaluate(facts[fact], value);
}
