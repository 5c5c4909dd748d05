import type { WindowLayout } from '../window/window-layout.js';
import { type Reach, reachOf } from './reach.js';
import type { RuleSet } from './rule-set.js';

/** What must be reached at a place, by the layouts of its runs. */
export interface Reaches {
  /** `undefined` where it can't be told, or is not worth the while yet: then all is searched. */
  of(layout: WindowLayout | undefined): Reach | undefined;
  /** Forgets everything: automations have changed. */
  clear(): void;
}

/** How many layouts the runs of a place have at once, before and after changes of its automations. */
const mostLayouts = 4;

/**
 * Makes what remembers reaches.
 *
 * To read one takes a look at every automation. So that creating many one by one, with events in between, does not take one
 * for each, the first event after a change goes without.
 *
 * @param rules - Gives the automations of the place.
 */
export function createReaches(rules: () => readonly RuleSet[]): Reaches {
  const known = new Map<WindowLayout, Reach | undefined>();
  let last: WindowLayout | undefined;
  let lastReach: Reach | undefined;
  let isFresh = true;
  return {
    of(layout) {
      if (layout === last) return lastReach;
      if (layout === undefined) return undefined;
      if (isFresh) {
        isFresh = false;
        return undefined;
      }
      if (!known.has(layout)) {
        if (known.size === mostLayouts) known.clear();
        known.set(layout, reachOf(rules(), layout));
      }
      last = layout;
      lastReach = known.get(layout);
      return lastReach;
    },
    clear() {
      isFresh = true;
      last = undefined;
      lastReach = undefined;
      known.clear();
    },
  };
}
