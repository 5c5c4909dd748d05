import { fromWandb, toWandb } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { fastest } from '../support/fastest.js';
import { cycle, nested, notJson, prototypeKeys } from '../support/hostile.js';
import { caseOf, createForm, faults, options, read, type Wire, withAction, withEvent } from './cases.js';

const saved = caseOf('automation-saved-run-metric').wire;
const metric = { threshold_filter: { name: 'm', agg_op: null, window_size: 1, cmp_op: '$gt', threshold: 0 } };
const payload = (requestPayload: Wire): Wire =>
  withAction({
    actionType: 'GENERIC_WEBHOOK',
    config: { genericWebhookActionInput: { integrationID: 'i', requestPayload } },
  });

/** The places of both forms where a stranger's value can stand. */
const places: Readonly<Record<string, (value: unknown) => unknown>> = {
  '': (value) => value,
  name: (name) => createForm({ name: name ?? 5 }),
  scopeID: (scopeID) => createForm({ scopeID }),
  triggeringEventType: (triggeringEventType) => createForm({ triggeringEventType }),
  triggeredActionType: (triggeredActionType) => createForm({ triggeredActionType }),
  triggeredActionConfig: (triggeredActionConfig) => createForm({ triggeredActionConfig }),
  eventFilter: (eventFilter) => createForm({ eventFilter }),
  'eventFilter.$or': ($or) => createForm({ eventFilter: { $or } }),
  'eventFilter.$not': ($not) => createForm({ eventFilter: { $not: $not ?? 5 } }),
  'eventFilter.run_filter': (run_filter) =>
    withEvent({ eventType: 'RUN_METRIC' }, { run_filter: run_filter ?? '{', run_metric_filter: metric }),
  'eventFilter.run_metric_filter': (run_metric_filter) => withEvent({ eventType: 'RUN_METRIC' }, { run_metric_filter }),
  scope: (scope) => ({ ...saved, scope }),
  event: (event) => ({ ...saved, event }),
  action: (action) => ({ ...saved, action }),
};

