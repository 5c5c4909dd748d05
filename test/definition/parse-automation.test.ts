import { parseAutomation } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type Json, parsed, parsedFilter, smallest, withFilter } from '../support/definitions.js';

function notification(fields: Json): Json {
  return { ...smallest, action: { type: 'notification', integrationId: 'slack-1', ...fields } };
}

/** Every object and list in a value that can still be changed. */
function unfrozen(value: unknown, path = 'value'): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, member]) => unfrozen(member, `${path}.${key}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

describe('a definition', () => {
  test('gets version 1 and enabled where it says nothing of them', () => {
    expect(parsed(smallest)).toEqual({ version: 1, enabled: true, ...smallest });
    expect(parsed({ ...smallest, enabled: false, version: 1 })).toMatchObject({ version: 1, enabled: false });
  });

  test('gets an empty title, an empty message and INFO for a notification that says nothing', () => {
    expect(parsed(notification({})).action).toEqual({
      type: 'notification',
      integrationId: 'slack-1',
      title: '',
      message: '',
      severity: 'INFO',
    });
  });

  test('may leave out its description, its policy and, but for run metrics, its filter', () => {
    const scope = smallest.event.scope;
    const definition = parsed({ ...smallest, event: { type: 'artifact.created', scope } });
    expect(Object.keys(definition).sort()).toEqual(['action', 'enabled', 'event', 'name', 'version']);
    expect(definition.event).toEqual({ type: 'artifact.created', scope });
  });

  test('with undefined in place of a field is a definition without it', () => {
    expect(parsed({ ...smallest, description: undefined, policy: undefined })).toEqual(parsed(smallest));
  });

  test('keeps its description and its policy as they were written', () => {
    const policy = { cooldown: '15m', per: 'run' };
    expect(parsed({ ...smallest, description: 'Why', policy })).toMatchObject({ description: 'Why', policy });
  });

  test('may count its cooldown by what its events have', () => {
    const state = (per: string) => ({ ...withFilter({ $state: 'failed' }, 'run.state'), policy: { per } });
    expect(parsed(state('run-state')).policy).toEqual({ per: 'run-state' });
    const artifact = { ...withFilter({ alias: 'production' }, 'artifact.alias-added'), policy: { per: 'collection' } };
    expect(parsed(artifact).policy).toEqual({ per: 'collection' });
  });

  test.each([0, 1500, '0s', '500ms', '1.5h', '7d', '24h'])('takes %j as a cooldown', (cooldown) => {
    expect(parsed({ ...smallest, policy: { cooldown } }).policy).toEqual({ cooldown });
  });

  test('in its canonical form is its own canonical form', () => {
    const once = parsed(notification({ text: 'Look', level: 'warn' }));
    expect(parsed(once)).toEqual(once);
    expect(parsed(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  test('of five levels of scope is accepted on artifact events', () => {
    const scopes = [
      { type: 'organization', organization: 'acme' },
      { type: 'team', entity: 'my-team' },
      { type: 'project', entity: 'my-team', project: 'p' },
      { type: 'registry', entity: 'my-team', registry: 'r' },
      { type: 'collection', entity: 'my-team', project: 'p', collection: 'c' },
      { type: 'collection', entity: 'my-team', registry: 'r', collection: 'c' },
    ];
    for (const scope of scopes) {
      expect(parsed({ ...smallest, event: { type: 'artifact.created', scope } }).event.scope).toEqual(scope);
    }
  });

  test('is frozen through and through', () => {
    const definition = parsed({
      ...notification({}),
      policy: { cooldown: 0 },
      event: {
        ...smallest.event,
        filter: { $and: [{ $metric: { name: 'a', $gt: 1 } }, { name: { $in: ['x', 'y'] } }] },
      },
    });
    expect(unfrozen(definition)).toEqual([]);
  });

  test('does not change when the object it was read from changes', () => {
    const states = ['finished'];
    const scope = { type: 'team', entity: 'my-team' };
    const input = {
      name: 'done',
      event: { type: 'run.state', scope, filter: { $state: states } },
      action: { type: 'none' },
    };
    const definition = parsed(input);
    states.push('failed');
    scope.entity = 'their-team';
    input.name = 'other';
    expect(definition).toMatchObject({ name: 'done', event: { scope: { entity: 'my-team' } } });
    expect(definition.event.filter).toEqual({ $state: ['finished'] });
    expect(Object.isFrozen(input) || Object.isFrozen(scope) || Object.isFrozen(states)).toBe(false);
  });

  test('without faults has no warnings yet', () => {
    expect(parseAutomation(smallest)).toEqual({ value: parsed(smallest), warnings: [] });
  });
});

describe('other spellings', () => {
  test('text and level are message and severity', () => {
    const { action } = parsed(notification({ title: 'T', text: 'Look', level: 'WARN' }));
    expect(action).toMatchObject({ title: 'T', message: 'Look', severity: 'WARN' });
  });

  test.each(['warn', 'Warn', 'WARN'])('the severity may be written %s', (severity) => {
    expect(parsed(notification({ severity })).action).toMatchObject({ severity: 'WARN' });
  });

  test.each(['mean', 'average'])('%s is avg, however deep it stands', (agg) => {
    const leaf = { $metric: { name: 'loss', agg, window: 3, $gt: 1 } };
    const canonical = { $metric: { ...leaf.$metric, agg: 'avg' } };
    const deep = (inner: Json): Json => ({ $or: [{ $not: { $nor: [{ $and: [inner] }] } }] });
    expect(parsedFilter(leaf)).toEqual(canonical);
    expect(parsedFilter(deep(leaf))).toEqual(deep(canonical));
  });

  test('display_name and artifact_type are name and artifactType', () => {
    expect(
      parsedFilter({ $and: [{ display_name: { $regex: '^prod-' } }, { $metric: { name: 'a', $gt: 1 } }] }),
    ).toEqual({
      $and: [{ name: { $regex: '^prod-' } }, { $metric: { name: 'a', $gt: 1 } }],
    });
    expect(parsedFilter({ artifact_type: 'model' }, 'artifact.created')).toEqual({ artifactType: 'model' });
  });

  test('one state is a list of one', () => {
    expect(parsedFilter({ $state: 'failed' }, 'run.state')).toEqual({ $state: ['failed'] });
    expect(parsedFilter({ $not: { $state: 'failed' } }, 'run.state')).toEqual({ $not: { $state: ['failed'] } });
  });

  test('minus zero is zero, as JSON has it', () => {
    const filter = parsedFilter({ $metric: { name: 'a', $lt: -0 } });
    expect(filter).toEqual({ $metric: { name: 'a', $lt: 0 } });
  });

  test('a metric may be called mean, and a field agg', () => {
    const filter = { $metric: { name: 'mean', $gt: 1 }, agg: 'average' };
    expect(parsedFilter(filter)).toEqual(filter);
  });

  test('a field may be called as a member of every object is', () => {
    const filter = { $metric: { name: 'constructor', $gt: 1 }, toString: 'x', hasOwnProperty: { $ne: 'valueOf' } };
    expect(parsedFilter(filter)).toEqual(filter);
  });
});
