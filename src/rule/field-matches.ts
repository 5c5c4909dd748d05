import { RE2JS } from 're2js';

/** Longer texts are cut before they are searched. */
const longestInput = 4096;

/** Patterns come from definitions, of which there are many alike; the least recently used one goes. */
const largestCache = 1000;
const compiled = new Map<string, RE2JS>();

/**
 * Whether an RE2 pattern is found in a text: unanchored, case-sensitive, in linear time.
 *
 * @param text - The text; only its first 4,096 characters are searched.
 * @param pattern - A pattern that `parseAutomation` has accepted.
 */
export function fieldMatches(text: string, pattern: string): boolean {
  return regularExpression(pattern).test(text.slice(0, longestInput));
}

function regularExpression(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  const expression = known ?? RE2JS.compile(pattern);
  if (known !== undefined) compiled.delete(pattern);
  compiled.set(pattern, expression);
  if (compiled.size > largestCache) {
    const [oldest] = compiled.keys();
    if (oldest !== undefined) compiled.delete(oldest);
  }
  return expression;
}
