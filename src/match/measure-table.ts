import type { MetricFact } from '../rule/fact.js';
import type { FactSource } from './facts.js';
import { firstIndex } from './first-index.js';
import type { LimitAccess, MetricAccess } from './metric-access.js';
import { type Entry, findAll, type Search } from './search.js';
import { addThreshold, createThresholds, findReached, removeThreshold, type Thresholds } from './thresholds.js';

/**
 * Automations by what a measure of a metric must be. Each measure is read once, however many wait for it. There are
 * many tables, so what is not needed is left out.
 */
export interface MeasureTable {
  /** Those that may match whatever the metrics are. */
  anyway: Entry[] | undefined;
  /** In the order of their facts' ids. */
  readonly measures: Measure[];
}

/** The automations that wait for one measure. */
export interface Measure {
  readonly fact: MetricFact;
  /** How many places are taken. */
  size: number;
  atLeast: Thresholds | undefined;
  /** With the signs of the limits turned, so that these too are reached from below. */
  atMost: Thresholds | undefined;
  magnitude: Thresholds | undefined;
  equals: Map<unknown, Entry[]> | undefined;
}

/** Makes an empty table. */
export function createMeasureTable(): MeasureTable {
  return { anyway: undefined, measures: [] };
}

/** Whether no automation stands in a table. */
export function isEmptyTable({ anyway, measures }: MeasureTable): boolean {
  return anyway === undefined && measures.length === 0;
}

/**
 * Puts an automation in.
 *
 * @param accesses - What it can't match without; `undefined`: it may match whatever the metrics are.
 */
export function addToMeasures(table: MeasureTable, accesses: readonly MetricAccess[] | undefined, entry: Entry): void {
  if (accesses === undefined) {
    table.anyway ??= [];
    table.anyway.push(entry);
  }
  for (const access of accesses ?? []) {
    const { fact } = access;
    const index = indexOfFact(table, fact.id);
    let measure = table.measures[index];
    if (measure?.fact.id !== fact.id) {
      measure = { fact, size: 0, atLeast: undefined, atMost: undefined, magnitude: undefined, equals: undefined };
      table.measures.splice(index, 0, measure);
    }
    addToMeasure(measure, access, entry);
  }
}

/** Takes an automation out that was put in with the same accesses. */
export function removeFromMeasures(
  table: MeasureTable,
  accesses: readonly MetricAccess[] | undefined,
  entry: Entry,
): void {
  if (accesses === undefined && table.anyway !== undefined) {
    removeEntry(table.anyway, entry);
    if (table.anyway.length === 0) table.anyway = undefined;
  }
  for (const access of accesses ?? []) {
    const index = indexOfFact(table, access.fact.id);
    const measure = table.measures[index];
    if (measure?.fact.id !== access.fact.id) continue;
    removeFromMeasure(measure, access, entry);
    if (measure.size === 0) table.measures.splice(index, 1);
  }
}

/** The index of the first measure whose fact's id is not before this one. */
function indexOfFact({ measures }: MeasureTable, id: string): number {
  return firstIndex(measures.length, (index) => (measures[index] as Measure).fact.id < id);
}

/** Finds the automations that may match with the metrics as they are. */
export function searchMeasures({ anyway, measures }: MeasureTable, source: FactSource, search: Search): void {
  if (anyway !== undefined) findAll(search, anyway);
  for (const measure of measures) {
    const value = source.window(measure.fact);
    // What can't be told passes no question to a metric.
    if (value !== undefined) searchMeasure(measure, value, search);
  }
}

/** Finds the automations that wait for what a measure is. */
export function searchMeasure(measure: Measure, value: number | boolean, search: Search): void {
  const { atLeast, atMost, magnitude, equals } = measure;
  if (typeof value === 'number') {
    if (atLeast !== undefined) findReached(atLeast, value, search);
    if (atMost !== undefined) findReached(atMost, -value, search);
    if (magnitude !== undefined) findReached(magnitude, Math.abs(value), search);
  }
  const equal = equals?.get(value);
  if (equal !== undefined) findAll(search, equal);
}

function addToMeasure(measure: Measure, access: MetricAccess, entry: Entry): void {
  measure.size += 1;
  if (access.test === 'equals') {
    measure.equals ??= new Map();
    const equal = measure.equals.get(access.value) ?? [];
    measure.equals.set(access.value, equal);
    equal.push(entry);
    return;
  }
  const thresholds = measure[access.test];
  if (thresholds === undefined) measure[access.test] = createThresholds(signedLimit(access), entry);
  else addThreshold(thresholds, signedLimit(access), entry);
}

function removeFromMeasure(measure: Measure, access: MetricAccess, entry: Entry): void {
  measure.size -= 1;
  if (access.test !== 'equals') {
    const thresholds = measure[access.test];
    if (thresholds !== undefined) removeThreshold(thresholds, signedLimit(access), entry);
    return;
  }
  const equal = measure.equals?.get(access.value);
  if (equal === undefined) return;
  removeEntry(equal, entry);
  if (equal.length === 0) measure.equals?.delete(access.value);
}

function signedLimit({ test, limit }: LimitAccess): number {
  return test === 'atMost' ? -limit : limit;
}

function removeEntry(entries: Entry[], entry: Entry): void {
  const index = entries.indexOf(entry);
  if (index >= 0) entries.splice(index, 1);
}
