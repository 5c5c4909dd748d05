import * as fc from 'fast-check';
import type { EventType, FilterJson } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { eventTypes } from '../../src/definition/event-type.js';
import { variablesOf } from '../../src/notify/variables.js';
import { lowAccuracy, type MatchSketch, matchOf } from './matches.js';

function value(name: string, sketch: MatchSketch): string | undefined {
  const { compiled, event, run, facts } = matchOf(sketch);
  return variablesOf({ ...compiled, event, run, facts })(name);
}

/** Several variables of one match, by their names. */
function values(names: readonly string[], sketch: MatchSketch): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => [name, value(name, sketch)]));
}

test('every event has its automation, type, author and place', () => {
  const names = ['automation_name', 'event_type', 'event_author', 'entity_name', 'project_name'];
  expect(values(names, { type: 'artifact.created' })).toEqual({
    automation_name: 'low-accuracy',
    event_type: 'CREATE_ARTIFACT',
    event_author: 'ada',
    entity_name: 'my-team',
    project_name: 'my-project',
  });
  expect(value('event_author', { type: 'run.state', json: { state: 'failed' } })).toBe('ada');
  const registry = { project: undefined, registry: 'models' } as never;
  expect(value('project_name', { type: 'artifact.linked', json: registry })).toBe('models');
  expect(value('project_name', { type: 'custom.queue', json: { project: undefined } as never })).toBeUndefined();
});

test.each<[EventType, string, FilterJson?]>([
  ['run.metrics', 'RUN_METRIC', { $metric: { name: 'a', $gt: 1 } }],
  ['run.metrics', 'RUN_METRIC', { $metric: { name: 'a', $finite: false } }],
  ['run.metrics', 'RUN_METRIC_CHANGE', { name: 'x', $change: { name: 'a', kind: 'absolute', amount: 1 } }],
  [
    'run.metrics',
    'RUN_METRIC_ZSCORE',
    { $not: { $zscore: { name: 'a', threshold: 3 } }, $metric: { name: 'a', $gt: 1 } },
  ],
  ['run.state', 'RUN_STATE'],
  ['artifact.linked', 'LINK_ARTIFACT'],
  ['artifact.unlinked', 'UNLINK_ARTIFACT'],
  ['artifact.alias-added', 'ADD_ARTIFACT_ALIAS'],
  ['artifact.tag-added', 'ADD_ARTIFACT_TAG'],
  ['artifact.tag-removed', 'REMOVE_ARTIFACT_TAG'],
  ['collection.tag-added', 'ADD_COLLECTION_TAG'],
  ['collection.tag-removed', 'REMOVE_COLLECTION_TAG'],
  ['artifact.alias-removed', 'artifact.alias-removed'],
  ['run.alert', 'run.alert'],
  ['anomaly.detected', 'anomaly.detected'],
  ['custom.queue', 'custom.queue'],
])('the event_type of %s is %s', (type, name, filter) => {
  expect(value('event_type', { type, ...(filter === undefined ? {} : { filter }) })).toBe(name);
});

describe('an artifact', () => {
  test('has its version in four forms, and its metadata', () => {
    const names = [
      'artifact_collection_name',
      'artifact_version',
      'artifact_version_string',
      'artifact_version_index',
      'artifact_metadata.framework',
      'artifact_metadata.val.loss',
      'artifact_metadata.nested',
      'artifact_metadata.nested.depth',
      'artifact_metadata.missing',
      'artifact_metadata.__proto__',
      'alias',
      'tag',
    ];
    expect(values(names, { type: 'artifact.created' })).toEqual({
      artifact_collection_name: 'digits',
      artifact_version: 'QXJ0aWZhY3Q6MTI=',
      artifact_version_string: 'my-team/my-project/digits:v12',
      artifact_version_index: '12',
      'artifact_metadata.framework': 'torch',
      'artifact_metadata.val.loss': '0.25',
      'artifact_metadata.nested': '{"depth":3}',
      'artifact_metadata.nested.depth': '3',
      'artifact_metadata.missing': '',
      'artifact_metadata.__proto__': '',
      alias: undefined,
      tag: undefined,
    });
  });

  test('with an alias is called by it, and by its version where that is no number', () => {
    const aliased = { type: 'artifact.alias-added', json: { alias: 'production' } } as const;
    expect(value('artifact_version_string', aliased)).toBe('my-team/my-project/digits:production');
    expect(value('alias', aliased)).toBe('production');
    const artifact = { id: 'x', type: 'model', version: 'v2-beta' };
    expect(value('artifact_version_index', { type: 'artifact.created', json: { artifact } })).toBe('v2-beta');
  });

  test('or its collection with a tag has it', () => {
    expect(value('tag', { type: 'artifact.tag-removed', json: { tag: 'stale' } })).toBe('stale');
    const tagged = { type: 'collection.tag-added', json: { tag: 'gold' } } as const;
    expect(values(['artifact_collection_name', 'tag', 'artifact_version'], tagged)).toEqual({
      artifact_collection_name: 'digits',
      tag: 'gold',
      artifact_version: undefined,
    });
  });
});