describe('an automation of W&B’s from a stranger', () => {
  describe.each(notJson)('that holds %s', (_, value) => {
    test.each(Object.entries(places))('at "%s" has an issue there', (path, put) => {
      const given = faults(put(value));
      expect(given.length).toBeGreaterThan(0);
      for (const fault of given) expect(fault.split(' ')[1]?.startsWith(path)).toBe(true);
    });
  });

  test.each([null, 'a', 5, ['$and']])('that has %j for a group has an issue there', (group) => {
    expect(faults(createForm({ eventFilter: { $or: [group] } }))).toEqual(['invalid_type eventFilter.$or[0]']);
    expect(faults(createForm({ eventFilter: JSON.stringify({ $or: [{ $and: [] }, group] }) }))).toEqual([
      'invalid_type eventFilter.$or[1]',
    ]);
  });

  test.each(prototypeKeys)('may not have the key %s anywhere, nor in any text', (key) => {
    const text = `{"${key}":{"polluted":true}}`;
    for (const [path, put] of Object.entries(places)) {
      const isRead = path === '' || path.startsWith('eventFilter') || path.endsWith('Config');
      for (const value of isRead && !path.includes('$') ? [JSON.parse(text), text] : [JSON.parse(text)]) {
        expect(faults(put(value))).toEqual([`forbidden_key ${path === '' ? key : `${path}.${key}`}`]);
      }
    }
    expect(faults(payload(`{"a":[${text}]}`))).toEqual([
      `forbidden_key triggeredActionConfig.genericWebhookActionInput.requestPayload.a[0].${key}`,
    ]);
    expect('polluted' in {}).toBe(false);
  });

  test('of depth 10,000 has an issue, as an object and in every text', () => {
    const deep = nested(10_000, ($not) => ({ $not }));
    const text = `${'{"$not":'.repeat(10_000)}{}${'}'.repeat(10_000)}`;
    for (const eventFilter of [deep, text, JSON.stringify(text), { $or: [deep] }, `{"filter":${text}}`]) {
      expect(faults(createForm({ eventFilter }))[0]).toMatch(/^limit_exceeded eventFilter/);
    }
    for (const run_filter of [deep, text]) {
      const form = withEvent({ eventType: 'RUN_METRIC' }, { run_filter, run_metric_filter: metric });
      expect(faults(form)[0]).toMatch(/^limit_exceeded eventFilter\.run_filter/);
    }
    expect(faults(payload(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`))[0]).toMatch(/^limit_exceeded /);
    expect(faults(nested(10_000, (inner) => [inner]))).toHaveLength(1);
    expect(faults(cycle())).toHaveLength(1);
    expect(faults(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toEqual([`limit_exceeded ${'[0]'.repeat(41)}`]);
  });

  test('of 10 MB is refused within 50 ms, wherever it is', () => {
    const large = 'x'.repeat(10_000_000);
    const list = `[${'1,'.repeat(240_000)}1]`;
    const strings = JSON.stringify(JSON.stringify(JSON.stringify(list)));
    const many = Array.from({ length: 1_000_000 }, () => 1);
    const valid = `[${'1,'.repeat(5_000_000)}1]`;
    for (const value of [large, `"${large}`, valid, list, strings, many]) {
      for (const put of [
        places[''],
        places['eventFilter'],
        places['eventFilter.$or'],
        places['eventFilter.run_filter'],
      ]) {
        const given = put?.(value);
        expect(fastest(() => expect(faults(given)).toHaveLength(1))).toBeLessThan(50);
      }
      expect(fastest(() => expect(faults(payload(value))).toHaveLength(1))).toBeLessThan(50);
    }
  });

  test('may be as large as a definition may be', () => {
    const ids = Array.from({ length: 900 }, (_, index) => `alias-${index}`);
    const { event } = read(createForm({ eventFilter: JSON.stringify({ alias: { $in: ids } }) }));
    expect(event.filter).toEqual({ alias: { $in: ids } });
    const depth = (levels: number): Wire =>
      createForm({ eventFilter: JSON.stringify(nested(levels, ($not) => ({ $not }))) });
    // The definition's own limit, of 32 levels, two of which are around the filter.
    expect(faults(depth(30))).toEqual([]);
    expect(faults(depth(31))).toEqual([`limit_exceeded eventFilter${'.$not'.repeat(31)}`]);
    const deeper = { ...options, limits: { definitionDepth: 50 } };
    expect(fromWandb(depth(31), deeper).issues).toBeUndefined();
  });

  test('may not have integers that would become others', () => {
    expect(faults(payload('{"id":12345678901234567890}'))).toEqual([
      'invalid_value triggeredActionConfig.genericWebhookActionInput.requestPayload',
    ]);
    expect(faults(payload('{"id":"12345678901234567890","size":9007199254740993}'))).toHaveLength(1);
    expect(faults(payload('{"id":"12345678901234567890","size":1e20,"half":0.5,"two":2.0}'))).toEqual([]);
    expect(faults(payload('{"size":1e999}'))).toHaveLength(1);
  });

  test('may have texts that look like JSON, or like anything else', () => {
    const texts = ['{"a":1}', '[', '${alias}', '__proto__', 'null', ' '];
    for (const title of texts) {
      const config = { notificationActionInput: { integrationID: 'i', title } };
      const form = withAction({ actionType: 'NOTIFICATION', config });
      expect(read({ ...form, name: title, description: title })).toMatchObject({
        name: title,
        description: title,
        action: { title },
      });
      expect(read(createForm({ eventFilter: { alias: title } })).event.filter).toEqual({ alias: { $eq: title } });
    }
  });

  test('is not changed by what happens to it later, nor changes it', () => {
    const form = createForm({ eventFilter: { alias: { $in: ['a'] } } });
    const before = JSON.stringify(form);
    const definition = read(form);
    expect(JSON.stringify(form)).toBe(before);
    form.eventFilter.alias.$in.push('b');
    expect(definition.event.filter).toEqual({ alias: { $in: ['a'] } });
  });
});

describe('what is to be written in W&B’s form', () => {
  test('is checked as every definition is', () => {
    for (const [, value] of notJson) expect(toWandb(value as never, options).issues).toHaveLength(1);
    const { value: _, ...rest } = { value: 1, ...read(createForm()) };
    expect(toWandb({ ...rest, name: '' }, options).issues).toMatchObject([{ path: 'name' }]);
    expect(toWandb({ ...rest, foo: 1 } as never, options).issues).toMatchObject([{ code: 'unknown_key', path: 'foo' }]);
  });

  test('asks no prototype for ids', () => {
    const { event, ...rest } = read(createForm());
    const action = {
      type: 'notification',
      integrationId: 'constructor',
      title: '',
      message: '',
      severity: 'INFO',
    } as const;
    const { value, warnings } = toWandb({ ...rest, event, action }, { ...options, integrations: {} }) as Wire;
    expect(value.triggeredActionConfig.notificationActionInput.integrationID).toBe('constructor');
    expect(warnings).toMatchObject([{ code: 'unknown_integration', path: 'action.integrationId' }]);
    expect(faults(createForm({ scopeID: 'toString' }))).toEqual(['required scopeID']);
    expect(faults(createForm({ triggeringEventType: 'toString' }))).toEqual(['unknown_event_type triggeringEventType']);
  });
});
