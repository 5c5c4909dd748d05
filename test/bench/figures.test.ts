import { describe, expect, test } from 'vitest';
import { compare } from '../../bench/harness/compare.js';
import { figureOf, median } from '../../bench/harness/figure.js';
import type { Figure } from '../../bench/harness/result.js';

const figure = (value: number): Figure => ({ label: 'a', unit: 'µs', value });

describe('median', () => {
  test.each([
    [[3, 1, 2], 2],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('leaves the values in their order', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

test('a figure keeps the best and the worst round', () => {
  expect(figureOf('emit', 'µs', [5, 1, 9])).toEqual({ label: 'emit', unit: 'µs', value: 5, least: 1, most: 9 });
});

describe('compare', () => {
  test.each([
    ['at-most', 8, 2, 4, 4, true],
    ['at-most', 8.1, 2, 4, 4.05, false],
    ['at-least', 2, 4000, 1000, 2000, true],
    ['at-least', 2, 1000, 1000, 500, false],
  ] as const)(
    '%s: %d against %d, %d to reach, is %d and reached: %s',
    (bound, tocsin, against, toReach, ratio, isReached) => {
      const compared = compare({ label: '', tocsin: figure(tocsin), against: figure(against), bound, toReach });
      expect(compared).toMatchObject({ ratio, isReached });
    },
  );

  test('a number that is none reaches nothing', () => {
    const given = { label: '', tocsin: figure(Number.NaN), against: figure(1), toReach: 4 };
    expect(compare({ ...given, bound: 'at-most' }).isReached).toBe(false);
    expect(compare({ ...given, bound: 'at-least' }).isReached).toBe(false);
  });
});
