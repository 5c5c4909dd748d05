import assert from 'node:assert/strict';
import { inspect, isDeepStrictEqual } from 'node:util';

/**
 * Checks a value, and says in words what is wrong with it.
 *
 * @param what - What it is, as it stands between "Expected" and the value: `the token to be`.
 */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const message = `Expected ${what} ${inLine(expected)}, got ${inLine(actual)}`;
  throw new assert.AssertionError({ message, actual, expected, operator: 'deepStrictEqual' });
}

/** A value in one line, shortened. */
export function inLine(value: unknown): string {
  const inOneLine = { compact: true, breakLength: Number.POSITIVE_INFINITY };
  const text = inspect(value, { ...inOneLine, depth: 6, maxArrayLength: 12, maxStringLength: 80 });
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
