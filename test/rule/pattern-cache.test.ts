import { describe, expect, test } from 'vitest';
import { fieldMatches, patterns } from '../../src/rule/field-matches.js';
import { createPatternCache, type PatternCache } from '../../src/rule/pattern-cache.js';

/** Searches, as a field is searched. */
function search(cache: PatternCache, pattern: string, text: string): boolean {
  const taken = cache.take(pattern);
  const isFound = taken.expression.test(text);
  cache.weigh(taken);
  return isFound;
}

/** A text of `a` and `b` in which hardly any stretch comes twice. */
function scrambled(characters: number, seed: number): string {
  let state = seed;
  const next = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 2 === 0 ? 'a' : 'b';
  };
  return Array.from({ length: characters }, next).join('');
}

describe('the patterns that are kept', () => {
  test('take no more bytes than they may, however many there are', () => {
    const cache = createPatternCache(100_000);
    for (let index = 0; index < 500; index += 1) {
      expect(search(cache, `^run-${index}$`, `run-${index}`)).toBe(true);
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
    }
    expect(cache.size).toBeGreaterThan(5);
    expect(cache.size).toBeLessThan(50);
  });

  test('are those that were searched last', () => {
    const cache = createPatternCache(100_000);
    const often = cache.take('^often$');
    for (let index = 0; index < 500; index += 1) {
      search(cache, `^run-${index}$`, '');
      search(cache, '^often$', '');
    }
    expect(cache.take('^often$')).toBe(often);
  });

  test('are weighed again as texts make them grow', () => {
    const cache = createPatternCache(100_000_000);
    search(cache, '[ab]*a[ab]{14}[cd]', '');
    const before = cache.bytes;
    search(cache, '[ab]*a[ab]{14}[cd]', scrambled(4096, 1));
    expect(cache.bytes).toBeGreaterThan(before + 500_000);
    const grown = cache.bytes;
    search(cache, '[ab]*a[ab]{14}[cd]', scrambled(4096, 1));
    expect(cache.bytes).toBe(grown);
  });

  test('and made to grow without end keep within their bytes, and mean the same', () => {
    const cache = createPatternCache(2_000_000);
    for (let index = 0; index < 12; index += 1) {
      const pattern = `[ab]*a[ab]{${12 + (index % 3)}}[cd]`;
      expect(search(cache, pattern, scrambled(2048, index + 1))).toBe(false);
      expect(search(cache, pattern, `${'a'.repeat(20)}c`)).toBe(true);
      expect(cache.bytes).toBeLessThanOrEqual(2_000_000);
    }
  });

  test('are weighed by the question to a field that searches them', () => {
    const before = patterns.bytes;
    expect(fieldMatches(['x', scrambled(4096, 1)], '[ab]*a[ab]{14}[cd]')).toBe(false);
    expect(patterns.bytes).toBeGreaterThan(before + 500_000);
  });

  test('that are too large to keep are searched all the same', () => {
    const cache = createPatternCache(1000);
    expect(search(cache, '^prod', 'prod-1')).toBe(true);
    expect(search(cache, '^prod', 'test-1')).toBe(false);
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
  });

  test('that are refused leave nothing behind', () => {
    const cache = createPatternCache(100_000);
    expect(() => cache.take('(')).toThrow();
    expect([cache.size, cache.bytes]).toEqual([0, 0]);
  });

  test('rest on two members of re2js that tell how large an automaton may be and is', () => {
    const { expression } = createPatternCache(0).take('[ab]*a[ab]{14}[cd]');
    expect(expression.re2Input.lazyDFA).toBeNull();
    expression.test('a'.repeat(20));
    expect(expression.re2Input.lazyDFA.stateBudget).toBe(8_388_608);
    expect(expression.re2Input.lazyDFA.memBudget).toBeLessThan(8_388_608);
    expect(expression.re2Input.lazyDFA.memBudget).toBeGreaterThan(8_300_000);
  });
});
