import fc from 'fast-check';
import {
  and,
  artifactEvent,
  callHandler,
  collection,
  doNothing,
  type FilterExpression,
  type FilterInput,
  nor,
  not,
  onAddArtifactAlias,
  onCreateArtifact,
  onRunAlert,
  onRunMetric,
  onRunState,
  or,
  organization,
  parseAutomation,
  project,
  registry,
  runEvent,
  sendNotification,
  team,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import { judge } from '../support/kleene.js';
import { randomExpression } from '../support/random-expressions.js';
import { filterAndFacts, randomFilter } from '../support/random-filters.js';

const seed = 1;
const scope = project('my-team', 'my-project');
const loss = runEvent.metric('loss').gt(1);
const prod = runEvent.name.regex('^prod-');

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what the builders make', () => {
  test('is the same after it was written, parsed and written again', () => {
    fc.assert(
      fc.property(randomExpression, (filter) => {
        const input = { name: 'n', event: onRunState({ scope, filter }), action: doNothing() };
        const { value, issues } = parseAutomation(plain(input));
        expect(issues).toBeUndefined();
        const stateLists = JSON.stringify(plain(filter)).replace(/"\$state":("[a-z]+")/g, '"$state":[$1]');
        expect(plain(value?.event.filter)).toEqual(JSON.parse(stateLists));
        expect(parseAutomation(input)).toEqual(parseAutomation(plain(input)));
        expect(plain(parseAutomation(value).value)).toEqual(plain(value));
      }),
      { seed, numRuns: 1000 },
    );
  });

  test('may be awaited: nothing of it has a then', async () => {
    const made: unknown[] = [
      loss,
      loss.and(prod),
      not(loss),
      runEvent,
      runEvent.metric('loss'),
      runEvent.metric('loss').avg(3),
      runEvent.state,
      runEvent.name,
      artifactEvent,
      scope,
      onRunMetric({ scope, filter: loss }),
      sendNotification('slack-1'),
    ];
    for (const each of made) {
      expect('then' in (each as object)).toBe(false);
      expect(await each).toBe(each);
    }
    fc.assert(
      fc.property(randomExpression, (filter) => {
        expect('then' in filter).toBe(false);
      }),
      { seed, numRuns: 100 },
    );
  });

  test('is frozen', () => {
    const made = [loss, runEvent, runEvent.name, runEvent.state, artifactEvent, scope, team('t'), doNothing()];
    expect(made.every((each) => Object.isFrozen(each))).toBe(true);
    expect(Object.isFrozen(onRunState({ scope }))).toBe(true);
  });

  test('does not change with the lists it was made from', () => {
    const names = ['a'];
    const states: ('finished' | 'failed')[] = ['finished'];
    const made = [runEvent.name.in(names), runEvent.name.nin(names), runEvent.state.in(states)];
    const before = plain(made);
    names.push('b');
    states.push('failed');
    expect(plain(made)).toEqual(before);
  });
});

