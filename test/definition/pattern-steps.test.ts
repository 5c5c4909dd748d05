import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { patternSteps } from '../../src/definition/pattern-steps.js';

describe('the steps of a pattern, counted without compiling it', () => {
  test.each([
    '^prod-[0-9]+$',
    '(?i)^PROD-\\d+$',
    '(.*){1,1000}',
    '(a.{1,30}){1,30}',
    '\\x{41}{3}',
    '[[:alpha:]]{4}',
    '[^]a]+',
    'x{0,5}',
    'x{3,}',
  ])('are what RE2 makes of %s', (pattern) => {
    expect(patternSteps(pattern)).toBe(RE2JS.compile(pattern).programSize());
  });

  test('are a number however often repeats are repeated', () => {
    const repeated = `a${'{999999999}'.repeat(40)}`;
    expect(patternSteps(repeated)).toBeGreaterThan(1e9);
    expect(patternSteps(`(${repeated}){0}`)).toBeGreaterThan(0);
  });

  test('are never far fewer than RE2 makes, whatever the pattern', () => {
    const atom = fc.constantFrom(
      'a',
      '.',
      '[a-z]',
      '[^b]',
      '\\d',
      '\\pL',
      '\\.',
      'x',
      '(?:ab)',
      '[[:digit:]x]',
      '\\Qa(\\E',
    );
    const suffix = fc.constantFrom('', '', '*', '+', '?', '{3}', '{1,9}', '{0,4}', '{2,}');
    const pattern = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        fc.tuple(atom, suffix).map((parts) => parts.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('|')),
        fc
          .tuple(tie('pattern'), fc.constantFrom('{5}', '{1,4}', '*', ''))
          .map(([inner, times]) => `(${inner})${times}`),
      ),
    })).pattern;
    fc.assert(
      fc.property(pattern, (each) => {
        const compiled = RE2JS.compile(each).programSize();
        expect(patternSteps(each) * 1.5 + 5).toBeGreaterThanOrEqual(compiled);
      }),
      { seed: 1, numRuns: 3000 },
    );
  });

  test('are counted of anything, in no time', () => {
    for (const text of ['(', ')', '[', '\\', '{', '[[:', '\\p', '\\x{', '\\Q', '(?', '(?P<', '{1}', '*']) {
      expect(Number.isFinite(patternSteps(text.repeat(300)))).toBe(true);
    }
  });
});
