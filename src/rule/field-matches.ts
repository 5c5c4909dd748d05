import { RE2JS } from 're2js';

/** Longer texts are cut before they are searched. */
const longestInput = 4096;

/** What may be cut least of all is kept, whatever the pattern. */
const shortestInput = 256;

/** How much work one search may be, in steps of the pattern's program times characters. */
const mostWork = 4_000_000;

/** A pattern, ready to search. */
interface CompiledPattern {
  readonly expression: RE2JS;
  /** How many characters may be searched with it in all: RE2 takes each character through each step. */
  readonly characters: number;
}

/** Patterns come from definitions, of which there are many alike; the least recently used one goes. */
const largestCache = 1000;
const compiled = new Map<string, CompiledPattern>();

/**
 * Whether an RE2 pattern is found in a field: unanchored, case-sensitive, in linear time, and with bounded work.
 *
 * @param fact - A text, or a list, of which one element that is a text is enough. Only the first 4,096 characters of a
 * text are searched, and with a large pattern only so many that its program steps times the characters are at most
 * 4,000,000, though never fewer than 256. A list may take as much in all; the elements beyond do not match.
 * @param pattern - A pattern that `parseAutomation` has accepted.
 */
export function fieldMatches(fact: unknown, pattern: string): boolean {
  const { expression, characters } = compiledPattern(pattern);
  let left = characters;
  for (const element of Array.isArray(fact) ? fact : [fact]) {
    if (typeof element !== 'string') continue;
    const text = element.slice(0, Math.min(longestInput, characters));
    // One that could be searched only in part is not searched: it might match where it is cut.
    if (text.length > left) return false;
    if (expression.test(text)) return true;
    left -= text.length;
  }
  return false;
}

function compiledPattern(pattern: string): CompiledPattern {
  const known = compiled.get(pattern);
  const entry = known ?? compile(pattern);
  if (known !== undefined) compiled.delete(pattern);
  compiled.set(pattern, entry);
  if (compiled.size > largestCache) {
    const [oldest] = compiled.keys();
    if (oldest !== undefined) compiled.delete(oldest);
  }
  return entry;
}

function compile(pattern: string): CompiledPattern {
  const expression = RE2JS.compile(pattern);
  const characters = Math.max(shortestInput, Math.floor(mostWork / Math.max(1, expression.programSize())));
  return { expression, characters };
}
