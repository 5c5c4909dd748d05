import { fromWandb, type JsonObject } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { judge } from '../support/kleene.js';
import { disabled, equalInMeaning, refusedDeliberately, simplifiedLoosely } from './case-lists.js';
import {
  type Case,
  caseOf,
  cases,
  createForm,
  faults,
  options,
  read,
  readWithWarnings,
  roundTrip,
  told,
  unfolded,
  type Wire,
  withAction,
  withEvent,
  withFields,
  write,
} from './cases.js';
import { facts } from './facts.js';
import { meaningOfRunFilter, withSortedStates } from './meaning.js';

const accepted = (kind: Case['kind'], prefix = ''): Case[] =>
  cases.filter(
    ({ id, ...each }) =>
      each.kind === kind &&
      each.outcome === 'accept' &&
      id.startsWith(prefix) &&
      ![disabled, equalInMeaning, refusedDeliberately].some((list) => id in list) &&
      !(id in facts),
  );

const named = (list: readonly Case[]): [string, Case][] => list.map((each) => [each.id, each]);

describe('events', () => {
  test.each(named(accepted('event')))('%s', (id, { wire, raw }) => {
    const scopeType = id === 'scope-metric-on-org' ? 'ORGANIZATION' : wire.scopeType;
    const form = { ...withEvent({ ...wire, scopeType }, raw), scopeType: wire.scopeType };
    const definition = roundTrip(form);
    const { filter } = wire;
    if (wire.eventType.startsWith('RUN')) {
      expect(definition.event.type).toBe(wire.eventType === 'RUN_STATE' ? 'run.state' : 'run.metrics');
      expect(withSortedStates(definition.event.filter)).toEqual(withSortedStates(meaningOfRunFilter(filter)));
    }
    // In every nesting: as an object, as text, as text of a text, and as their API nests what it has saved.
    const spellings = [
      filter,
      JSON.stringify(filter),
      JSON.stringify(raw),
      { ...filter, run_filter: filter.run_filter },
    ];
    for (const eventFilter of spellings) expect(read({ ...form, eventFilter })).toEqual(definition);
    for (const nested of [{ filter }, { filter: raw }, JSON.stringify({ filter })]) {
      expect(read({ ...form, eventFilter: nested })).toEqual(definition);
    }
  });
});

describe('filters', () => {
  test.each(named(accepted('filter')))('%s', (id, { wire, input }) => {
    const isOperator = Object.keys(wire).some((key) => /^\$(?!and|or|nor|not)/.test(key));
    const asFilter = (filter: Wire): Wire => (isOperator ? { myField: filter } : filter);
    const form = withFields(asFilter(wire));
    const definition = roundTrip(withFields(asFilter(canonical(wire))));
    expect(read(form)).toEqual(definition);
    if (input === undefined) return;
    const given = read(withFields(asFilter(input)));
    const isLoose = simplifiedLoosely.includes(id);
    for (const facts of worlds.filter((world) => !isLoose || typeof world['field:myField'] === 'number')) {
      expect(judge(given.event.filter ?? {}, facts)).toBe(judge(definition.event.filter ?? {}, facts));
    }
  });

  test.each(Object.keys(equalInMeaning))('%s: is written another way', (id) => {
    const [given, expected] = equalInMeaning[id] as readonly [Wire, Wire];
    const definition = roundTrip(withFields(given), withFields(expected));
    expect(read(withFields(expected))).toEqual(definition);
  });

  test.each(Object.entries(refusedDeliberately))('%s: is refused loudly', (id, [fault]) => {
    const { wire } = caseOf(id);
    const bare = Object.keys(wire).every((key) => key === '$regex');
    expect(faults(createForm({ eventFilter: bare ? { myField: wire } : wire }))).toContain(fault);
  });
});

/** What W&B's own form of an equality is. */
function canonical(filter: Wire): Wire {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return filter;
  const entries = Object.entries(filter as JsonObject).map(([key, value]) => {
    if (Array.isArray(value) && /^\$(and|or|nor)$/.test(key)) return [key, value.map(canonical)];
    const isField = !key.startsWith('$') && (typeof value !== 'object' || value === null);
    return [key, isField ? { $eq: value } : value];
  });
  return Object.fromEntries(entries);
}

