import { describe, expect, test } from 'vitest';
import { type IssueCase, issuesOf, withFilter, withMetric } from '../support/definitions.js';

const at = 'event.filter.$metric';

const cases: IssueCase[] = [
  ['a list for an object', withFilter({ $metric: [] }), 'invalid_type', at, 'Expected an object, got a list'],
  ['no name', withFilter({ $metric: { $gt: 1 } }), 'required', `${at}.name`, 'Expected a text, got nothing'],
  [
    'an empty name',
    withMetric({ name: '', $gt: 1 }),
    'invalid_value',
    `${at}.name`,
    'Expected at least 1 character, got ""',
  ],
  [
    'no comparison',
    withMetric({}),
    'invalid_value',
    at,
    'Expected exactly one of $gt $gte $lt $lte $eq $ne $finite, got 0',
  ],
  [
    'two comparisons',
    withMetric({ $gt: 1, $lt: 2 }),
    'invalid_value',
    at,
    'Expected exactly one of $gt $gte $lt $lte $eq $ne $finite, got 2',
  ],
  ['a text as threshold', withMetric({ $gt: '1' }), 'invalid_type', `${at}.$gt`, 'Expected a number, got "1"'],
  ['NaN as threshold', withMetric({ $gt: Number.NaN }), 'invalid_type', `${at}.$gt`, 'Expected a JSON value, got NaN'],
  [
    'an unknown agg',
    withMetric({ agg: 'median', window: 3, $gt: 1 }),
    'invalid_value',
    `${at}.agg`,
    'Expected "none" or "avg" or "min" or "max", got "median"',
  ],
  [
    'an agg without window',
    withMetric({ agg: 'avg', $gt: 1 }),
    'required',
    `${at}.window`,
    'Expected a window for avg, got nothing',
  ],
  [
    'a window without agg',
    withMetric({ window: 5, $gt: 1 }),
    'invalid_value',
    `${at}.window`,
    'Expected 1 without agg avg, min or max, got 5',
  ],
  [
    'a window of 0',
    withMetric({ agg: 'min', window: 0, $gt: 1 }),
    'invalid_value',
    `${at}.window`,
    'Expected at least 1, got 0',
  ],
  [
    'half a window',
    withMetric({ agg: 'min', window: 1.5, $gt: 1 }),
    'invalid_type',
    `${at}.window`,
    'Expected a whole number, got 1.5',
  ],
  [
    'a window of 100,001',
    withMetric({ agg: 'min', window: 100_001, $gt: 1 }),
    'limit_exceeded',
    `${at}.window`,
    'Expected at most 100000, got 100001',
  ],
  [
    '6 samples of 5',
    withMetric({ agg: 'max', window: 5, minSamples: 6, $gt: 1 }),
    'invalid_value',
    `${at}.minSamples`,
    'Expected at most the window, 5, got 6',
  ],
  [
    '0 samples',
    withMetric({ agg: 'max', window: 5, minSamples: 0, $gt: 1 }),
    'invalid_value',
    `${at}.minSamples`,
    'Expected at least 1, got 0',
  ],
  [
    'an unknown key',
    withMetric({ aggregation: 'avg', $gt: 1 }),
    'unknown_key',
    `${at}.aggregation`,
    'Expected no key "aggregation" here; there may be name agg window minSamples $gt $gte $lt $lte $eq $ne $finite',
  ],
];

describe('a condition on a metric', () => {
  test.each(cases)('with %s has one issue, there', (_, input, code, path, message) => {
    expect(issuesOf(input)).toEqual([{ code, path, message }]);
  });
});
