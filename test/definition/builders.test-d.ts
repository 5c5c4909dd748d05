import {
  and,
  artifactEvent,
  callHandler,
  collection,
  createEngine,
  type FilterExpression,
  type FilterJson,
  onAddArtifactAlias,
  onCreateArtifact,
  onRunAlert,
  onRunMetric,
  onRunState,
  organization,
  type ParseResult,
  parseAutomation,
  project,
  registry,
  runEvent,
  sendNotification,
  type ThresholdBuilder,
  type Trigger,
  team,
  type WindowBuilder,
  type ZScoreBuilder,
} from 'tocsin';
import { describe, expectTypeOf, test } from 'vitest';

const scope = project('my-team', 'my-project');
const models = collection(registry('my-team', 'models'), 'digits');
const loss = runEvent.metric('loss').gt(1);

describe('a metric', () => {
  test('can be compared as it is or aggregated once', () => {
    expectTypeOf(runEvent.metric('loss').gt(1)).toEqualTypeOf<FilterExpression>();
    expectTypeOf(runEvent.metric('loss').avg(5)).toEqualTypeOf<WindowBuilder>();
    expectTypeOf(runEvent.metric('loss').avg(5, { minSamples: 2 })).toEqualTypeOf<ThresholdBuilder>();
    expectTypeOf(runEvent.metric('loss').avg(5, { minSamples: 2 }).lt(1)).toEqualTypeOf<FilterExpression>();
  });

  test('that is aggregated cannot be aggregated again', () => {
    // @ts-expect-error no second aggregation
    runEvent.metric('loss').avg(5).max(3);
    // @ts-expect-error no second aggregation
    runEvent.metric('loss').min(5).mean(3);
    expectTypeOf<ThresholdBuilder>().not.toHaveProperty('avg');
    expectTypeOf<FilterExpression>().not.toHaveProperty('avg');
  });

  test('is compared with numbers, over a window of numbers', () => {
    // @ts-expect-error a text is no number
    runEvent.metric('loss').gt('1');
    // @ts-expect-error a window is needed
    runEvent.metric('loss').avg();
    // @ts-expect-error a window is a number
    runEvent.metric('loss').avg('5');
    // @ts-expect-error an unknown option
    runEvent.metric('loss').avg(5, { samples: 2 });
    // @ts-expect-error a metric needs a name
    runEvent.metric();
    // @ts-expect-error a metric is asked for no pattern
    runEvent.metric('loss').regex('x');
  });

  test('changes by a number or by a fraction, never both, and its windows say themselves how many values they need', () => {
    expectTypeOf(runEvent.metric('loss').changesBy({ diff: 1 })).toEqualTypeOf<FilterExpression>();
    runEvent.metric('loss').avg(5).increasesBy({ frac: 0.1, priorWindow: 10, minSamples: 8 });
    // @ts-expect-error both
    runEvent.metric('loss').changesBy({ diff: 1, frac: 0.1 });
    // @ts-expect-error neither
    runEvent.metric('loss').decreasesBy({});
    // @ts-expect-error how few values will do is said once
    runEvent.metric('loss').avg(5, { minSamples: 2 }).changesBy({ diff: 1 });
    // @ts-expect-error a change is a whole question
    runEvent.metric('loss').changesBy({ diff: 1 }).gt(0);
  });

  test('has a z-score that is compared once, by its size or with its sign', () => {
    expectTypeOf(runEvent.metric('loss').zscore()).toEqualTypeOf<ZScoreBuilder>();
    expectTypeOf(runEvent.metric('loss').zscore(50, { over: 'project' }).abs().gt(3)).toEqualTypeOf<FilterExpression>();
    // @ts-expect-error a size is never below 0
    runEvent.metric('loss').zscore().abs().lt(3);
    // @ts-expect-error no second size
    runEvent.metric('loss').zscore().abs().abs();
    // @ts-expect-error a z-score is no window
    runEvent.metric('loss').zscore().avg(5);
    // @ts-expect-error an aggregated metric has no z-score
    runEvent.metric('loss').avg(5).zscore();
    // @ts-expect-error equality with a z-score means nothing
    runEvent.metric('loss').zscore().eq(3);
    // @ts-expect-error over what there is
    runEvent.metric('loss').zscore(30, { over: 'team' });
  });

  test('is finite or not only as it is', () => {
    expectTypeOf(runEvent.metric('loss').isNotFinite()).toEqualTypeOf<FilterExpression>();
    // @ts-expect-error not of an aggregate
    runEvent.metric('loss').avg(5).isNotFinite();
  });

  test('alone is no filter', () => {
    // @ts-expect-error not compared with anything
    onRunMetric({ scope, filter: runEvent.metric('loss') });
    // @ts-expect-error not compared with anything
    onRunMetric({ scope, filter: runEvent.metric('loss').avg(5) });
    // @ts-expect-error not compared with anything
    loss.and(runEvent.name);
  });
});

