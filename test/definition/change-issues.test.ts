import { parseAutomation } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type IssueCase, issuesOf, type Json, withFilter, withMetric } from '../support/definitions.js';

const withChange = (fields: Json): Json =>
  withFilter({ $change: { name: 'a', kind: 'absolute', amount: 1, ...fields } });
const withZScore = (fields: Json): Json => withFilter({ $zscore: { name: 'a', threshold: 3, ...fields } });

const change = 'event.filter.$change';
const zscore = 'event.filter.$zscore';
const metric = 'event.filter.$metric';

const cases: readonly IssueCase[] = [
  ['a change by 0', withChange({ amount: 0 }), 'invalid_value', `${change}.amount`, 'Expected more than 0, got 0'],
  ['a change below 0', withChange({ amount: -1 }), 'invalid_value', `${change}.amount`, 'Expected more than 0, got -1'],
  ['no amount', withChange({ amount: undefined }), 'required', `${change}.amount`, 'Expected a number, got nothing'],
  [
    'no kind',
    withChange({ kind: undefined }),
    'required',
    `${change}.kind`,
    'Expected "absolute" or "relative", got nothing',
  ],
  [
    'an unknown direction',
    withChange({ direction: 'up' }),
    'invalid_value',
    `${change}.direction`,
    'Expected "increase" or "decrease" or "any", got "up"',
  ],
  [
    'an aggregation without a window',
    withChange({ agg: 'avg' }),
    'required',
    `${change}.window`,
    'Expected a window for avg, got nothing',
  ],
  [
    'a window without an aggregation',
    withChange({ window: 5 }),
    'invalid_value',
    `${change}.window`,
    'Expected 1 without agg avg, min or max, got 5',
  ],
  [
    'a prior window without an aggregation',
    withChange({ priorWindow: 5 }),
    'invalid_value',
    `${change}.priorWindow`,
    'Expected 1 without agg avg, min or max, got 5',
  ],
  [
    'more samples than both windows hold',
    withChange({ agg: 'avg', window: 5, priorWindow: 3, minSamples: 9 }),
    'invalid_value',
    `${change}.minSamples`,
    'Expected at most both windows, 8, got 9',
  ],
  [
    'an unknown key of a change',
    withChange({ by: 1 }),
    'unknown_key',
    `${change}.by`,
    'Expected no key "by" here; there may be name agg window priorWindow minSamples direction kind amount',
  ],
  [
    'a threshold of 0',
    withZScore({ threshold: 0 }),
    'invalid_value',
    `${zscore}.threshold`,
    'Expected more than 0, got 0',
  ],
  [
    'a threshold below 0',
    withZScore({ threshold: -3 }),
    'invalid_value',
    `${zscore}.threshold`,
    'Expected more than 0 (.lt() takes a number below 0, such as -3), got -3',
  ],
  [
    'a window in which nothing spreads',
    withZScore({ window: 1 }),
    'invalid_value',
    `${zscore}.window`,
    'Expected at least 2, got 1',
  ],
  [
    'more samples than the usual window holds',
    withZScore({ minSamples: 31 }),
    'invalid_value',
    `${zscore}.minSamples`,
    'Expected at most the window, 30, got 31',
  ],
  [
    'over what there is not',
    withZScore({ over: 'team' }),
    'invalid_value',
    `${zscore}.over`,
    'Expected "run" or "project", got "team"',
  ],
  [
    'over too many runs',
    withZScore({ over: 'project', window: 1001 }),
    'limit_exceeded',
    `${zscore}.window`,
    'Expected at most 1000 runs, got 1001',
  ],
  [
    'finite beside a comparison',
    withMetric({ $finite: false, $gt: 1 }),
    'invalid_value',
    metric,
    'Expected exactly one of $gt $gte $lt $lte $eq $ne $finite, got 2',
  ],
  [
    'finite over a window',
    withMetric({ $finite: false, window: 5 }),
    'invalid_value',
    `${metric}.window`,
    'Expected no window beside $finite, got 5',
  ],
];

describe('a question to a metric', () => {
  test.each(cases)('with %s has one issue, there', (_, input, code, path, message) => {
    expect(issuesOf(input)).toEqual([{ code, path, message }]);
  });

  test('may leave out all that has a default', () => {
    expect(issuesOf(withChange({}))).toEqual([]);
    expect(issuesOf(withZScore({}))).toEqual([]);
    expect(issuesOf(withZScore({ over: 'run', window: 100_000 }))).toEqual([]);
    expect(issuesOf(withChange({ agg: 'mean', window: 5, minSamples: 10 }))).toEqual([]);
  });
});

describe('a warning', () => {
  const warningsOf = (input: unknown): readonly string[] => {
    const result = parseAutomation(input);
    if (result.issues !== undefined)
      throw new Error(`Expected a fine definition, got ${JSON.stringify(result.issues)}`);
    return result.warnings.map(({ code, path }) => `${code} ${path}`);
  };

  test('names a field that no event of the type has by itself, and where', () => {
    const filter = { $metric: { name: 'a', $gt: 1 }, usr: 'ada', $or: [{ 'config.lr': 1 }, { $not: { tags: 'x' } }] };
    expect(warningsOf(withFilter(filter))).toEqual([
      'unknown_field event.filter.$or[1].$not.tags',
      'unknown_field event.filter.usr',
    ]);
    expect(warningsOf(withFilter({ anything: 1 }, 'custom.deploy'))).toEqual([]);
  });

  test('names the field that was probably meant before the others', () => {
    const result = parseAutomation(withFilter({ usr: 'ada' }, 'run.alert'));
    expect(result.issues === undefined && result.warnings[0]?.message).toMatch(
      /^Expected a field of run.alert events \(user, type, id, .*\), got "usr", /,
    );
  });

  test('names a variable that will always be empty, and where', () => {
    const action = { type: 'notification', integrationId: 'x', title: '${run_nam}', message: '${run_name}' };
    expect(warningsOf({ ...withMetric({ $gt: 1 }), action })).toEqual(['unknown_variable action.title']);
  });

  test('does not come where nothing is wrong', () => {
    expect(warningsOf(withMetric({ $gt: 1 }))).toEqual([]);
  });
});
