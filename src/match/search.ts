import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { type BoundedMemory, createBoundedMemory } from './bounded-memory.js';

/** An automation among those that can be found; the same one wherever it stands. */
export interface Entry {
  readonly compiled: CompiledAutomation;
  /** Its rank by age among all, from the oldest; NaN: only its id tells. */
  readonly rank: number;
  /** That it is found says that it matches: its gate need not be asked. */
  readonly isDecided: boolean;
  /** The number of the search that found it last. */
  foundIn: number;
}

/** A search for the candidates of an event. There is one for all events, since most find nothing. */
export interface Search {
  /** Tells it from the searches before. */
  number: number;
  found: Entry[];
  /** What does not stand behind a field has been searched already. */
  isDirectDone: boolean;
  /** The metrics that the event names, once something has asked for them as a set. */
  names: ReadonlySet<string> | undefined;
  /** Bounds what is remembered of what must be reached, at all places. */
  readonly reaches: BoundedMemory;
}

const nothing: readonly Entry[] = Object.freeze([]);

/** How many entries the reaches of all places may take: some 300,000 slots, about 70 MB. */
const mostReaches = 20_000;

/** Makes the search of an index. */
export function createSearch(): Search {
  return { number: 0, found: [], isDirectDone: false, names: undefined, reaches: createBoundedMemory(mostReaches) };
}

/** Begins a search anew. */
export function beginSearch(search: Search, isDirectDone: boolean): void {
  search.number += 1;
  search.isDirectDone = isDirectDone;
  search.names = undefined;
  if (search.found.length > 0) search.found = [];
}

/** What a search found: each automation once, oldest first. */
export function endSearch(search: Search): readonly Entry[] {
  const { found } = search;
  if (found.length === 0) return nothing;
  return found.length <= fewFound ? sortFew(found) : found.sort(byRank);
}

/** Up to so many are put in order by hand: every event of a metric that stays low comes here. */
const fewFound = 32;

/** Each is brought to its place among those before it. */
function sortFew(entries: Entry[]): readonly Entry[] {
  for (let index = 1; index < entries.length; index += 1) {
    const entry = entries[index] as Entry;
    let place = index;
    for (; place > 0 && byRank(entry, entries[place - 1] as Entry) < 0; place -= 1) {
      entries[place] = entries[place - 1] as Entry;
    }
    entries[place] = entry;
  }
  return entries;
}

/** Takes what stands under an access that holds. */
export function findAll(search: Search, entries: readonly Entry[]): void {
  for (const entry of entries) find(search, entry);
}

/** Takes an automation, unless another access has led to it. */
export function find(search: Search, entry: Entry): void {
  if (entry.foundIn === search.number) return;
  entry.foundIn = search.number;
  search.found.push(entry);
}

function byRank(left: Entry, right: Entry): number {
  // NaN where a rank is not known.
  return left.rank - right.rank || byAge(left.compiled, right.compiled);
}

/** Orders automations as they were created: their ids tell. */
export function byAge(left: CompiledAutomation, right: CompiledAutomation): number {
  return left.automation.id < right.automation.id ? -1 : 1;
}
