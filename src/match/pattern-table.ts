import { fieldMatches } from '../rule/field-matches.js';
import type { BoundedMemory } from './bounded-memory.js';
import type { FactSource } from './facts.js';
import type { Search } from './search.js';
import { createTriggerTable, searchTriggers, type TriggerTable } from './trigger-table.js';

/**
 * Automations by a pattern that must be found in a field. A text is searched for each pattern once, and what was found
 * in it is remembered: runs say the same name again and again.
 */
export interface PatternTable {
  readonly byPattern: Map<string, PatternEntry>;
  /** In the order in which they came. */
  readonly entries: PatternEntry[];
  /** Grows as patterns come and go. */
  version: number;
  readonly texts: Map<string, KnownText>;
  /** Bounds the texts of all tables. */
  readonly memory: BoundedMemory;
}

/** A pattern, and the automations behind it. */
interface PatternEntry {
  readonly pattern: string;
  /** The version that it came with. */
  readonly since: number;
  readonly table: TriggerTable;
}

/** What was found in a text. */
interface KnownText {
  /** The version that it was searched at. */
  version: number;
  found: readonly PatternEntry[];
}

/** Longer texts are not remembered, so they are not searched here either: the gates do that. */
const longestText = 256;

/** Longer lists are not gone through here. */
const longestList = 64;

/** Makes an empty table. */
export function createPatternTable(memory: BoundedMemory): PatternTable {
  return { byPattern: new Map(), entries: [], version: 0, texts: new Map(), memory };
}

/** Where the automations behind a pattern stand; it is made if it is not there. */
export function openPattern(patterns: PatternTable, pattern: string): TriggerTable {
  const known = patterns.byPattern.get(pattern);
  if (known !== undefined) return known.table;
  patterns.version += 1;
  const entry = { pattern, since: patterns.version, table: createTriggerTable() };
  patterns.byPattern.set(pattern, entry);
  patterns.entries.push(entry);
  return entry.table;
}

/** Forgets a pattern that no automation stands behind any more. */
export function dropPattern(patterns: PatternTable, pattern: string): void {
  const entry = patterns.byPattern.get(pattern);
  if (entry === undefined) return;
  patterns.version += 1;
  patterns.byPattern.delete(pattern);
  patterns.entries.splice(patterns.entries.indexOf(entry), 1);
}

/** Finds the automations whose pattern is found in a field. */
export function searchPatterns(patterns: PatternTable, value: unknown, source: FactSource, search: Search): void {
  if (typeof value === 'string') {
    searchText(patterns, value, source, search);
  } else if (Array.isArray(value)) {
    searchList(patterns, value, source, search);
  }
}

function searchList(patterns: PatternTable, list: readonly unknown[], source: FactSource, search: Search): void {
  if (list.length > longestList) {
    searchTables(patterns.entries, source, search);
    return;
  }
  for (const element of list) {
    if (typeof element === 'string') searchText(patterns, element, source, search);
  }
}

function searchText(patterns: PatternTable, text: string, source: FactSource, search: Search): void {
  const entries = text.length > longestText ? patterns.entries : foundIn(patterns, text);
  searchTables(entries, source, search);
}

function searchTables(entries: readonly PatternEntry[], source: FactSource, search: Search): void {
  for (const { table } of entries) searchTriggers(table, source, search);
}

/** The patterns that are found in a text; it is searched only for those that have come since it was last. */
function foundIn(patterns: PatternTable, text: string): readonly PatternEntry[] {
  const known = patterns.texts.get(text) ?? { version: 0, found: [] };
  if (known.version === patterns.version) return known.found;
  if (known.version === 0) {
    patterns.texts.set(text, known);
    patterns.memory.keep(patterns.texts, text);
  }
  const found = known.found.filter(({ table }) => table.size > 0);
  for (let index = patterns.entries.length - 1; index >= 0; index -= 1) {
    const entry = patterns.entries[index] as PatternEntry;
    if (entry.since <= known.version) break;
    if (fieldMatches(text, entry.pattern)) found.push(entry);
  }
  known.found = found;
  known.version = patterns.version;
  return found;
}