describe('a run', () => {
  test('has a name, which is its id where it has none, and a status', () => {
    const failed = { type: 'run.state', json: { state: 'failed' } } as const;
    expect(values(['run_name', 'run_id', 'run_status'], failed)).toEqual({
      run_name: 'brisk-sun-7',
      run_id: 'run-1',
      run_status: 'failed',
    });
    expect(value('run_name', { ...failed, json: { ...failed.json, run: { id: 'run-2' } } })).toBe('run-2');
    expect(value('run_status', lowAccuracy)).toBeUndefined();
  });

  test('is known by what it said before', () => {
    const { compiled, event, facts } = matchOf({ ...lowAccuracy, json: { run: { id: 'run-1' } } });
    const read = variablesOf({ ...compiled, event, facts, run: { id: 'run-1', name: 'earlier', user: 'eve' } });
    expect([read('run_name'), read('event_author')]).toEqual(['earlier', 'eve']);
  });
});

describe('metrics', () => {
  const names = ['metric_name', 'metric_values', 'metric_filter', 'metric_filter_short', 'metric_current_status'];
  const read = (filter: FilterJson, facts: MatchSketch['facts'] = {}, json: MatchSketch['json'] = {}): unknown[] =>
    Object.values(values(names, { type: 'run.metrics', filter, facts, json }));

  test('are told with value, filter and how they stand', () => {
    expect(values(names, lowAccuracy)).toEqual({
      metric_name: 'accuracy',
      metric_values: '0.83',
      metric_filter: 'avg(accuracy, 5) < 0.85',
      metric_filter_short: 'avg(accuracy, 5) < 0.85',
      metric_current_status: 'avg(accuracy, 5) = 0.83 (< 0.85)',
    });
  });

  test('of one filter stand in its order, each measure once', () => {
    const filter: FilterJson = {
      name: { $regex: '^prod-' },
      $and: [
        { $metric: { name: 'accuracy', $gt: 0.95 } },
        { $or: [{ $metric: { name: 'loss', $lt: 0.1 } }, { $metric: { name: 'accuracy', $lt: 2 } }] },
      ],
    };
    expect(read(filter, { 'metric:last:accuracy': 0.961234567, 'metric:last:loss': 1e-7 })).toEqual([
      'accuracy, loss',
      '0.961235, 1e-7',
      'name matches "^prod-" and (accuracy > 0.95 and (loss < 0.1 or accuracy < 2))',
      'accuracy > 0.95',
      'accuracy = 0.961235 (> 0.95), loss = 1e-7 (< 0.1), accuracy = 0.961235 (< 2)',
    ]);
  });

  test('that are not finite say what they are', () => {
    const filter: FilterJson = { $metric: { name: 'loss', $finite: false } };
    const facts = { 'metric:finite:loss': false };
    expect(read(filter, facts, { metrics: { loss: 'NaN' } })).toEqual([
      'loss',
      'NaN',
      'loss is not finite',
      'loss is not finite',
      'loss = NaN (not finite)',
    ]);
    expect(read(filter, facts)[1]).toBe('not finite');
    expect(read({ $not: filter }, { 'metric:finite:loss': true }).slice(2)).toEqual([
      'not (loss is not finite)',
      'loss is finite',
      'loss = finite (finite)',
    ]);
    expect(read({ $metric: { name: 'loss', $gt: 5 } }, { 'metric:last:loss': Number.POSITIVE_INFINITY })[4]).toBe(
      'loss = Infinity (> 5)',
    );
  });

  test('that changed say by how much', () => {
    const $change = {
      name: 'loss',
      agg: 'avg',
      window: 5,
      direction: 'increase',
      kind: 'relative',
      amount: 0.1,
    } as const;
    expect(read({ $change }, { 'metric:change:relative:avg:5:5:loss': 0.123456789 })).toEqual([
      'loss',
      '0.123457',
      'avg(loss, 5) increases by at least 10 % against the 5 values before',
      'avg(loss, 5) increases by at least 10 % against the 5 values before',
      'change of avg(loss, 5) = +12.3457 % (≥ 10 %)',
    ]);
    const drop = { name: 'loss', direction: 'decrease', kind: 'absolute', amount: 0.5 } as const;
    expect(read({ $not: { $change: drop } }, { 'metric:change:absolute:last:1:loss': -0.25 }).slice(2)).toEqual([
      'not (loss decreases by at least 0.5 against the value before)',
      'loss does not decrease by at least 0.5 against the value before',
      'change of loss = -0.25 (> -0.5)',
    ]);
  });

  test('that are unusual say their z-score', () => {
    const zscore = { name: 'loss', window: 30, threshold: 3 } as const;
    const facts = { 'metric:zscore:run:30:loss': -3.5, 'metric:zscore:project:30:loss': 4 };
    expect(read({ $zscore: { ...zscore, direction: 'increase' } }, facts).slice(2)).toEqual([
      'zscore(loss, 30) ≥ 3',
      'zscore(loss, 30) ≥ 3',
      'zscore(loss, 30) = -3.5 (≥ 3)',
    ]);
    expect(read({ $zscore: zscore }, facts).slice(3)).toEqual([
      '|zscore(loss, 30)| ≥ 3',
      'zscore(loss, 30) = -3.5 (at least ±3)',
    ]);
    expect(read({ $zscore: { ...zscore, direction: 'decrease', over: 'project' } }, facts).slice(3)).toEqual([
      'zscore(loss, 30 runs) ≤ -3',
      'zscore(loss, 30 runs) = 4 (≤ -3)',
    ]);
  });

  test('that are not known yet have no value', () => {
    expect(read({ $metric: { name: 'a', $gt: 1 } }).slice(1, 2)).toEqual(['no value']);
  });

  test('are there at a run’s end where the filter asks for them', () => {
    const filter: FilterJson = { $state: ['finished', 'failed'], $metric: { name: 'accuracy', $lt: 0.9 } };
    const ended = {
      type: 'run.state',
      filter,
      json: { state: 'finished' },
      facts: { 'metric:last:accuracy': 0.8 },
    } as const;
    expect(value('metric_filter', ended)).toBe('state is finished or failed and accuracy < 0.9');
    expect(value('metric_current_status', ended)).toBe('accuracy = 0.8 (< 0.9)');
    expect(value('metric_filter', { type: 'run.state', json: { state: 'finished' } })).toBeUndefined();
  });
});

