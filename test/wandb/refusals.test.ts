import { type FilterJson, toWandb } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { createForm, options, read, scopeIds, told, type Wire } from './cases.js';

const scope = options.scopes[scopeIds.PROJECT];
const base = { name: 'n', event: { type: 'artifact.linked', scope }, action: { type: 'none' } } as const;
const onRuns = (filter: FilterJson, type = 'run.metrics'): Wire => ({ ...base, event: { type, scope, filter } });
const $metric = { name: 'm', $gt: 1 };

describe('what W&B can’t say is refused with its path', () => {
  test.each<[string, Wire, string]>([
    [
      'several metrics',
      onRuns({ $and: [{ $metric }, { $metric: { name: 'n', $lt: 1 } }] }),
      'event.filter.$and[1].$metric',
    ],
    ['two kinds of question', onRuns({ $metric, $zscore: { name: 'm', threshold: 1 } }), 'event.filter.$zscore'],
    ['a metric as an alternative', onRuns({ $or: [{ $metric }, { name: 'x' }] }), 'event.filter.$or[0].$metric'],
    ['a negated metric', onRuns({ $not: { $metric } }), 'event.filter.$not.$metric'],
    ['an exact threshold', onRuns({ $metric: { name: 'm', $eq: 1 } }), 'event.filter.$metric.$eq'],
    ['any other value', onRuns({ $metric: { name: 'm', $ne: 1 } }), 'event.filter.$metric.$ne'],
    ['a metric that is not finite', onRuns({ $metric: { name: 'm', $finite: false } }), 'event.filter.$metric'],
    [
      'fewer samples',
      onRuns({ $metric: { ...$metric, agg: 'avg', window: 5, minSamples: 3 } }),
      'event.filter.$metric.minSamples',
    ],
    [
      'fewer samples of a change',
      onRuns({ $change: { name: 'm', agg: 'avg', window: 5, minSamples: 6, kind: 'absolute', amount: 1 } }),
      'event.filter.$change.minSamples',
    ],
    [
      'a z-score over runs',
      onRuns({ $zscore: { name: 'm', threshold: 1, over: 'project' } }),
      'event.filter.$zscore.over',
    ],
    ['killed runs', onRuns({ $state: ['failed', 'killed'] }, 'run.state'), 'event.filter.$state'],
    ['crashed runs alone', onRuns({ $state: ['crashed'] }, 'run.state'), 'event.filter.$state'],
    ['every state', { ...base, event: { type: 'run.state', scope } }, 'event.filter'],
    ['a metric at a run’s end', onRuns({ $state: ['failed'], $metric }, 'run.state'), 'event.filter.$metric'],
    ['an event of ours', { ...base, event: { type: 'run.alert', scope } }, 'event.type'],
    ['an alias that goes', { ...base, event: { type: 'artifact.alias-removed', scope } }, 'event.type'],
    ['an event of yours', { ...base, event: { type: 'custom.x', scope } }, 'event.type'],
    ['null', { ...base, event: { type: 'artifact.linked', scope, filter: { alias: null } } }, 'event.filter.alias.$eq'],
    [
      'null among others',
      { ...base, event: { ...base.event, filter: { tag: { $in: ['a', null] } } } },
      'event.filter.tag.$in',
    ],
    ['a field that is another one there', onRuns({ $metric, username: 'x' }), 'event.filter.username'],
    ['a cooldown', { ...base, policy: { cooldown: '1h' } }, 'policy'],
    ['a rate limit', { ...base, policy: { rateLimit: { max: 1, window: '1h' } } }, 'policy'],
    ['a handler', { ...base, action: { type: 'handler', name: 'h' } }, 'action.type'],
    [
      'headers',
      { ...base, action: { type: 'webhook', integrationId: 'integration-7', payload: {}, headers: { a: 'b' } } },
      'action.headers',
    ],
    [
      'a payload that is no object',
      { ...base, action: { type: 'webhook', integrationId: 'integration-7', payload: 'x' } },
      'action.payload',
    ],
    [
      'fields',
      {
        ...base,
        action: { type: 'notification', integrationId: 'integration-7', fields: [{ name: 'a', value: 'b' }] },
      },
      'action.fields',
    ],
    [
      'links',
      {
        ...base,
        action: { type: 'notification', integrationId: 'integration-7', links: [{ text: 'a', url: 'https://b' }] },
      },
      'action.links',
    ],
  ])('%s', (_, definition, path) => {
    const { issues = [] } = toWandb(definition, options);
    expect(told(issues)).toEqual([`not_convertible ${path}`]);
    expect(issues.every(({ message }) => message.startsWith('Expected '))).toBe(true);
  });

  test('a scope without an id there is asked for', () => {
    const { issues = [] } = toWandb(read(createForm()), { scopes: {} });
    expect(issues).toEqual([
      {
        code: 'required',
        path: 'event.scope',
        message: "Expected options.scopes to have W&B's id of the project, got nothing",
      },
    ]);
  });
});
