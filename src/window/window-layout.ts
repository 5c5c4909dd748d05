import type { Measure, MetricFact } from '../rule/fact.js';
import { folds } from './fold.js';
import { type MeasureSource, valuesNeeded } from './measured.js';
import { bindToPage, type PageReader } from './page-reader.js';
import { type Memory, type Ring, ringHeader } from './ring.js';
import { scanSource } from './scan-source.js';

/** Numbers that a run takes all at once, at the first value that goes there. */
interface Page {
  readonly memory: Memory;
  /** How many numbers it has. */
  size: number;
}

/** Where a metric's values lie. */
interface RingPlace {
  readonly ring: Ring;
  /** On which page. */
  readonly page: number;
}

/** What is measured of a metric, among all that is. */
export interface FactSlot {
  /** From 0; each fact of a layout has another. */
  readonly index: number;
  readonly fact: MetricFact;
  /** `undefined` where a run needs a series of its own. */
  readonly reader: PageReader | undefined;
}

/** What is kept of one metric. */
export interface MetricLayout {
  readonly name: string;
  /** What is measured of it, each once. */
  readonly facts: readonly MetricFact[];
  readonly slots: readonly FactSlot[];
  /** Where a run's values lie; `undefined` where a run needs a series of its own. */
  readonly place: RingPlace | undefined;
}

/**
 * How the windows of a run are laid out in its numbers; made once for all runs that measure the same.
 *
 * Values are read and written through the memory of a page, so a run lends its numbers first, each time.
 */
export interface WindowLayout {
  readonly pages: readonly Page[];
  readonly metrics: ReadonlyMap<string, MetricLayout>;
  /** The metrics that were found last, by their positions in events. See {@link metricAt}. */
  readonly found: (MetricLayout | undefined)[];
  /** All that is measured, by the ids of the facts. */
  readonly slots: ReadonlyMap<string, FactSlot>;
  /** How many windows there are; equal ones of a metric count once. */
  readonly windows: number;
}

/** What is in the memory of a page that no run has lent. */
export const noNumbers = new Float64Array(0);

/** How many numbers make a page, about: a run that logs few of many metrics shall not take room for all. */
const pageSize = 1024;

/**
 * Lays out what is to be measured of a run. Metrics of which nothing need be kept beside their values lie on pages, all
 * others need series of their own.
 */
export function createWindowLayout(facts: Iterable<MetricFact>): WindowLayout {
  const pages: Page[] = [];
  const metrics = new Map<string, MetricLayout>();
  const slots = new Map<string, FactSlot>();
  let windows = 0;
  for (const [name, ofMetric] of byName(facts)) {
    const isOnPage = ofMetric.every(({ measure }) => isReadAnew(measure));
    const place = placeOf(isOnPage ? pages : [], ofMetric);
    const { source, asked } = countWindows(scanSource(place.ring, []));
    const ofName = ofMetric.map((fact, number): FactSlot => {
      const reader = bindToPage(fact.measure, place.ring, place.page, source);
      return { index: slots.size + number, fact, reader: isOnPage ? reader : undefined };
    });
    for (const slot of ofName) slots.set(slot.fact.id, slot);
    metrics.set(name, { name, facts: ofMetric, slots: ofName, place: isOnPage ? place : undefined });
    windows += asked.size;
  }
  return { pages, metrics, found: [], slots, windows };
}

/** How many positions are remembered. */
const mostFound = 256;

/**
 * Finds what is kept of a metric of an event; `undefined` where nothing is.
 *
 * @param position - Where its name stands in the event: mostly the same one stood there before.
 */
export function metricAt({ metrics, found }: WindowLayout, name: string, position: number): MetricLayout | undefined {
  const before = found[position];
  if (before?.name === name) return before;
  const metric = metrics.get(name);
  if (metric !== undefined && position < mostFound) found[position] = metric;
  return metric;
}

/** The layout of a run that nothing is measured of. */
export const emptyLayout = createWindowLayout([]);

function byName(facts: Iterable<MetricFact>): ReadonlyMap<string, readonly MetricFact[]> {
  const byName = new Map<string, MetricFact[]>();
  for (const fact of facts) {
    const ofMetric = byName.get(fact.name);
    if (ofMetric === undefined) byName.set(fact.name, [fact]);
    else ofMetric.push(fact);
  }
  return byName;
}

/** Finds room on the last page, or on a new one. */
function placeOf(pages: Page[], facts: readonly MetricFact[]): RingPlace {
  const capacity = facts.reduce((largest, { measure }) => Math.max(largest, valuesNeeded(measure)), 1);
  const needed = ringHeader + capacity;
  let page = pages.at(-1);
  if (page === undefined || page.size + needed > pageSize) {
    page = { memory: { numbers: noNumbers }, size: 0 };
    pages.push(page);
  }
  const ring: Ring = { memory: page.memory, place: page.size, capacity };
  page.size += needed;
  return { ring, page: pages.length - 1 };
}

/** A source that remembers which windows it is asked for. */
function countWindows(source: MeasureSource): { readonly source: MeasureSource; readonly asked: ReadonlySet<string> } {
  const asked = new Set<string>();
  const counting: MeasureSource = {
    ...source,
    aggregate(aggregation, window, lag) {
      asked.add(`${aggregation}:${window}:${lag}`);
      return source.aggregate(aggregation, window, lag);
    },
    spread(window, lag) {
      asked.add(`spread:${window}:${lag}`);
      return source.spread(window, lag);
    },
  };
  return { source: counting, asked };
}

function isReadAnew(measure: Measure): boolean {
  switch (measure.type) {
    case 'aggregate':
      return measure.window <= folds[measure.aggregation].largestScan;
    case 'finiteness':
      return true;
    case 'change':
      return Math.max(measure.window, measure.priorWindow) <= folds[measure.aggregation].largestScan;
    case 'zscore':
      return false;
    default:
      return measure satisfies never;
  }
}
