import type { WindowLayout } from '../window/window-layout.js';
import type { BoundedMemory } from './bounded-memory.js';
import { type Reach, reachOf } from './reach.js';
import type { RuleSet } from './rule-set.js';

/** What must be reached at a place, by the layouts of its runs. */
export interface Reaches {
  /** `undefined` where it can't be told, or is not worth the while: then all is searched. */
  of(layout: WindowLayout | undefined): Reach | undefined;
  /** Forgets everything: automations have changed. */
  clear(): void;
}

/** How many layouts the runs of a place have at once, before and after changes of its automations. */
const mostLayouts = 4;

/** How many slots count as one entry of the memory. */
const slotsEach = 16;

/**
 * Makes what remembers reaches.
 *
 * To read one takes a look at every automation. So that creating many one by one, with events in between, does not take one
 * for each, the first event after a change goes without.
 *
 * @param rules - Gives the automations of the place.
 * @param memory - Bounds the reaches of all places.
 */
export function createReaches(rules: () => readonly RuleSet[], memory: BoundedMemory): Reaches {
  const known = new Map<WindowLayout, Reach | 'none'>();
  let isFresh = true;

  const read = (layout: WindowLayout): Reach | 'none' => {
    const reach = reachOf(rules(), layout) ?? 'none';
    known.set(layout, reach);
    for (let slots = 0; slots <= layout.slots.size; slots += slotsEach) memory.keep(known, layout);
    return reach;
  };

  return {
    of(layout) {
      if (layout === undefined) return undefined;
      let reach = known.get(layout);
      if (reach === undefined) {
        if (isFresh || known.size === mostLayouts) {
          isFresh = false;
          return undefined;
        }
        reach = read(layout);
      }
      return reach === 'none' ? undefined : reach;
    },
    clear() {
      isFresh = true;
      known.clear();
    },
  };
}
