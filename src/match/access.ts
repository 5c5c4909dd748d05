import type { CompiledAutomation } from '../rule/compiled-automation.js';
import type { LeafCondition, RuleCondition } from '../rule/rule-condition.js';
import { type FieldAccess, fieldAccesses, fieldCost } from './field-access.js';
import { isDecidedByAccess, type MetricAccess, metricAccesses, metricCost } from './metric-access.js';

/**
 * What a rule can't hold without, so that it need be asked only where that holds. Each list is a choice: wherever the
 * rule holds, one of its members does. A rule with an empty list never holds.
 */
export interface Accesses {
  /** Any one of these lists will do; the cheapest come first. None: the rule may hold whatever the fields are. */
  readonly fields: readonly (readonly FieldAccess[])[];
  /** `undefined`: the rule may hold whatever the metrics are. */
  readonly metrics: readonly MetricAccess[] | undefined;
  /** The rule holds just where its one metric access does. */
  readonly isDecided: boolean;
}

/** How many ways to one rule a list may hold. */
export const mostAccesses = 64;

/** Among how many lists a choice is worth the while. */
const mostChoices = 8;

/** Reads off a rule what it can't hold without. */
export function accessesOf({ conditions, facts }: CompiledAutomation): Accesses {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  return {
    fields: choicesOf(conditions, (leaf) => fieldAccesses(leaf, byId.get(leaf.fact)), fieldCost),
    metrics: choicesOf(conditions, (leaf) => metricAccesses(leaf, byId.get(leaf.fact)), metricCost)[0],
    isDecided: isDecided(conditions),
  };
}

function isDecided(condition: RuleCondition): boolean {
  if (!('fact' in condition)) {
    const parts = 'all' in condition ? condition.all : condition.any;
    return parts.length === 1 && parts.every(isDecided);
  }
  return isDecidedByAccess(condition);
}

/** The lists of which any one will do: of all parts where all must hold, joined to one where one must. */
function choicesOf<Access>(
  condition: RuleCondition,
  ofLeaf: (leaf: LeafCondition) => readonly Access[] | undefined,
  costOf: (access: Access) => number,
): (readonly Access[])[] {
  if ('all' in condition) {
    const sum = (accesses: readonly Access[]): number => accesses.reduce((cost, access) => cost + costOf(access), 0);
    const choices = condition.all.flatMap((part) => choicesOf(part, ofLeaf, costOf));
    return choices.sort((left, right) => sum(left) - sum(right)).slice(0, mostChoices);
  }
  if ('any' in condition) {
    const accesses: Access[] = [];
    for (const part of condition.any) {
      const [cheapest] = choicesOf(part, ofLeaf, costOf);
      if (cheapest === undefined || accesses.length + cheapest.length > mostAccesses) return [];
      accesses.push(...cheapest);
    }
    return [accesses];
  }
  const accesses = ofLeaf(condition);
  return accesses === undefined || accesses.length > mostAccesses ? [] : [accesses];
}
