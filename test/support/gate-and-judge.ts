import type { AutomationRule, LeafCondition, RuleCondition } from 'tocsin';
import { compileGate, compileLeaf } from '../../src/rule/gate.js';
import { bindRule } from '../../src/rule/verdict.js';
import type { Facts } from './kleene.js';
import { leavesOf, type RuleCase } from './random-rules.js';

/** What a rule's conditions say of facts, by their ids, when the gate is asked. */
export function gateHolds(condition: RuleCondition, facts: Facts): boolean {
  return compileGate(condition, Object.keys(facts))(Object.values(facts));
}

/** What the gate says of a case, and what json-rules-engine says. */
export async function askBoth({
  condition,
  facts,
}: RuleCase): Promise<{ readonly gate: boolean; readonly judge: boolean }> {
  const gate = compileGate(
    condition,
    facts.map(([id]) => id),
  );
  const judge = bindRule(ruleOf(condition));
  const { matched } = await judge(Object.fromEntries(facts.filter(([, value]) => value !== undefined)));
  return { gate: gate(facts.map(([, value]) => value)), judge: matched };
}

function ruleOf(condition: RuleCondition): AutomationRule {
  const conditions = 'fact' in condition ? { all: [condition] } : condition;
  return {
    name: 'ring',
    conditions: conditions as AutomationRule['conditions'],
    event: { type: 'automation-matched', params: { automation: 'ring' } },
  };
}

/** How each leaf of a case comes out by itself. */
export function leafAnswers({
  condition,
  facts,
}: RuleCase): { readonly leaf: LeafCondition; readonly holds: boolean }[] {
  const values = new Map(facts);
  return leavesOf(condition).map((leaf) => ({ leaf, holds: compileLeaf(leaf)(values.get(leaf.fact)) }));
}