describe('filters', () => {
  const json = { name: { $regex: '^prod-' } };

  test('combine as expressions and as JSON alike', () => {
    expect(plain(loss.and(json))).toEqual(plain(loss.and(prod)));
    expect(plain(and(loss, json))).toEqual(plain(and(loss, prod)));
    expect(plain(or(json, prod))).toEqual({ $or: [json, json] });
    expect(plain(nor(json))).toEqual({ $nor: [json] });
    expect(plain(not(json))).toEqual({ $not: json });
    expect(plain(prod.not())).toEqual({ $not: json });
    expect(plain(onRunMetric({ scope, filter: loss.toJSON() }))).toEqual(plain(onRunMetric({ scope, filter: loss })));
  });

  test('of any number chain without growing deep', () => {
    const names = Array.from({ length: 150 }, (_, index) => `metric-${index}`);
    const each = names.map((name) => runEvent.metric(name).gt(1));
    for (const how of ['and', 'or'] as const) {
      const filter = each.reduce((chain, next) => chain[how](next));
      const event = onRunMetric({ scope, filter });
      expect(parseAutomation({ name: 'n', event, action: doNothing() }).issues).toBeUndefined();
      expect(plain(filter)).toEqual({ [`$${how}`]: plain(each) });
    }
    expect(plain(loss.and(prod).or(loss).and(prod))).toEqual({
      $and: [{ $or: [{ $and: [plain(loss), json] }, plain(loss)] }, json],
    });
  });

  test('mean together what they mean apart, in three-valued logic', () => {
    const wrap = (filter: FilterInput): FilterExpression => and(filter);
    fc.assert(
      fc.property(filterAndFacts, randomFilter, ({ filter, facts }, other) => {
        const one = judge(filter, facts);
        const two = judge(other, facts);
        const both = [one, two];
        const conjunction = both.includes(false) ? false : both.includes(undefined) ? undefined : true;
        const disjunction = both.includes(true) ? true : both.includes(undefined) ? undefined : false;
        expect(judge(wrap(filter).and(other).toJSON(), facts)).toBe(conjunction);
        expect(judge(or(filter).or(other).toJSON(), facts)).toBe(disjunction);
        expect(judge(nor(filter, other).toJSON(), facts)).toBe(disjunction === undefined ? undefined : !disjunction);
        expect(judge(wrap(filter).not().not().toJSON(), facts)).toBe(one);
      }),
      { seed, numRuns: 500 },
    );
  });

  test('of nothing hold, or do not', () => {
    expect([and(), or(), nor()].map((filter) => judge(filter.toJSON(), {}))).toEqual([true, false, true]);
  });
});

describe('the builders write', () => {
  test('conditions on metrics', () => {
    expect(plain(runEvent.metric('val/loss').lte(0.5))).toEqual({ $metric: { name: 'val/loss', $lte: 0.5 } });
    const mean = { name: 'a', agg: 'avg', window: 5, $gt: 1 };
    expect(plain(runEvent.metric('a').avg(5).gt(1))).toEqual({ $metric: mean });
    expect(plain(runEvent.metric('a').mean(5).gt(1))).toEqual({ $metric: mean });
    expect(plain(runEvent.metric('a').min(9, { minSamples: 2 }).ne(1))).toEqual({
      $metric: { name: 'a', agg: 'min', window: 9, minSamples: 2, $ne: 1 },
    });
  });

  test('questions to fields by the names that events have', () => {
    const { alias, tag, type, version, author, metadata } = artifactEvent;
    const fields = [alias, tag, type, version, author, metadata('acc')].map(
      (field) => Object.keys(field.eq(1).toJSON())[0],
    );
    expect(fields).toEqual(['alias', 'tag', 'artifactType', 'version', 'author', 'metadata.acc']);
    expect(plain(runEvent.config('lr').exists(false))).toEqual({ 'config.lr': { $exists: false } });
    expect(plain(runEvent.tag.contains('x'))).toEqual({ tag: { $contains: 'x' } });
  });

  test('scopes, triggers and actions', () => {
    const model = collection(registry('t', 'r'), 'c');
    expect(model).toEqual({ type: 'collection', entity: 't', registry: 'r', collection: 'c' });
    expect(collection(scope, 'c')).toEqual({ ...scope, type: 'collection', collection: 'c' });
    expect(onRunAlert({ scope: organization('acme') })).toEqual({
      type: 'run.alert',
      scope: { type: 'organization', organization: 'acme' },
    });
    expect(onCreateArtifact({ scope: model, filter: { artifactType: 'model' } })).toEqual({
      type: 'artifact.created',
      scope: model,
      filter: { artifactType: 'model' },
    });
    expect(onAddArtifactAlias({ scope: model }).type).toBe('artifact.alias-added');
    expect(sendNotification({ id: 'slack-1' }, { title: 'T', text: 'Look', level: 'warn' })).toEqual({
      type: 'notification',
      integrationId: 'slack-1',
      title: 'T',
      message: 'Look',
      severity: 'WARN',
    });
    expect(callHandler('stop')).toEqual({ type: 'handler', name: 'stop' });
  });
});
