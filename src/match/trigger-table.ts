import type { MetricValues } from '../event/metric-values.js';
import type { FactSource } from './facts.js';
import {
  addToMeasures,
  createMeasureTable,
  isEmptyTable,
  type MeasureTable,
  removeFromMeasures,
  searchMeasures,
} from './measure-table.js';
import type { MetricAccess } from './metric-access.js';
import type { Entry, Search } from './search.js';

/** What an automation waits for, besides its fields. */
export interface Wait {
  /** Its metrics: an event must name one of them. `undefined`: any event of its type will do. */
  readonly triggers: readonly string[] | undefined;
  /** What it can't match without; `undefined`: it may match whatever the metrics are. */
  readonly metrics: readonly MetricAccess[] | undefined;
}

/** Automations by the metrics that an event must name, since only what is logged anew can ring. */
export interface TriggerTable {
  /** How many places are taken. */
  size: number;
  /** The number of the last search that came here: several values of a field may lead to one table. */
  searchedIn: number;
  /** Those of events that need name none. */
  untriggered: MeasureTable | undefined;
  readonly triggers: Map<string, MeasureTable>;
}

/** With so many metrics in an event it is worth the while to look for the metrics of a table among them. */
const manyNames = 32;

/** Makes an empty table. */
export function createTriggerTable(): TriggerTable {
  return { size: 0, searchedIn: 0, untriggered: undefined, triggers: new Map() };
}

/** Puts an automation in. */
export function addToTriggers(table: TriggerTable, { triggers, metrics }: Wait, entry: Entry): void {
  if (triggers === undefined) {
    table.untriggered ??= createMeasureTable();
    addToMeasures(table.untriggered, metrics, entry);
  }
  for (const name of triggers ?? []) {
    const measures = table.triggers.get(name) ?? createMeasureTable();
    table.triggers.set(name, measures);
    addToMeasures(measures, metrics, entry);
  }
  table.size += 1;
}

/** Takes an automation out that was put in with the same wait. */
export function removeFromTriggers(table: TriggerTable, { triggers, metrics }: Wait, entry: Entry): void {
  if (triggers === undefined && table.untriggered !== undefined) {
    removeFromMeasures(table.untriggered, metrics, entry);
    if (isEmptyTable(table.untriggered)) table.untriggered = undefined;
  }
  for (const name of triggers ?? []) {
    const measures = table.triggers.get(name);
    if (measures === undefined) continue;
    removeFromMeasures(measures, metrics, entry);
    if (isEmptyTable(measures)) table.triggers.delete(name);
  }
  table.size -= 1;
}

/** Finds the automations that an event may make match. */
export function searchTriggers(table: TriggerTable, source: FactSource, search: Search): void {
  if (table.searchedIn === search.number) return;
  table.searchedIn = search.number;
  if (table.untriggered !== undefined) searchMeasures(table.untriggered, source, search);
  if (table.triggers.size > 0 && source.event.type === 'run.metrics') {
    searchNamed(table, source.event.metrics, source, search);
  }
}

/** Walks the names of the event, or those of the table where they are fewer. */
function searchNamed({ triggers }: TriggerTable, metrics: MetricValues, source: FactSource, search: Search): void {
  if (metrics.names.length < manyNames || metrics.names.length <= triggers.size) {
    for (const name of metrics.names) {
      const measures = triggers.get(name);
      if (measures !== undefined) searchMeasures(measures, source, search);
    }
    return;
  }
  const names = namesIn(search, metrics);
  for (const [name, measures] of triggers) {
    if (names.has(name)) searchMeasures(measures, source, search);
  }
}

/** The names of the event, gathered once for all tables that are searched for it. */
function namesIn(search: Search, { names }: MetricValues): ReadonlySet<string> {
  search.names ??= new Set(names);
  return search.names;
}
