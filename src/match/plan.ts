import type { MetricFact } from '../rule/fact.js';
import type { WindowPlan } from '../window/live-run.js';

/** The facts that automations ask for, each with how many ask for it. */
export type AskedFacts = Map<string, AskedFact>;

interface AskedFact {
  readonly fact: MetricFact;
  askers: number;
}

/** The plan of a run that nothing is measured of. */
export const emptyPlan: WindowPlan = Object.freeze([]);

/** Counts the facts of an automation. */
export function askFor(asked: AskedFacts, facts: readonly MetricFact[]): void {
  for (const fact of facts) {
    const known = asked.get(fact.id);
    if (known === undefined) asked.set(fact.id, { fact, askers: 1 });
    else known.askers += 1;
  }
}

/** Takes the facts of an automation back. */
export function askNoMore(asked: AskedFacts, facts: readonly MetricFact[]): void {
  for (const { id } of facts) {
    const known = asked.get(id);
    if (known === undefined) continue;
    known.askers -= 1;
    if (known.askers === 0) asked.delete(id);
  }
}

/** A plan of all the facts that are asked for. */
export function planOf(asked: AskedFacts): WindowPlan {
  const plan: MetricFact[] = [];
  for (const { fact } of asked.values()) plan.push(fact);
  return plan;
}

/** A plan, and where it comes from. */
export interface PlanSource {
  readonly plan: WindowPlan;
  /** The version of the index at which the plan was made. */
  readonly since: number;
  asks(factId: string): boolean;
}

/**
 * A plan of the facts of two, each once. It is the one before, if it has the same facts, or else that of one of these:
 * the older one, which runs may follow already.
 */
export function joinPlans(wider: PlanSource, own: PlanSource, before: WindowPlan): WindowPlan {
  const added = wider.plan.length === 0 ? own.plan : own.plan.filter(({ id }) => !wider.asks(id));
  const size = wider.plan.length + added.length;
  if (before.length === size && before.every(({ id }) => wider.asks(id) || own.asks(id))) return before;
  const [older, newer] = wider.since <= own.since ? [wider.plan, own.plan] : [own.plan, wider.plan];
  if (older.length === size) return older;
  return newer.length === size ? newer : wider.plan.concat(added);
}