test.each<[FilterJson, string]>([
  [{ $and: [] }, 'always'],
  [{ $or: [] }, 'never'],
  [
    { tag: { $in: ['a', 'b'] }, $nor: [{ user: 'eve' }, { user: null }] },
    'tag is one of ["a","b"] and not (user = "eve" or user = null)',
  ],
  [{ name: { $exists: true, $ne: 'x' } }, 'name exists and name ≠ "x"'],
  [{ name: { $exists: false } }, 'name does not exist'],
  [
    { tag: { $size: 2, $all: ['a'], $nin: ['b'] } },
    'tag has a size of 2 and tag has all of ["a"] and tag is none of ["b"]',
  ],
  [{ name: { $contains: 'x' }, 'config.lr': { $gte: 0.1 } }, 'name contains "x" and config.lr ≥ 0.1'],
])('the filter %j reads %s', (filter, words) => {
  const $metric = { name: 'a', $eq: 1 } as const;
  expect(value('metric_filter', { type: 'run.metrics', filter: { $and: [{ $metric }, filter] } })).toContain(words);
});

test('an anomaly has its metric, value and time, what became of it only what it names', () => {
  const names = ['metric_name', 'metric_value', 'timestamp', 'metric_filter'];
  expect(Object.values(values(names, { type: 'anomaly.detected' }))).toEqual([
    'server-1.cpu.user',
    '97.5',
    '1760000000',
    undefined,
  ]);
  expect(Object.values(values(names, { type: 'training-data.viewed' }))).toEqual([
    'server-1.cpu.user',
    '',
    '1760000000',
    undefined,
  ]);
});

test('any own path of the event is a variable', () => {
  const json = { queue: 'training', nested: { 'a.b': [1, null] }, none: null, yes: false };
  const read = (path: string): string | undefined => value(`event.${path}`, { type: 'custom.queue', json });
  expect([read('queue'), read('nested.a.b'), read('yes')]).toEqual(['training', '[1,null]', 'false']);
  expect([read('none'), read('missing'), read('queue.length'), read('nested.a')]).toEqual(['', '', '', '']);
  expect([read('__proto__'), read('constructor.name'), read('nested.__proto__.x')]).toEqual(['', '', '']);
  expect(read('.'.repeat(9_000))).toBe('');
});

test('no name makes the variables of any event throw, and none is found on a prototype', () => {
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'event.', 'event..', 'alias'),
  );
  fc.assert(
    fc.property(names, fc.constantFrom(...eventTypes), (name, type) => {
      const read = value(name, { type });
      expect(read === undefined || typeof read === 'string').toBe(true);
      if (name.length > 7 && name !== 'event.at') expect(read ?? '').not.toContain('native code');
    }),
  );
});