/** Every combination of values that tell the filters of the cases apart. */
const worlds = [undefined, 0, 1, 2, 'a'].flatMap((a) =>
  [undefined, 2, 3].flatMap((b) =>
    [undefined, 1, 2, 3, 'Hello!'].map((field) => {
      const facts = { 'field:a': a, 'field:b': b, 'field:myField': field, 'field:tag': a };
      return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
    }),
  ),
);

describe('actions', () => {
  test.each(named(accepted('action', 'action-')))('%s', (_, { wire }) => {
    const config = camelCased(wire.config);
    const definition = roundTrip(withAction({ ...wire, config }));
    expect(read(withAction(wire))).toEqual(definition);
    const [fields] = Object.values(config) as [Wire];
    const { integrationID, requestPayload, noOp, ...texts } = fields;
    const payload = requestPayload === undefined ? {} : { payload: JSON.parse(requestPayload) };
    const expected = noOp ? {} : { integrationId: 'integration-7', ...texts, ...payload };
    expect(definition.action).toEqual({ type: types[wire.actionType as keyof typeof types], ...expected });
  });
});

const types = { NOTIFICATION: 'notification', GENERIC_WEBHOOK: 'webhook', NO_OP: 'none' };

/** What their SDK dumps with names of its own, as it goes over the wire. */
function camelCased(value: Wire): Wire {
  if (typeof value !== 'object' || value === null) return value;
  const { action_type, ...rest } = value;
  const entries = Object.entries(rest).map(([key, each]) => [
    key === 'integration_id' ? 'integrationID' : key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    camelCased(each),
  ]);
  return Object.fromEntries(entries);
}

describe('automations', () => {
  test.each(named(accepted('automation', 'automation-create')))('%s', (_, { wire }) => {
    const definition = roundTrip(wire);
    expect(definition).toMatchObject({ name: wire.name, enabled: wire.enabled });
    expect(definition.description).toBe(wire.description);
  });

  test.each(named(accepted('automation', 'automation-saved')))('%s', (_, { wire, normalised }) => {
    const { value, warnings } = readWithWarnings(wire);
    expect(value).toMatchObject({
      name: 'test-automation',
      description: 'test description',
      enabled: normalised.enabled,
      event: { scope: options.scopes.UHJvamVjdDox },
    });
    const isQuirk = wire.event.filter.includes('$eq') && normalised.eventType === 'RUN_METRIC';
    const filter = normalised.filter.filter ?? normalised.filter;
    if (isQuirk) expect(value.event.filter).toMatchObject({ $metric: { name: 'm', $eq: 0 } });
    else {
      expect(warnings.filter(({ code }) => code !== 'not_convertible')).toEqual([]);
      const written = write(value);
      const eventFilter = 'run_filter' in filter ? { metric_filter: null, ...filter } : filter;
      const expected = 'run_state_filter' in filter ? filter : eventFilter;
      expect(unfolded(written.eventFilter)).toEqual({
        ...expected,
        ...('run_metric_filter' in filter ? { metric_filter: null } : {}),
      });
      expect(written).toMatchObject({
        scopeType: normalised.scopeType,
        triggeringEventType: normalised.eventType,
        triggeredActionType: normalised.actionType,
      });
    }
  });

  test.each(named(accepted('automation', 'automation-update')))('%s', (_, { wire }) => {
    const { id, ...updated } = wire.updateInput;
    expect(id).toBe(wire.before.id);
    roundTrip(updated);
    expect(read(wire.updateInput)).toEqual(read(updated));
    expect(read(wire.before)).toMatchObject({ description: 'test description', enabled: true });
  });

  test.each(Object.entries(disabled))('%s: is read disabled, with a warning', (id, form) => {
    const wire = form(caseOf(id).wire);
    const { value, warnings } = readWithWarnings(wire);
    expect(value.enabled).toBe(false);
    expect(told(warnings).some((each) => each.startsWith('not_convertible '))).toBe(true);
    expect(fromWandb({ ...wire, enabled: true }, options)).toEqual(fromWandb(wire, options));
  });
});
