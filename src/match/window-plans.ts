import type { EventType } from '../definition/event-type.js';
import type { ScopePlace } from '../definition/scope.js';
import type { MetricFact } from '../rule/fact.js';
import type { WindowPlan } from '../window/live-run.js';
import type { AutomationIndex } from './automation-index.js';

/** The types of event whose filters may ask for metrics of a run. */
export const metricReaders: readonly EventType[] = ['run.metrics', 'run.state'];

/** How many places' plans are remembered; beyond, all are made anew. */
const largestCache = 10_000;

/**
 * Says which windows the runs at a place need: those of every automation that watches it, enabled or not, so that
 * enabling one in mid-run works at once.
 *
 * @returns A function that gives the same plan object as long as no automation changes and the place is remembered.
 */
export function createWindowPlans(index: AutomationIndex): (place: ScopePlace) => WindowPlan {
  const plans = new Map<string, WindowPlan>();
  let version = index.version;
  return (place) => {
    if (version !== index.version || plans.size > largestCache) {
      plans.clear();
      version = index.version;
    }
    const key = JSON.stringify([place.organization, place.entity, place.project, place.registry]);
    const plan = plans.get(key) ?? makePlan(index, place);
    plans.set(key, plan);
    return plan;
  };
}

function makePlan(index: AutomationIndex, place: ScopePlace): WindowPlan {
  const facts = new Map<string, MetricFact>();
  for (const { metricFacts } of index.watching(metricReaders, place)) {
    for (const fact of metricFacts) facts.set(fact.id, fact);
  }
  return [...facts.values()];
}
