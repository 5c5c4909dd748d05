import { firstIndex } from './first-index.js';
import { type Entry, find, type Search } from './search.js';

/** Automations by the number that a measure must reach, lowest first, so that one look tells when none is reached. */
export interface Thresholds {
  readonly limits: number[];
  /** The automation of the limit with the same index. */
  readonly entries: Entry[];
}

/** Makes a list of one: most are no longer, and these take the least room. */
export function createThresholds(limit: number, entry: Entry): Thresholds {
  return { limits: [limit], entries: [entry] };
}

/** Puts an automation at its place; any number may wait for the same limit. */
export function addThreshold({ limits, entries }: Thresholds, limit: number, entry: Entry): void {
  const index = indexOfLimit(limits, limit);
  limits.splice(index, 0, limit);
  entries.splice(index, 0, entry);
}

/** Takes an automation out of its place. */
export function removeThreshold({ limits, entries }: Thresholds, limit: number, entry: Entry): void {
  const index = entries.indexOf(entry, indexOfLimit(limits, limit));
  if (index < 0) return;
  limits.splice(index, 1);
  entries.splice(index, 1);
}

/** Finds the automations whose limit a number reaches; NaN reaches none. */
export function findReached({ limits, entries }: Thresholds, value: number, search: Search): void {
  for (let index = 0; index < limits.length && (limits[index] as number) <= value; index += 1) {
    find(search, entries[index] as Entry);
  }
}

/** The index of the first limit that is not below this one. */
function indexOfLimit(limits: readonly number[], limit: number): number {
  return firstIndex(limits.length, (index) => (limits[index] as number) < limit);
}
