import type { FieldFact, StateFact } from '../rule/fact.js';
import type { BoundedMemory } from './bounded-memory.js';
import { type FactSource, readFact } from './facts.js';
import type { FieldAccess } from './field-access.js';
import { createPatternTable, dropPattern, openPattern, type PatternTable, searchPatterns } from './pattern-table.js';
import type { Entry, Search } from './search.js';
import {
  addToTriggers,
  createTriggerTable,
  removeFromTriggers,
  searchTriggers,
  type TriggerTable,
  type Wait,
} from './trigger-table.js';

/** Automations by what a field of the event must be. The field is read once, however many wait for it. */
export interface FieldTable {
  readonly fact: FieldFact | StateFact;
  /** By a value that the field must have among its elements: a Map finds what `===` and `includes` call equal. */
  readonly values: Map<unknown, TriggerTable>;
  readonly patterns: PatternTable;
}

/** Makes an empty table for a field. */
export function createFieldTable(fact: FieldFact | StateFact, memory: BoundedMemory): FieldTable {
  return { fact, values: new Map(), patterns: createPatternTable(memory) };
}

/** Puts an automation in. */
export function addToField(field: FieldTable, access: FieldAccess, wait: Wait, entry: Entry): void {
  const { values, patterns } = field;
  if (access.type === 'pattern') {
    addToTriggers(openPattern(patterns, access.pattern), wait, entry);
  } else {
    const table = values.get(access.value) ?? createTriggerTable();
    values.set(access.value, table);
    addToTriggers(table, wait, entry);
  }
}

/** Takes an automation out that was put in with the same access and wait. */
export function removeFromField(field: FieldTable, access: FieldAccess, wait: Wait, entry: Entry): void {
  const table = tableOf(field, access);
  if (table === undefined) return;
  removeFromTriggers(table, wait, entry);
  if (table.size > 0) return;
  if (access.type === 'pattern') dropPattern(field.patterns, access.pattern);
  else field.values.delete(access.value);
}

/** How many automations stand behind an access. */
export function crowdBehind(field: FieldTable, access: FieldAccess): number {
  return tableOf(field, access)?.size ?? 0;
}

/** Whether nothing waits for the field any more. */
export function isUnasked({ values, patterns }: FieldTable): boolean {
  return values.size === 0 && patterns.entries.length === 0;
}

/** Finds the automations that may match with the field as it is. */
export function searchField({ fact, values, patterns }: FieldTable, source: FactSource, search: Search): void {
  const value = readFact(fact, source);
  if (value === undefined) return;
  if (values.size > 0) {
    if (Array.isArray(value)) for (const element of value) searchValue(values, element, source, search);
    else searchValue(values, value, source, search);
  }
  if (patterns.entries.length > 0) searchPatterns(patterns, value, source, search);
}

function searchValue(
  values: ReadonlyMap<unknown, TriggerTable>,
  value: unknown,
  source: FactSource,
  search: Search,
): void {
  const table = values.get(value);
  if (table !== undefined) searchTriggers(table, source, search);
}

function tableOf({ values, patterns }: FieldTable, access: FieldAccess): TriggerTable | undefined {
  return access.type === 'pattern' ? patterns.byPattern.get(access.pattern)?.table : values.get(access.value);
}
