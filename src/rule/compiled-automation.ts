import type { Automation } from '../definition/automation.js';
import { durationMs } from '../definition/duration.js';
import type { Filter } from '../definition/filter.js';
import { filterLeaves, isMetricLeaf, toFilter } from '../definition/filter-tree.js';
import { defaultCooldown, type PolicyPer } from '../definition/policy.js';
import { type Fact, fieldFact, type MetricFact, metricFact, stateFact } from './fact.js';
import { compileGate, type Gate } from './gate.js';
import type { RuleCondition } from './rule-condition.js';
import { ruleOf } from './to-rule.js';
import { bindRule, type Judge } from './verdict.js';

/** An automation, ready to be matched. */
export interface CompiledAutomation {
  readonly automation: Automation;
  readonly filter: Filter;
  /** What its rule asks, as json-rules-engine is told. */
  readonly conditions: RuleCondition;
  /** Every fact that the rule asks for, once; the gate takes their values in this order. */
  readonly facts: readonly Fact[];
  readonly metricFacts: readonly MetricFact[];
  /** The metrics that the filter names; a run-metrics event without any of them is none of its business. */
  readonly metricNames: ReadonlySet<string>;
  readonly gate: Gate;
  readonly judge: Judge;
  readonly cooldown: CompiledCooldown;
  readonly rateLimit: CompiledRateLimit | undefined;
}

/** A cooldown with nothing left open; 0 milliseconds: every match fires. */
interface CompiledCooldown {
  readonly ms: number;
  readonly per: PolicyPer;
  /** Tells it from every other cooldown. */
  readonly holder: string;
}

/** A rate limit with nothing left open. */
interface CompiledRateLimit {
  readonly max: number;
  readonly windowMs: number;
  readonly per: PolicyPer;
}

/** Compiles a stored automation. */
export function compileAutomation(automation: Automation): CompiledAutomation {
  const filter = toFilter(automation.event.filter);
  const rule = ruleOf(automation, filter);
  const facts = factsOf(automation, filter);
  const metricFacts = facts.filter((fact) => fact.type === 'metric');
  return Object.freeze({
    automation,
    filter,
    conditions: rule.conditions,
    facts,
    metricFacts,
    metricNames: new Set(metricFacts.map((fact) => fact.name)),
    gate: compileGate(
      rule.conditions,
      facts.map(({ id }) => id),
    ),
    judge: bindRule(rule),
    cooldown: cooldownOf(automation),
    rateLimit: rateLimitOf(automation),
  });
}

function cooldownOf({ id, event, policy = {} }: Automation): CompiledCooldown {
  const usual = defaultCooldown(event.type);
  const per = policy.per ?? usual.per;
  return { ms: durationMs(policy.cooldown ?? usual.cooldown), per, holder: `${per} ${id}` };
}

function rateLimitOf({ policy }: Automation): CompiledRateLimit | undefined {
  if (policy?.rateLimit === undefined) return undefined;
  const { max, window, per = 'automation' } = policy.rateLimit;
  return { max, windowMs: durationMs(window), per };
}

function factsOf(automation: Automation, filter: Filter): readonly Fact[] {
  const facts = new Map<string, Fact>();
  if (automation.event.type === 'run.state') facts.set(stateFact.id, stateFact);
  for (const leaf of filterLeaves(filter)) {
    const fact = leaf.type === 'field' ? fieldFact(leaf.field) : isMetricLeaf(leaf) ? metricFact(leaf) : stateFact;
    facts.set(fact.id, fact);
  }
  return [...facts.values()];
}
