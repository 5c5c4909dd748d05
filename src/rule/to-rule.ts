import type { AutomationDefinition } from '../definition/automation.js';
import { type Filter, filterLeaves, toFilter } from '../definition/filter.js';
import { type RuleCondition, stateGuard, toConditions } from './conditions.js';

/** The json-rules-engine rule of an automation, as plain JSON: a `RuleProperties` of json-rules-engine. */
export interface AutomationRule {
  readonly name: string;
  readonly conditions: { all: RuleCondition[] } | { any: RuleCondition[] };
  readonly event: { type: 'automation-matched'; params: { automation: string } };
}

/**
 * Compiles an automation to its json-rules-engine rule.
 *
 * Every leaf of the filter becomes one condition on one fact, with our {@link operators}; facts are named
 * `field:alias`, `state`, `metric:last:accuracy`, `metric:avg:5:accuracy`. The scope and the policy are no part of the rule.
 *
 * @param automation - A definition that {@link parseAutomation} has accepted, or a stored automation.
 * @returns The rule, as plain JSON.
 * @example
 * {@includeCode ../../examples/bare-rule.ts}
 */
export function toRule(automation: AutomationDefinition): AutomationRule {
  return ruleOf(automation, toFilter(automation.event.filter));
}

/** {@link toRule} for a filter whose tree is there already. */
export function ruleOf(automation: AutomationDefinition, filter: Filter): AutomationRule {
  const condition = toConditions(filter);
  return {
    name: automation.name,
    conditions: topLevel(automation.event.type === 'run.state' ? { all: [guardFor(filter), condition] } : condition),
    event: { type: 'automation-matched', params: { automation: automation.name } },
  };
}

function guardFor(filter: Filter): RuleCondition {
  const leaves = filterLeaves(filter);
  return stateGuard(new Set(leaves.flatMap((leaf) => (leaf.type === 'state' ? leaf.states : []))));
}

function topLevel(condition: RuleCondition): AutomationRule['conditions'] {
  if ('all' in condition) return { all: [...condition.all] };
  if ('any' in condition) return { any: [...condition.any] };
  return { all: [condition] };
}
