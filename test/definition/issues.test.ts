import { parseAutomation } from 'tocsin';
import { describe, expect, test } from 'vitest';
import {
  faultsOf,
  type IssueCase,
  issuesOf,
  onArtifacts,
  smallest,
  withFilter,
  withMetric,
} from '../support/definitions.js';

const cases: IssueCase[] = [
  ['nothing', undefined, 'invalid_type', '', 'Expected a JSON value, got nothing'],
  ['null', null, 'invalid_type', '', 'Expected an object, got null'],
  ['a text', 'automation', 'invalid_type', '', 'Expected an object, got "automation"'],
  ['a list', [smallest], 'invalid_type', '', 'Expected an object, got a list'],
  ['a definition without name', { ...smallest, name: undefined }, 'required', 'name', 'Expected a text, got nothing'],
  ['an empty name', { ...smallest, name: '' }, 'invalid_value', 'name', 'Expected at least 1 character, got ""'],
  ['a number as name', { ...smallest, name: 5 }, 'invalid_type', 'name', 'Expected a text, got 5'],
  ['another version', { ...smallest, version: 2 }, 'invalid_value', 'version', 'Expected 1, got 2'],
  ['enabled: "yes"', { ...smallest, enabled: 'yes' }, 'invalid_type', 'enabled', 'Expected true or false, got "yes"'],
  ['a list for a text', { ...smallest, description: [] }, 'invalid_type', 'description', 'Expected a text, got a list'],
  [
    'an unknown key',
    { ...smallest, filter: {} },
    'unknown_key',
    'filter',
    'Expected no key "filter" here; there may be version name description enabled event policy action',
  ],
  ['no event', { ...smallest, event: undefined }, 'required', 'event', 'Expected an object, got nothing'],
  ['no action', { ...smallest, action: undefined }, 'required', 'action', 'Expected an object, got nothing'],
];

describe('parseAutomation', () => {
  test.each(cases)('says in one issue what is wrong with %s', (_, input, code, path, message) => {
    expect(issuesOf(input)).toEqual([{ code, path, message }]);
  });

  test('says how long a name may be, and shows only the start of a long one', () => {
    expect(issuesOf({ ...smallest, name: 'n'.repeat(255) })).toEqual([]);
    expect(issuesOf({ ...smallest, name: 'n'.repeat(256) })).toEqual([
      {
        code: 'limit_exceeded',
        path: 'name',
        message: `Expected at most 255 characters, got "${'n'.repeat(60)}…"`,
      },
    ]);
  });

  test('tells every fault of a definition at once', () => {
    const input = { name: 5, enabled: 1, event: { type: 'x', scope: {} }, action: { type: 'handler' } };
    expect(faultsOf(input)).toEqual([
      'invalid_type name',
      'invalid_type enabled',
      'unknown_event_type event.type',
      'required event.scope.type',
      'required action.name',
    ]);
  });

  test('tells every fault that only the whole shows', () => {
    const scope = { type: 'collection', entity: 'e', project: 'p', collection: 'c' };
    const event = { type: 'run.alert', scope, filter: { $state: 'failed', $metric: { name: 'a', $gt: 1 } } };
    expect(faultsOf({ ...smallest, event, policy: { per: 'run-state' } })).toEqual([
      'scope_not_supported event.scope',
      'filter_not_supported event.filter.$metric',
      'filter_not_supported event.filter.$state',
      'invalid_value policy.per',
    ]);
  });

  test('writes a path as JavaScript would, also through keys that are no identifiers', () => {
    expect(faultsOf(withFilter({ 'config.learning rate': { $eq: [] } }, 'run.state'))).toEqual([
      'invalid_type event.filter["config.learning rate"].$eq',
    ]);
    const [issue] = issuesOf(onArtifacts({ [`a${'b'.repeat(5000)}`]: [] }));
    expect(issue?.path.length).toBeLessThan(200);
  });

  test('holds to the limits that the host gives, and to its own where the host gives none', () => {
    const faults = (input: unknown, limits: Parameters<typeof parseAutomation>[1]): string[] =>
      (parseAutomation(input, limits).issues ?? []).map(({ code, path }) => `${code} ${path}`);
    const window = withMetric({ agg: 'avg', window: 50, $gt: 1 });
    expect(faults(window, { windowValues: 49 })).toEqual(['limit_exceeded event.filter.$metric.window']);
    expect(faults(window, { windowValues: 50 })).toEqual([]);
    expect(faults(withMetric({ agg: 'avg', window: 100_001, $gt: 1 }), { windowValues: undefined as never })).toEqual([
      'limit_exceeded event.filter.$metric.window',
    ]);
    for (const none of [Number.NaN, 'x', 0, -1, 0.5, Number.POSITIVE_INFINITY]) {
      expect(faults(smallest, { definitionDepth: none as never })).toEqual([]);
    }
    expect(faults(smallest, null as never)).toEqual([]);
    expect(faults(smallest, { definitionDepth: 3 })).toEqual(['limit_exceeded event.filter.$metric.$lt']);
    expect(faults({ ...smallest, name: 'n'.repeat(40) }, { textCharacters: 30 })).toEqual(['limit_exceeded name']);
    expect(faults(onArtifacts({ name: { $regex: 'aaaa' } }), { patternCharacters: 3 })).toEqual([
      'invalid_pattern event.filter.name.$regex',
    ]);
  });
});
