import type { RE2JS } from 're2js';
import { createPatternCache } from './pattern-cache.js';

/** Longer texts are cut before they are searched. */
const longestInput = 4096;

/** What may be cut least of all is kept, whatever the pattern. */
const shortestInput = 256;

/** How much work one search may be, in steps of the pattern's program times characters. */
const mostWork = 4_000_000;

/** The patterns of all automations; ten thousand of a few words take about so many bytes. */
export const patterns = createPatternCache(100_000_000);

/**
 * Whether an RE2 pattern is found in a field: unanchored, case-sensitive, in linear time, and with bounded work.
 *
 * @param fact - A text, or a list, of which one element that is a text is enough. Only the first 4,096 characters of a
 * text are searched, and with a large pattern only so many that its program steps times the characters are at most
 * 4,000,000, though never fewer than 256. A list may take as much in all; the elements beyond do not match.
 * @param pattern - A pattern that `parseAutomation` has accepted.
 */
export function fieldMatches(fact: unknown, pattern: string): boolean {
  if (typeof fact !== 'string' && !Array.isArray(fact)) return false;
  const taken = patterns.take(pattern);
  const { expression } = taken;
  // RE2 takes each character through each step.
  const characters = Math.max(shortestInput, Math.floor(mostWork / Math.max(1, expression.programSize())));
  const isFound =
    typeof fact === 'string'
      ? expression.test(fact.slice(0, Math.min(longestInput, characters)))
      : isFoundInList(fact, expression, characters);
  patterns.weigh(taken);
  return isFound;
}

function isFoundInList(list: readonly unknown[], expression: RE2JS, characters: number): boolean {
  let left = characters;
  for (const element of list) {
    if (typeof element !== 'string') continue;
    const text = element.slice(0, Math.min(longestInput, characters));
    // One that could be searched only in part is not searched: it might match where it is cut.
    if (text.length > left) return false;
    if (expression.test(text)) return true;
    left -= text.length;
  }
  return false;
}
