import { fromWandb, toWandb, type WandbOptions } from 'tocsin';
import { describe, expect, test } from 'vitest';
import {
  caseOf,
  createForm,
  integrationId,
  options,
  read,
  readWithWarnings,
  roundTrip,
  told,
  unsayable,
  type Wire,
  withAction,
  withEvent,
  withFields,
  write,
} from './cases.js';

const saved = caseOf('automation-saved-updated-at').wire;
const collectionScope = caseOf('scope-collection-portfolio').wire;
const organizationScope = caseOf('scope-org').wire;

describe('what the wire form does not say', () => {
  test.each<[string, Wire, WandbOptions, string, string]>([
    [
      'who owns the project',
      saved,
      {},
      'required scope',
      'Expected options.entity to say who owns the project, got nothing',
    ],
    [
      'which scope an id is',
      createForm(),
      { entity: 'e' },
      'required scopeID',
      'Expected options.scopes["UHJvamVjdDoyMDI="] to say which scope this is, got nothing',
    ],
    [
      'where a collection is',
      { ...saved, scope: collectionScope },
      { entity: 'e' },
      'required scope.id',
      'Expected options.scopes["QXJ0aWZhY3RDb2xsZWN0aW9uOjEwMQ=="] to say which scope this is, got nothing',
    ],
    [
      'what your events call an organization',
      { ...saved, scope: organizationScope },
      { entity: 'e' },
      'required scope',
      'Expected options.organization to say how your events name it, got nothing',
    ],
    [
      'that an id is of another kind',
      createForm({ scopeType: 'ENTITY' }),
      options,
      'invalid_value scopeID',
      'Expected options.scopes["UHJvamVjdDoyMDI="] to be of kind ENTITY, got a project',
    ],
  ])('is asked for by the name of the option: %s', (_, wire, given, fault, message) => {
    const { issues = [] } = fromWandb(wire, given);
    expect(told(issues)).toEqual([fault]);
    expect(issues[0]?.message).toBe(message);
  });

  test('an integration may be left as it is, with a warning', () => {
    const wire = caseOf('automation-saved-notification-nulls').wire;
    const without = { ...options, integrations: {} };
    const { value, warnings } = fromWandb(wire, without) as Wire;
    expect(value.action).toEqual({ type: 'notification', integrationId, title: '', message: '', severity: 'INFO' });
    expect(told(warnings)).toEqual(['unknown_integration action.integration.id']);
    expect(readWithWarnings(wire).warnings).toEqual([]);
    expect(told((toWandb(value, without) as Wire).warnings)).toEqual(['unknown_integration action.integrationId']);
  });
});

