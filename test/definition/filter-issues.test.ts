import { parseAutomation, runEvent, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type IssueCase, issuesOf, onArtifacts, withFilter } from '../support/definitions.js';

const anyState = '"running" or "finished" or "failed" or "crashed" or "killed"';
const scalar = 'a text or a number or true or false or null';
const operators = '$eq $ne $gt $gte $lt $lte $in $nin $exists $regex $contains $size $all';
const filterKeys = '$and $or $nor $not $metric $change $zscore $state or a field';

const onRunStates = ($state: unknown) => withFilter({ $state }, 'run.state');

const cases: IssueCase[] = [
  ['no object', withFilter('x'), 'invalid_type', 'event.filter', 'Expected an object, got "x"'],
  [
    'no metric',
    withFilter({ name: 'x' }),
    'metric_required',
    'event.filter',
    'Expected a condition on a metric for run.metrics, got none',
  ],
  [
    'nothing at all, on metrics',
    withFilter(undefined),
    'metric_required',
    'event.filter',
    'Expected a condition on a metric for run.metrics, got none',
  ],
  [
    'a metric of an artifact',
    onArtifacts({ $metric: { name: 'a', $gt: 1 } }),
    'filter_not_supported',
    'event.filter.$metric',
    'Expected $metric, $change and $zscore only on run.metrics and run.state, got $metric on artifact.created',
  ],
  [
    'the state of an artifact',
    onArtifacts({ $not: { $state: 'failed' } }),
    'filter_not_supported',
    'event.filter.$not.$state',
    'Expected $state only on run.state, got $state on artifact.created',
  ],
  [
    'an unknown operator',
    onArtifacts({ $trend: { name: 'a', amount: 1 } }),
    'unknown_key',
    'event.filter.$trend',
    `Expected ${filterKeys}, got "$trend"`,
  ],
  [
    'an unknown operator in a list',
    onArtifacts({ $and: [{}, { $xor: [] }] }),
    'unknown_key',
    'event.filter.$and[1].$xor',
    `Expected ${filterKeys}, got "$xor"`,
  ],
  [
    'an object as $and',
    onArtifacts({ $and: {} }),
    'invalid_type',
    'event.filter.$and',
    'Expected a list, got an object',
  ],
  [
    'a text in $or',
    onArtifacts({ $or: [{}, 'x'] }),
    'invalid_type',
    'event.filter.$or[1]',
    'Expected an object, got "x"',
  ],
  [
    'a list as $not',
    onArtifacts({ $nor: [{ $not: [] }] }),
    'invalid_type',
    'event.filter.$nor[0].$not',
    'Expected a filter, got a list; combine filters with and(…)',
  ],
  [
    'a list as value',
    onArtifacts({ alias: ['a'] }),
    'invalid_type',
    'event.filter.alias',
    `Expected ${scalar} or an object, got a list`,
  ],
  [
    'a field asked nothing',
    onArtifacts({ alias: {} }),
    'invalid_value',
    'event.filter.alias',
    'Expected an operator such as $eq, got none',
  ],
  [
    'an unknown question',
    onArtifacts({ alias: { $near: 2 } }),
    'unknown_key',
    'event.filter.alias.$near',
    `Expected no key "$near" here; there may be ${operators}`,
  ],
  [
    'a fact as value',
    onArtifacts({ alias: { fact: 'x' } }),
    'unknown_key',
    'event.filter.alias.fact',
    `Expected no key "fact" here; there may be ${operators}`,
  ],
  [
    'a fact as $eq',
    onArtifacts({ alias: { $eq: { fact: 'x' } } }),
    'invalid_type',
    'event.filter.alias.$eq',
    `Expected ${scalar}, got an object`,
  ],
  [
    'a fact in $in',
    onArtifacts({ tag: { $in: ['a', { fact: 'x' }] } }),
    'invalid_type',
    'event.filter.tag.$in[1]',
    `Expected ${scalar}, got an object`,
  ],
  [
    'a text as $nin',
    onArtifacts({ tag: { $nin: 'a' } }),
    'invalid_type',
    'event.filter.tag.$nin',
    'Expected a list, got "a"',
  ],
  [
    '$exists: 1',
    onArtifacts({ tag: { $exists: 1 } }),
    'invalid_type',
    'event.filter.tag.$exists',
    'Expected true or false, got 1',
  ],
  [
    '$contains of a number',
    onArtifacts({ tag: { $contains: 1 } }),
    'invalid_type',
    'event.filter.tag.$contains',
    'Expected a text, got 1',
  ],
  [
    'two names of one field',
    onArtifacts({ artifact_type: 'a', artifactType: 'b' }),
    'unknown_key',
    'event.filter.artifact_type',
    'Expected either "artifactType" or "artifact_type", got both',
  ],
  [
    'an unknown state',
    onRunStates('finish'),
    'invalid_value',
    'event.filter.$state',
    `Expected ${anyState}, got "finish"`,
  ],
  [
    'an unknown state in a list',
    onRunStates(['failed', 'finish']),
    'invalid_value',
    'event.filter.$state[1]',
    `Expected ${anyState}, got "finish"`,
  ],
  ['no state', onRunStates([]), 'invalid_value', 'event.filter.$state', 'Expected at least 1 member, got a list'],
];

describe('a filter', () => {
  test.each(cases)('with %s has one issue, there', (_, input, code, path, message) => {
    expect(issuesOf(input)).toEqual([{ code, path, message }]);
  });
});

test('A filter whose builder was not ended says so', () => {
  const { issues } = parseAutomation({
    name: 'unfinished',
    event: { type: 'run.metrics', scope: team('my-team'), filter: runEvent.metric('loss').avg(5) },
    action: { type: 'none' },
  });
  expect(issues).toEqual([
    {
      code: 'invalid_type',
      path: 'event.filter',
      message: 'Expected a finished filter, got one without a comparison such as .gt(0.9)',
    },
  ]);
});