describe('a state', () => {
  test('is one of those that runs have', () => {
    runEvent.state.in(['running', 'finished', 'failed', 'crashed', 'killed']);
    // @ts-expect-error no such state
    runEvent.state.eq('finish');
    // @ts-expect-error no such state
    runEvent.state.in(['finished', 'succeeded']);
    // @ts-expect-error a list goes to in
    runEvent.state.eq(['finished']);
    // @ts-expect-error states have no order
    runEvent.state.gt('finished');
  });
});

describe('a field', () => {
  test('is compared with single values', () => {
    artifactEvent.metadata('accuracy').gte(0.9);
    runEvent.tag.in(['a', 1, true, null]);
    // @ts-expect-error a list goes to in
    artifactEvent.alias.eq(['production']);
    // @ts-expect-error a single value goes to eq
    runEvent.tag.in('a');
    // @ts-expect-error an object is no value
    runEvent.name.eq({ fact: 'x' });
    // @ts-expect-error a pattern is a text
    runEvent.name.regex(/^prod-/);
    // @ts-expect-error fields have no aggregate
    runEvent.config('lr').avg(5);
  });
});

describe('a filter', () => {
  test('combines with filters of either form', () => {
    expectTypeOf(loss.and({ name: 'x' }).or(loss).not()).toEqualTypeOf<FilterExpression>();
    expectTypeOf(and(loss, { $or: [{ user: { $in: ['ada'] } }] })).toEqualTypeOf<FilterExpression>();
    expectTypeOf(loss.toJSON()).toEqualTypeOf<FilterJson>();
    // @ts-expect-error not a filter
    loss.and(true);
    // @ts-expect-error and takes filters
    and([loss]);
  });

  test('is never taken for a promise', () => {
    expectTypeOf<FilterExpression>().not.toHaveProperty('then');
    expectTypeOf<Awaited<FilterExpression>>().toEqualTypeOf<FilterExpression>();
  });
});

describe('a trigger', () => {
  test('knows its type of event', () => {
    expectTypeOf(onRunMetric({ scope, filter: loss })).toEqualTypeOf<Trigger<'run.metrics'>>();
    expectTypeOf(onCreateArtifact({ scope: models })).toEqualTypeOf<Trigger<'artifact.created'>>();
  });

  test('on runs takes no collection', () => {
    // @ts-expect-error runs are in no collection
    onRunMetric({ scope: models, filter: loss });
    // @ts-expect-error runs are in no collection
    onRunState({ scope: models });
    // @ts-expect-error runs are in no collection
    onRunAlert({ scope: models });
    onAddArtifactAlias({ scope: models });
    for (const wide of [organization('acme'), team('t'), scope, registry('t', 'r')]) onRunState({ scope: wide });
  });

  test('on metrics needs a filter', () => {
    // @ts-expect-error no filter
    onRunMetric({ scope });
    // @ts-expect-error no filter
    onRunMetric({ scope, filter: undefined });
    onRunState({ scope });
  });

  test('needs a scope', () => {
    // @ts-expect-error no scope
    onRunState({});
    // @ts-expect-error a name is no scope
    onCreateArtifact({ scope: 'my-team' });
    // @ts-expect-error a team holds no collection of its own
    collection(team('my-team'), 'digits');
    // @ts-expect-error a project has a name
    project('my-team');
  });
});

describe('an action', () => {
  test('has a severity that there is', () => {
    sendNotification('slack-1', { severity: 'WARN' });
    sendNotification({ id: 'slack-1' }, { level: 'error' });
    // @ts-expect-error no such severity
    sendNotification('slack-1', { severity: 'LOUD' });
    // @ts-expect-error no such severity
    sendNotification('slack-1', { level: 'warning' });
    // @ts-expect-error no such option
    sendNotification('slack-1', { body: 'x' });
    // @ts-expect-error a handler has a name
    callHandler();
  });
});

describe('parseAutomation', () => {
  test('takes anything, and gives a definition or issues', () => {
    expectTypeOf(parseAutomation).parameter(0).toBeUnknown();
    const result = parseAutomation('x');
    if (result.issues === undefined) expectTypeOf(result.value.name).toBeString();
    else expectTypeOf(result.value).toBeUndefined();
    expectTypeOf<ParseResult<string>['value']>().toEqualTypeOf<string | undefined>();
  });

  test('gives what nobody may change', () => {
    const { value } = parseAutomation('x');
    if (value === undefined) return;
    // @ts-expect-error read-only
    value.name = 'other';
    // @ts-expect-error read-only
    value.event.scope.type = 'team';
  });
});

describe('an engine', () => {
  test('needs a storage', () => {
    // @ts-expect-error no storage
    createEngine({});
  });
});
