import type { FactTest } from './fact-test.js';
import { operatorTest } from './operators.js';
import type { LeafCondition, RuleCondition } from './rule-condition.js';

/**
 * A rule's conditions as one synchronous predicate. It is asked for every event that might match, so it looks nothing up
 * and leaves nothing behind.
 *
 * @param values - The values of the facts that the gate was compiled for, in their order; `undefined` where one can't be told.
 */
export type Gate = (values: readonly unknown[]) => boolean;

/**
 * Compiles a rule's conditions to a predicate that says at once what json-rules-engine will say later.
 *
 * It decides which automations are worth a verdict, in the order of the emits, which a promise could not. Property tests
 * hold the two to the same answer.
 *
 * @param condition - The rule's conditions.
 * @param factIds - The facts whose values the gate will be given. A condition on any other fact is asked of `undefined`.
 */
export function compileGate(condition: RuleCondition, factIds: readonly string[]): Gate {
  return gateOf(condition, new Map(factIds.map((id, place) => [id, place])));
}

/** Compiles one condition. */
export function compileLeaf({ operator, value }: LeafCondition): FactTest {
  return operatorTest(operator, value);
}

function gateOf(condition: RuleCondition, places: ReadonlyMap<string, number>): Gate {
  if ('all' in condition) return allOf(condition.all.map((each) => gateOf(each, places)));
  if ('any' in condition) return anyOf(condition.any.map((each) => gateOf(each, places)));
  const test = compileLeaf(condition);
  const place = places.get(condition.fact);
  if (place === undefined) return test(undefined) ? always : never;
  return (values) => test(values[place]);
}

const always: Gate = () => true;
const never: Gate = () => false;

function allOf(gates: readonly Gate[]): Gate {
  if (gates.length === 1 && gates[0] !== undefined) return gates[0];
  return (values) => {
    for (const gate of gates) if (!gate(values)) return false;
    return true;
  };
}

function anyOf(gates: readonly Gate[]): Gate {
  if (gates.length === 1 && gates[0] !== undefined) return gates[0];
  return (values) => {
    for (const gate of gates) if (gate(values)) return true;
    return false;
  };
}
