import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { matchesMetric, metricPatternSteps, parseMetricPattern } from '../../src/definition/metric-pattern.js';

describe('a pattern of metric names', () => {
  test.each([
    ['payments', 'payments', true],
    ['payments', 'payments.checkout.errors', true],
    ['payments.checkout', 'payments.checkout.errors', true],
    ['payments.', 'payments.checkout', true],
    ['payments', 'payments2.errors', false],
    ['payments', 'my.payments', false],
    ['payments.checkout.errors', 'payments.checkout', false],
    ['Payments', 'payments', false],
    ['payments.*', 'payments.checkout.errors', true],
    ['payments.*', 'payments', false],
    ['payments.*.errors', 'payments.eu.checkout.errors', true],
    ['payments.*.errors', 'payments.errors', false],
    ['*.errors', 'payments.errors', true],
    ['*.errors', 'payments.errors.rate', false],
    ['server-?.cpu', 'server-1.cpu', true],
    ['server-?.cpu', 'server-12.cpu', false],
    ['*', '', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*b*b', 'ab', false],
    ['a*?*b', 'ab', false],
    ['cpu[1]', 'cpu[1]', true],
    ['cpu[1]', 'cpu1', false],
    ['/payments\\.(checkout|cart)\\..+/', 'payments.cart.errors', true],
    ['/payments/', 'payments.cart', false],
    ['/a|ab/', 'ab', true],
    ['/.*errors/', 'payments.errors', true],
    ['/errors/', 'payments.errors', false],
    ['what?', 'what?', true],
    ['/train/', '/train/', true],
  ])('%s on %s: %s', (pattern, metric, isMatch) => {
    expect(parseMetricPattern(pattern)).toEqual({ pattern });
    expect(matchesMetric(pattern, metric)).toBe(isMatch);
  });

  test.each([
    ['', 'Expected a pattern of metric names, got an empty text'],
    ['x'.repeat(1001), 'Expected a pattern of at most 1000 characters, got 1001'],
    ['//', 'Expected an RE2 pattern between the slashes, got nothing'],
    ['/a(/', 'Expected an RE2 pattern between the slashes: error parsing regexp: missing closing ): `a(`'],
    ['/(?=a)/', expect.stringContaining('Expected an RE2 pattern between the slashes: ')],
    ['/((a{100}){100}){100}/', expect.stringContaining('Expected a pattern of at most 1000 RE2 steps, got ')],
  ])('that is none is an issue where it stands: %s', (pattern, message) => {
    const { issue } = parseMetricPattern(pattern, ['channels', 2, 0]);
    expect(issue).toEqual({ code: 'invalid_pattern', path: 'channels[2][0]', message });
    expect(matchesMetric(pattern, 'payments')).toBe(false);
  });

  test('counts the steps of an expression, and nothing for any other', () => {
    expect(metricPatternSteps('/abc/')).toBeGreaterThan(2);
    expect(metricPatternSteps('abc*')).toBe(0);
  });

  test('never throws, whatever the texts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((inner) => `/${inner}/`),
    );
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary' }), (pattern, metric) => {
        parseMetricPattern(pattern);
        matchesMetric(pattern, metric);
      }),
    );
  });

  test('means as a glob what RE2 means by it', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?') }).filter((it) => /[*?]/.test(it));
    const metric = fc.string({ unit: fc.constantFrom('a', 'b', '.') });
    fc.assert(
      fc.property(glob, metric, (pattern, name) => {
        const words = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesMetric(pattern, name)).toBe(RE2JS.matches(words, name));
      }),
      { numRuns: 1000 },
    );
  });

  test('means the same as an expression with an automaton and without', () => {
    const expression = fc.string({ unit: fc.constantFrom('a', 'b', '|', '(', ')', '.', '*', '?'), minLength: 1 });
    const metric = fc.string({ unit: fc.constantFrom('a', 'b', '.') });
    fc.assert(
      fc.property(expression, metric, (words, name) => {
        fc.pre(parseMetricPattern(`/${words}/`).issue === undefined);
        expect(matchesMetric(`/${words}/`, name)).toBe(RE2JS.matches(words, name));
      }),
      { numRuns: 1000 },
    );
  });

  test('made to be slow takes no longer with a metric made to be slow than its size', () => {
    const hostile = ['*a'.repeat(500), `/(a|a)*b/`, '/(a*)*c/', `/[ab]*a[ab]{900}[cd]/`];
    const started = performance.now();
    for (const pattern of hostile) {
      expect(matchesMetric(pattern, `${'a'.repeat(100_000)}b`)).toBe(pattern.startsWith('*'));
    }
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('is found again among thousands of others', () => {
    for (let index = 0; index < 5000; index += 1)
      expect(matchesMetric(`/m-(${index})\\..+/`, `m-${index}.x`)).toBe(true);
    for (let index = 0; index < 5000; index += 1)
      expect(matchesMetric(`/m-(${index})\\..+/`, `n-${index}.x`)).toBe(false);
  });
});