describe('what would be lost', () => {
  test('all faults are told at once, each with its place', () => {
    const wire = createForm({
      triggeringEventType: 'RUN_METRIC',
      scopeID: 'x',
      eventFilter: JSON.stringify({
        run_filter: '{"$and":[{"display_name":{"$like":"x"}},{"$lt":1}]}',
        run_metric_filter: { threshold_filter: { name: '', cmp_op: '$gt', threshold: '1' } },
      }),
      triggeredActionType: 'FUTURE',
    });
    expect(told(fromWandb(wire, options).issues ?? [])).toEqual([
      'required scopeID',
      'invalid_value eventFilter.run_metric_filter.threshold_filter.name',
      'invalid_type eventFilter.run_metric_filter.threshold_filter.threshold',
      'not_convertible triggeredActionType',
    ]);
  });

  test('a run filter that can’t be read is an issue, not “every run”', () => {
    const run_metric_filter = { threshold_filter: { name: 'm', cmp_op: '$gt', threshold: 1 } };
    const withRuns = (run_filter: unknown): Wire =>
      withEvent({ eventType: 'RUN_METRIC', filter: { run_filter, run_metric_filter } });
    for (const run_filter of ['{', '[]', '5', 'null', '{"$or":{}}', '{"display_name":{"$like":"x"}}', 5]) {
      const { issues = [] } = fromWandb(withRuns(run_filter), options);
      expect(issues.map(({ path }) => path.startsWith('eventFilter.run_filter'))).toEqual([true]);
    }
  });

  test('what is known to the definition only is told where it stands in the wire form', () => {
    const groups = (...$and: Wire[]): Wire => createForm({ eventFilter: { $or: [{ $and }] } });
    const told1 = (wire: Wire): string[] => told(fromWandb(wire, options).issues ?? []);
    const bad = { alias: { $regex: '(' } };
    expect(told1(groups(bad))).toEqual(['invalid_pattern eventFilter.$or[0].$and[0].alias.$regex']);
    expect(told1(groups({ tag: 'x' }, bad))).toEqual(['invalid_pattern eventFilter.$or[0].$and[1].alias.$regex']);
    expect(told1(createForm({ eventFilter: { filter: { $nor: [bad] } } }))).toEqual([
      'invalid_pattern eventFilter.filter.$nor[0].alias.$regex',
    ]);
    const runs = withFields({ $and: [{ display_name: 'x' }, { tags: { $regex: '(' } }] });
    expect(told1(runs)).toEqual(['invalid_pattern eventFilter.run_filter.$and[0].$and[1].tag.$regex']);
    expect(told1(createForm({ name: '' }))).toEqual(['invalid_value name']);
    expect(told1({ ...saved, name: null, enabled: 'yes' })).toEqual(['required name', 'invalid_type enabled']);
    const zscore_filter = { name: 'm', window_size: 1 };
    expect(
      told1(withEvent({ eventType: 'RUN_METRIC_ZSCORE', filter: { run_metric_filter: { zscore_filter } } })),
    ).toEqual(['invalid_value eventFilter.run_metric_filter.zscore_filter.window']);
    const onCollection = {
      scopeType: 'ARTIFACT_COLLECTION',
      eventType: 'RUN_STATE',
      filter: { run_state_filter: { states: 'FAILED' } },
    };
    expect(told1(withEvent(onCollection))).toEqual(['scope_not_supported scopeID']);
  });

  test('what a saved automation has besides is told as a warning, in a create form as an issue', () => {
    const { value, warnings } = readWithWarnings({
      ...saved,
      owner: { name: 'ada' },
      scope: { ...saved.scope, id: 'x', size: 1 },
    });
    expect(value).toEqual(read(saved));
    expect(told(warnings)).toEqual(['unknown_key owner', 'unknown_key scope.size']);
    expect(told(fromWandb(createForm({ owner: {} }), options).issues ?? [])).toEqual(['unknown_key owner']);
    const config = { notificationActionInput: { integrationID: integrationId, color: 'red' } };
    expect(told(readWithWarnings(withAction({ actionType: 'NOTIFICATION', config })).warnings)).toEqual([
      'unknown_key triggeredActionConfig.notificationActionInput.color',
    ]);
  });

  test('an old metric_filter alone is read; one that says something else is an issue', () => {
    const old = { name: 'm', agg_op: 'AVERAGE', window_size: 5, cmp_op: '$gt', threshold: 0 };
    const withOld = (more: Wire): Wire =>
      withEvent({ eventType: 'RUN_METRIC', filter: { metric_filter: JSON.stringify(old), ...more } });
    const expected = { $metric: { name: 'm', agg: 'avg', window: 5, $gt: 0 } };
    expect(read(withOld({})).event.filter).toEqual(expected);
    expect(read(withOld({ run_metric_filter: { threshold_filter: old } })).event.filter).toEqual(expected);
    const other = { threshold_filter: { ...old, threshold: 1 } };
    expect(told(fromWandb(withOld({ run_metric_filter: other }), options).issues ?? [])).toEqual([
      'invalid_value eventFilter.metric_filter',
    ]);
  });

  test('a webhook without a payload posts something here: a warning, both ways', () => {
    const { value, warnings } = readWithWarnings(caseOf('automation-saved-webhook-null-payload').wire);
    expect(value.action).toEqual({ type: 'webhook', integrationId: 'integration-7' });
    expect(told(warnings)).toEqual(['not_convertible action.requestPayload']);
    expect(told((toWandb(value, options) as Wire).warnings)).toEqual(['not_convertible action.payload']);
  });

  test('a filter of Weave’s that is none of ours is left out of what is disabled', () => {
    const weave = { ...saved.event, eventType: 'WEAVE_METRIC_THRESHOLD', filter: '{"op":{"$like":{"a":1}}}' };
    const { value, warnings } = readWithWarnings({ ...saved, event: weave });
    expect(value).toMatchObject({ enabled: false, event: { type: 'custom.weave-metric-threshold' } });
    expect(value.event.filter).toBeUndefined();
    expect(told(warnings)).toEqual(['not_convertible event.eventType', 'not_convertible event.filter']);
    expect(unsayable(value)).toEqual(['not_convertible event.type']);
  });

  test('a metric filter that contradicts the event’s type counts, with a warning', () => {
    const filter = {
      run_metric_filter: { zscore_filter: { name: 'm', window_size: 5, threshold: 2, change_dir: 'ANY' } },
    };
    const right = readWithWarnings(withEvent({ eventType: 'RUN_METRIC_ZSCORE', filter }));
    const wrong = readWithWarnings(withEvent({ eventType: 'RUN_METRIC', filter }));
    expect(wrong.value).toEqual(right.value);
    expect(right.warnings).toEqual([]);
    expect(told(wrong.warnings)).toEqual(['invalid_value eventFilter.run_metric_filter']);
  });

  test('a field that nobody knows is told once, and kept', () => {
    const form = withFields({ created_at: { $gt: 1 } });
    expect(told(readWithWarnings(form).warnings)).toEqual(['unknown_field eventFilter.$or[0].$and[0].created_at']);
    expect(told((toWandb(read(form), options) as Wire).warnings)).toEqual(['unknown_field event.filter.created_at']);
    expect(readWithWarnings(withFields({ 'metadata.owner': { $eq: 'ada' } })).warnings).toEqual([]);
  });

  test('several groups, as the editor of W&B’s app makes them, stay groups', () => {
    const groups = {
      $or: [{ $and: [{ alias: { $eq: 'a' } }] }, { $and: [{ tag: { $eq: 'b' } }, { alias: { $eq: 'c' } }] }],
    };
    expect(roundTrip(createForm({ eventFilter: JSON.stringify(groups) })).event.filter).toEqual(groups);
    roundTrip(createForm({ eventFilter: JSON.stringify({ $or: [{ $and: [groups] }] }) }));
  });

  test('every key counts: beside $and in a run filter, and beside filter', () => {
    const run_metric_filter = { threshold_filter: { name: 'm', cmp_op: '$gt', threshold: 1 } };
    const run_filter = { $and: [{ display_name: 'x' }], tags: 'y' };
    expect(
      read(withEvent({ eventType: 'RUN_METRIC', filter: { run_filter, run_metric_filter } })).event.filter,
    ).toEqual({
      $and: [{ $metric: { name: 'm', $gt: 1 } }, { $and: [{ $and: [{ name: { $eq: 'x' } }] }, { tag: { $eq: 'y' } }] }],
    });
    const beside = { filter: { $or: [] }, alias: 'x' };
    expect(told(fromWandb(createForm({ eventFilter: beside }), options).issues ?? [])).toEqual([
      'not_convertible eventFilter.filter.$or',
    ]);
  });

  test('a severity is read in any case', () => {
    const config = (severity: string): Wire => ({
      notificationActionInput: { integrationID: integrationId, severity },
    });
    const severities = [' error ', 'Warn', 'INFO'].map(
      (each) => read(withAction({ actionType: 'notification', config: config(each) })).action,
    );
    expect(severities).toMatchObject([{ severity: 'ERROR' }, { severity: 'WARN' }, { severity: 'INFO' }]);
  });

  test('a payload is an object, as text or as it is', () => {
    const withPayload = (requestPayload: unknown): Wire => {
      const config = { genericWebhookActionInput: { integrationID: integrationId, requestPayload } };
      return withAction({ actionType: 'GENERIC_WEBHOOK', config });
    };
    for (const given of [{}, '{}', '"{}"']) expect(read(withPayload(given)).action).toMatchObject({ payload: {} });
    for (const given of ['[1]', '5', 'null', '"5"', '"x"', '', 5, [1]]) {
      const { issues = [] } = fromWandb(withPayload(given), options);
      expect(issues.map(({ path }) => path)).toEqual([
        'triggeredActionConfig.genericWebhookActionInput.requestPayload',
      ]);
    }
  });

  test('what null asks is asked here too: is it missing, or null', () => {
    const missing = { $or: [{ tag: { $exists: false } }, { tag: { $eq: null } }] };
    for (const [given, expected] of [
      [{ tags: null }, missing],
      [{ tags: { $eq: null } }, missing],
      [{ tags: { $ne: null } }, { $nor: missing.$or }],
    ]) {
      const definition = read(withFields({ $and: [{ display_name: 'x' }, given] }));
      expect(definition.event.filter).toMatchObject({ $and: [{}, { $and: [{ name: { $eq: 'x' } }, expected] }] });
      expect(read(write(definition))).toEqual(definition);
    }
  });
});
