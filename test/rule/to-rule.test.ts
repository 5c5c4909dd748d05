import {
  type AutomationRule,
  onAddArtifactAlias,
  onRunMetric,
  onRunState,
  project,
  registry,
  runEvent,
  type Trigger,
  toRule,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import { parsed } from '../support/definitions.js';

const scope = project('my-team', 'my-ml-project');
const event = { type: 'automation-matched', params: { automation: 'ring' } } as const;

function ruleFor(trigger: Trigger): AutomationRule {
  return toRule(parsed({ name: 'ring', event: trigger, action: { type: 'none' } }));
}

function conditionsFor(filter: object, type = 'run.state'): AutomationRule['conditions'] {
  return toRule(parsed({ name: 'ring', event: { type, scope, filter }, action: { type: 'none' } })).conditions;
}

/** What stands before every filter on run states. */
const guard = { fact: 'state', operator: 'fieldIsIn', value: ['running', 'finished', 'failed', 'crashed'] };

describe('toRule', () => {
  test('writes a threshold as one condition on one fact', () => {
    expect(ruleFor(onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) }))).toEqual({
      name: 'ring',
      conditions: { all: [{ fact: 'metric:last:accuracy', operator: 'metricIsBelow', value: 0.85 }] },
      event,
    });
  });

  test('names a window in the fact, and how few values will do', () => {
    const filter = runEvent
      .metric('val/loss')
      .avg(50, { minSamples: 10 })
      .gte(2)
      .or(runEvent.metric('loss').max(3).gt(9));
    expect(ruleFor(onRunMetric({ scope, filter })).conditions).toEqual({
      any: [
        { fact: 'metric:avg:50/10:val/loss', operator: 'metricIsAtLeast', value: 2 },
        { fact: 'metric:max:3:loss', operator: 'metricIsAbove', value: 9 },
      ],
    });
  });

  test('asks of a run state besides that it is known, and not killed', () => {
    expect(ruleFor(onRunState({ scope, filter: runEvent.state.in(['finished', 'failed']) })).conditions).toEqual({
      all: [guard, { fact: 'state', operator: 'fieldIsIn', value: ['finished', 'failed'] }],
    });
    expect(ruleFor(onRunState({ scope })).conditions).toEqual({ all: [guard, { all: [] }] });
    expect(ruleFor(onRunState({ scope, filter: runEvent.state.eq('killed') })).conditions).toEqual({
      all: [
        { ...guard, value: [...guard.value, 'killed'] },
        { fact: 'state', operator: 'fieldIsIn', value: ['killed'] },
      ],
    });
  });

  test('writes a short question to a field as the long one', () => {
    const where = registry('my-team', 'my-registry');
    const rule = { all: [{ fact: 'field:alias', operator: 'fieldEquals', value: 'production' }] };
    expect(ruleFor(onAddArtifactAlias({ scope: where, filter: { alias: 'production' } })).conditions).toEqual(rule);
    expect(ruleFor(onAddArtifactAlias({ scope: where, filter: { alias: { $eq: 'production' } } })).conditions).toEqual(
      rule,
    );
  });

  test('takes several keys, and several questions to one field, for all of them', () => {
    const filter = { alias: { $ne: 'prod-old', $regex: '^prod' }, artifactType: 'model' };
    expect(conditionsFor(filter, 'artifact.created')).toEqual({
      all: [
        { fact: 'field:alias', operator: 'fieldNotEquals', value: 'prod-old' },
        { fact: 'field:alias', operator: 'fieldMatches', value: '^prod' },
        { fact: 'field:artifactType', operator: 'fieldEquals', value: 'model' },
      ],
    });
  });

  test('pushes negation down to the leaves', () => {
    const filter = {
      $not: {
        $or: [
          { $metric: { name: 'loss', $lt: 1 } },
          { $and: [{ name: { $exists: false } }, { $not: { user: { $in: ['ada'] } } }] },
          { $nor: [{ $state: 'failed' }] },
        ],
      },
    };
    expect(conditionsFor(filter)).toEqual({
      all: [
        guard,
        {
          all: [
            { fact: 'metric:last:loss', operator: 'metricIsAtLeast', value: 1 },
            {
              any: [
                { fact: 'field:name', operator: 'fieldExists', value: true },
                { fact: 'field:user', operator: 'fieldIsIn', value: ['ada'] },
              ],
            },
            { any: [{ fact: 'state', operator: 'fieldIsIn', value: ['failed'] }] },
          ],
        },
      ],
    });
  });

  test.each([
    [{ $gt: 1 }, 'metricIsAbove', 'metricIsAtMost'],
    [{ $gte: 1 }, 'metricIsAtLeast', 'metricIsBelow'],
    [{ $lt: 1 }, 'metricIsBelow', 'metricIsAtLeast'],
    [{ $lte: 1 }, 'metricIsAtMost', 'metricIsAbove'],
    [{ $eq: 1 }, 'metricEquals', 'metricDoesNotEqual'],
    [{ $ne: 1 }, 'metricDoesNotEqual', 'metricEquals'],
  ])('asks for a metric %j with %s, and for its contrary with %s', (comparison, operator, negated) => {
    const $metric = { name: 'a', ...comparison };
    const leaf = { fact: 'metric:last:a', value: 1 };
    expect(conditionsFor({ $metric })).toEqual({ all: [guard, { ...leaf, operator }] });
    expect(conditionsFor({ $not: { $metric } })).toEqual({ all: [guard, { ...leaf, operator: negated }] });
  });

  test.each([
    ['increase', 'metricIsAtLeast', 'metricIsBelow', 0.1],
    ['decrease', 'metricIsAtMost', 'metricIsAbove', -0.1],
    ['any', 'metricMagnitudeIsAtLeast', 'metricMagnitudeIsBelow', 0.1],
  ])(
    'asks how far a metric moved, for %s with %s, and for its contrary with %s',
    (direction, operator, negated, value) => {
      const $change = { name: 'a', agg: 'avg', window: 5, priorWindow: 10, kind: 'relative', direction, amount: 0.1 };
      const fact = 'metric:change:relative:avg:5:10:a';
      expect(conditionsFor({ $change })).toEqual({ all: [guard, { fact, operator, value }] });
      expect(conditionsFor({ $not: { $change } })).toEqual({ all: [guard, { fact, operator: negated, value }] });
      const $zscore = { name: 'a', direction, threshold: 0.1 };
      expect(conditionsFor({ $zscore })).toEqual({ all: [guard, { fact: 'metric:zscore:run:30:a', operator, value }] });
      expect(conditionsFor({ $nor: [{ $zscore: { ...$zscore, over: 'project', minSamples: 5 } }] })).toEqual({
        all: [guard, { all: [{ fact: 'metric:zscore:project:30/5:a', operator: negated, value }] }],
      });
    },
  );

  test('asks whether a metric is finite, and its contrary, with one operator', () => {
    const leaf = { fact: 'metric:finite:a', operator: 'metricIsFinite' };
    const $metric = { name: 'a', $finite: false };
    expect(conditionsFor({ $metric })).toEqual({ all: [guard, { ...leaf, value: false }] });
    expect(conditionsFor({ $not: { $metric } })).toEqual({ all: [guard, { ...leaf, value: true }] });
  });

  test('writes an empty $or, which never holds, as a question that nothing passes', () => {
    const never = { fact: 'never', operator: 'fieldIsIn', value: [] };
    expect(conditionsFor({ $or: [] }, 'artifact.created')).toEqual({ all: [never] });
    expect(conditionsFor({ $not: { $and: [] } }, 'artifact.created')).toEqual({ all: [never] });
    expect(conditionsFor({ $nor: [] }, 'artifact.created')).toEqual({ all: [] });
    expect(conditionsFor({ $and: [] }, 'artifact.created')).toEqual({ all: [] });
  });

  test('gives facts of different windows different names, whatever the metrics are called', () => {
    const names = [
      'a',
      'last:a',
      '5:a',
      '5/3:a',
      '/3:a',
      'avg:5:a',
      'min-samples=3:a',
      'metric:last:a',
      'state',
      'field:a',
      'finite:a',
      '1:a',
      '5:5:a',
      'zscore:run:30:a',
    ];
    const windows = [
      {},
      { agg: 'avg', window: 5 },
      { agg: 'avg', window: 5, minSamples: 3 },
      { agg: 'min', window: 5 },
    ];
    const changes = [{ kind: 'absolute' }, { kind: 'relative' }, { kind: 'relative', agg: 'avg', window: 5 }];
    const $or = names.flatMap((name) => [
      ...windows.map((window) => ({ $metric: { name, ...window, $gt: 0 } })),
      ...changes.map((change) => ({ $change: { name, ...change, amount: 1 } })),
      { $metric: { name, $finite: true } },
      { $zscore: { name, threshold: 1 } },
      { $zscore: { name, threshold: 1, over: 'project' } },
    ]);
    const conditions = conditionsFor({ $or, a: 1, 'metric:last:a': 1, state: 1 }, 'run.metrics');
    const facts = JSON.stringify(conditions).match(/"fact":"[^"]*"/g) ?? [];
    expect(facts).toHaveLength(names.length * 10 + 3);
    expect(new Set(facts).size).toBe(facts.length);
  });
});
