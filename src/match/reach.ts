import type { ParsedRunMetrics } from '../event/parsed-event.js';
import { type LiveRun, slotValue, windowValue } from '../window/live-run.js';
import { type FactSlot, metricAt, type WindowLayout } from '../window/window-layout.js';
import { type Measure, type MeasureTable, searchMeasure } from './measure-table.js';
import type { RuleSet } from './rule-set.js';
import type { Search } from './search.js';

/**
 * The automations of a place that do not stand behind a field, laid out as the windows of its runs are: in one row of
 * numbers the least that each measure must come to for any of them to match. Most events do not even come to that, and
 * their search is over.
 */
export interface Reach {
  /** The layout of the runs for which it is. */
  readonly layout: WindowLayout;
  /** For each slot of the layout: what its value must reach, or its value with the sign turned, or its magnitude. */
  readonly limits: Float64Array;
  /** For each slot of the layout: who waits for it when an event names its metric. */
  readonly waiting: readonly Measure[][];
  /** Who waits for a measure of another metric than the event names: an automation on several metrics. */
  readonly crossing: ReadonlyMap<string, readonly Measure[]>;
  /** No automation stands behind a field. */
  readonly isWhole: boolean;
}

/** How many limits a slot has. */
const limitsEach = 3;

/**
 * Lays out the automations of a place.
 *
 * @returns `undefined` when one may match whatever the metrics are.
 */
export function reachOf(rules: readonly RuleSet[], layout: WindowLayout): Reach | undefined {
  const limits = new Float64Array(layout.slots.size * limitsEach).fill(Number.POSITIVE_INFINITY);
  const waiting = Array.from(layout.slots, (): Measure[] => []);
  const crossing = new Map<string, Measure[]>();
  const isWhole = rules.every(({ fields }) => fields.size === 0);
  const reach = { layout, limits, waiting, crossing, isWhole };
  for (const { direct } of rules) {
    if (direct.untriggered !== undefined) return undefined;
    for (const [name, table] of direct.triggers) if (!addTable(reach, name, table)) return undefined;
  }
  return reach;
}

/** Adds the automations that an event triggers by a metric; `false` where one may match whatever the metrics are. */
function addTable({ layout, limits, waiting, crossing }: Reach, name: string, table: MeasureTable): boolean {
  if (table.anyway !== undefined) return false;
  for (const measure of table.measures) {
    const slot = layout.slots.get(measure.fact.id);
    if (slot === undefined) return false;
    if (slot.fact.name === name) {
      lower(limits, slot.index * limitsEach, measure);
      waiting[slot.index]?.push(measure);
    } else {
      (crossing as Map<string, readonly Measure[]>).set(name, [...(crossing.get(name) ?? []), measure]);
    }
  }
  return true;
}

/** Lowers the limits of a slot to those of a measure. */
function lower(limits: Float64Array, at: number, { atLeast, atMost, magnitude, equals }: Measure): void {
  const lowerTo = (offset: number, limit = Number.POSITIVE_INFINITY): void => {
    limits[at + offset] = Math.min(limits[at + offset] as number, limit);
  };
  lowerTo(0, atLeast?.limits[0]);
  lowerTo(1, atMost?.limits[0]);
  lowerTo(2, magnitude?.limits[0]);
  // What equals a number is at least that; false is no more than 0.
  for (const value of equals?.keys() ?? []) {
    if (value === false) lowerTo(1, 0);
    else lowerTo(0, Number(value));
  }
}

/** Finds the automations that may match with the measures of a run as they are, of those that it lays out. */
export function searchReach(reach: Reach, event: ParsedRunMetrics, run: LiveRun, search: Search): void {
  const { layout, crossing } = reach;
  const { names } = event.metrics;
  for (let index = 0; index < names.length; index += 1) {
    const metric = metricAt(layout, names[index] as string, index);
    if (metric !== undefined) searchSlots(reach, run, metric.slots, search);
  }
  if (crossing.size > 0) for (const name of names) searchCrossing(run, crossing.get(name) ?? [], search);
}

function searchSlots({ limits, waiting }: Reach, run: LiveRun, slots: readonly FactSlot[], search: Search): void {
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
    if (number < least && -number < leastTurned && Math.abs(number) < leastMagnitude) continue;
    for (const measure of waiting[slot.index] as readonly Measure[]) searchMeasure(measure, value, search);
  }
}

function searchCrossing(run: LiveRun, measures: readonly Measure[], search: Search): void {
  for (const measure of measures) {
    const value = windowValue(run, measure.fact);
    if (value !== undefined) searchMeasure(measure, value, search);
  }
}
