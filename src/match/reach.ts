import type { ParsedRunMetrics } from '../event/parsed-event.js';
import { type LiveRun, slotValue } from '../window/live-run.js';
import { type FactSlot, metricAt, type WindowLayout } from '../window/window-layout.js';
import type { MeasureTable } from './measure-table.js';
import type { RuleSet } from './rule-set.js';

/**
 * The least that the measures of a run must come to for any of very many automations to match, in one row of numbers.
 * Most events do not even come to that, and their search is over.
 */
export interface Reach {
  /** The layout of the runs for which it is. */
  readonly layout: WindowLayout;
  /** For each slot of the layout: what its value must reach, or its value with the sign turned, or its magnitude. */
  readonly limits: Float64Array;
  /** The slots that count whatever metrics an event names: an automation on several metrics rests on one of them. */
  readonly always: readonly FactSlot[];
  /** It tells of all automations; else not of those that stand behind a field. */
  readonly isWhole: boolean;
}

/** How many limits a slot has. */
const limitsEach = 3;

/**
 * Reads off automations what must be reached for those that do not stand behind a field.
 *
 * @returns `undefined` when an automation may match whatever the metrics are.
 */
export function reachOf(rules: readonly RuleSet[], layout: WindowLayout): Reach | undefined {
  const limits = new Float64Array(layout.slots.size * limitsEach).fill(Number.POSITIVE_INFINITY);
  const always = new Set<FactSlot>();
  for (const { direct } of rules) {
    if (direct.untriggered !== undefined) return undefined;
    for (const [name, table] of direct.triggers) {
      const slots = lower(limits, table, layout);
      if (slots === undefined) return undefined;
      for (const slot of slots) if (slot.fact.name !== name) always.add(slot);
    }
  }
  return { layout, limits, always: [...always], isWhole: rules.every(({ fields }) => fields.size === 0) };
}

/** Lowers limits to those of a table, and says of which slots they are; `undefined` where limits do not tell all. */
function lower(limits: Float64Array, { anyway, measures }: MeasureTable, layout: WindowLayout): FactSlot[] | undefined {
  if (anyway !== undefined) return undefined;
  const slots: FactSlot[] = [];
  for (const { fact, atLeast, atMost, magnitude, equals } of measures) {
    const slot = layout.slots.get(fact.id);
    if (slot === undefined) return undefined;
    slots.push(slot);
    const at = slot.index * limitsEach;
    const lowerTo = (offset: number, limit: number): void => {
      limits[at + offset] = Math.min(limits[at + offset] as number, limit);
    };
    lowerTo(0, atLeast?.limits[0] ?? Number.POSITIVE_INFINITY);
    lowerTo(1, atMost?.limits[0] ?? Number.POSITIVE_INFINITY);
    lowerTo(2, magnitude?.limits[0] ?? Number.POSITIVE_INFINITY);
    // What equals a value is neither above nor below it: whichever of the two is rarer; false is no more than 0.
    for (const value of equals?.keys() ?? []) {
      if (value === false) lowerTo(1, 0);
      else lowerTo(0, Number(value));
    }
  }
  return slots;
}

/** Whether a run whose layout it is for comes to what an automation needs, with the metrics that an event names. */
export function isReached(reach: Reach, event: ParsedRunMetrics, run: LiveRun): boolean {
  const { names } = event.metrics;
  for (let index = 0; index < names.length; index += 1) {
    const metric = metricAt(reach.layout, names[index] as string, index);
    if (metric !== undefined && isOneReached(reach, run, metric.slots)) return true;
  }
  return isOneReached(reach, run, reach.always);
}

function isOneReached({ limits }: Reach, run: LiveRun, slots: readonly FactSlot[]): boolean {
  for (const slot of slots) {
    const at = slot.index * limitsEach;
    const least = limits[at] as number;
    const leastTurned = limits[at + 1] as number;
    const leastMagnitude = limits[at + 2] as number;
    // What nobody waits for need not be measured.
    if (Math.min(least, leastTurned, leastMagnitude) === Number.POSITIVE_INFINITY) continue;
    const value = slotValue(run, slot);
    // What can't be told passes no question to a metric.
    if (value === undefined) continue;
    const number = Number(value);
    if (number >= least || -number >= leastTurned || Math.abs(number) >= leastMagnitude) return true;
  }
  return false;
}
