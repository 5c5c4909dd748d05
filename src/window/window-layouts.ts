import type { MetricFact } from '../rule/fact.js';
import { createWindowLayout, type WindowLayout } from './window-layout.js';

type Plan = readonly MetricFact[];

/** Gives the layout of what some plans measure together: the same for the same facts, whatever plans they stand in. */
export type WindowLayouts = (plans: readonly Plan[]) => WindowLayout;

/** A layout of some plans, and what follows when one more stands after them. */
interface Followed {
  layout: WindowLayout | undefined;
  readonly next: WeakMap<Plan, Followed>;
}

/** How many facts there are in the layouts that are remembered by what they measure; beyond, these are made anew. */
const largestCache = 50_000;

/**
 * Makes what remembers layouts, so that runs share them: by the plans, since many runs follow the same, and by the facts,
 * since many plans ask the same.
 */
export function createWindowLayouts(): WindowLayouts {
  const root: Followed = { layout: undefined, next: new WeakMap() };
  const byFacts = new Map<string, WindowLayout>();
  let remembered = 0;

  const ofFacts = (plans: readonly Plan[]): WindowLayout => {
    const facts = new Map<string, MetricFact>();
    for (const plan of plans) for (const fact of plan) facts.set(fact.id, fact);
    const key = JSON.stringify([...facts.keys()].sort());
    const known = byFacts.get(key);
    if (known !== undefined) return known;
    remembered += facts.size;
    if (remembered > largestCache) {
      byFacts.clear();
      remembered = facts.size;
    }
    const layout = createWindowLayout(facts.values());
    byFacts.set(key, layout);
    return layout;
  };

  return (plans) => {
    let followed = root;
    for (const plan of plans) {
      const next: Followed = followed.next.get(plan) ?? { layout: undefined, next: new WeakMap() };
      followed.next.set(plan, next);
      followed = next;
    }
    followed.layout ??= ofFacts(plans);
    return followed.layout;
  };
}
