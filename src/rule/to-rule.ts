import type { AutomationDefinition } from '../definition/automation.js';
import type { Filter } from '../definition/filter.js';
import { filterLeaves, toFilter } from '../definition/filter-tree.js';
import { stateGuard, toConditions } from './conditions.js';
import type { RuleCondition } from './rule-condition.js';

/** The json-rules-engine rule of an automation, as plain JSON: a `RuleProperties` of json-rules-engine. */
export interface AutomationRule {
  readonly name: string;
  readonly conditions: { all: RuleCondition[] } | { any: RuleCondition[] };
  readonly event: { type: 'automation-matched'; params: { automation: string } };
}

/**
 * Compiles an automation to its json-rules-engine rule.
 *
 * Every leaf of the filter becomes one condition on one fact, with our {@link operators}. A fact that can't be told is left
 * out. The scope and the policy are no part of the rule.
 *
 * | fact | its value |
 * | --- | --- |
 * | `field:alias`, `field:config.lr` | the field: a single value or a list |
 * | `state` | a list of the state, with `failed` beside `crashed` |
 * | `metric:last:loss` | the last value |
 * | `metric:avg:5:loss`, `metric:min:5/3:loss` | an aggregate of the last 5 values, with at least 3 of them |
 * | `metric:finite:loss` | whether the last value is finite |
 * | `metric:change:relative:avg:5:10:loss` | how far the mean of the last 5 is from that of the 10 before, as a fraction |
 * | `metric:zscore:run:30:loss` | how many standard deviations the last value is from the mean of the 30 before |
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
