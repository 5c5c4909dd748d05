import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  and,
  artifactEvent,
  automationJsonSchema,
  callHandler,
  collection,
  doNothing,
  onAddArtifactAlias,
  onRunMetric,
  onRunState,
  organization,
  parseAutomation,
  project,
  registry,
  runEvent,
  sendNotification,
  sendWebhook,
  team,
} from 'tocsin';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { makeAutomationJsonSchema } from '../../.ci/make-automation-schema.js';
import { eventTypes } from '../../src/definition/event-type.js';
import { smallest, withFilter, withMetric } from '../support/definitions.js';
import { randomFilter } from '../support/random-filters.js';

const validator = z.fromJSONSchema(automationJsonSchema as z.core.JSONSchema.JSONSchema);
const isValid = (definition: unknown): boolean => validator.safeParse(definition).success;

const models = registry('my-team', 'models');
const onMetric = onRunMetric({ scope: team('my-team'), filter: runEvent.metric('loss').gt(1) });
const base = { name: 'n', event: onMetric, action: doNothing() };

const accepted: readonly [string, unknown][] = [
  ['the smallest one', smallest],
  ['everything that may be left out', { ...base, version: 1, description: 'd', enabled: false, policy: {} }],
  [
    'a cooldown and a rate limit',
    { ...base, policy: { cooldown: '1.5h', per: 'run', rateLimit: { max: 3, window: 60_000, per: 'automation' } } },
  ],
  ['a message', { ...base, action: sendNotification('i', { title: 't', message: '${run_name}', severity: 'warn' }) }],
  [
    'a message with fields and links',
    {
      ...base,
      action: sendNotification('i', {
        fields: [{ name: 'Run', value: '${run_name}' }],
        links: [{ text: 'Open', url: 'https://example.com/${run_id}' }],
      }),
    },
  ],
  [
    'a message in the words of W&B',
    { ...base, action: { type: 'notification', integrationId: 'i', text: 't', level: 'Warn' } },
  ],
  ['a severity in any case', { ...base, action: { type: 'notification', integrationId: 'i', severity: 'eRRor' } }],
  ['a payload', { ...base, action: sendWebhook('i', { payload: { a: [1, null, { b: '${run_id}' }], c: true } }) }],
  ['a payload that is a text', { ...base, action: sendWebhook('i', { payload: 'text', headers: { 'X-A': 'b' } }) }],
  ['a handler', { ...base, action: callHandler('stop') }],
  ['a state', { ...base, event: onRunState({ scope: organization('acme'), filter: runEvent.state.eq('failed') }) }],
  ['states', withFilter({ $state: ['failed', 'finished'] }, 'run.state')],
  [
    'logic',
    withFilter({ $or: [{ $nor: [] }, { $not: { $and: [{ $metric: { name: 'a', $lt: 1 } }] } }], 'config.lr': 5 }),
  ],
  [
    'builders',
    {
      ...base,
      event: onRunMetric({
        scope: project('my-team', 'p'),
        filter: and(runEvent.metric('val/loss').avg(5).lte(1), runEvent.name.regex('^prod-'), runEvent.tag.in(['a'])),
      }),
    },
  ],
  [
    'an alias in a collection',
    {
      ...base,
      event: onAddArtifactAlias({ scope: collection(models, 'c'), filter: artifactEvent.alias.eq('production') }),
    },
  ],
  ['other names of an aggregation', withMetric({ agg: 'mean', window: 3, $gt: 1 })],
  ['a field whose name is empty', withFilter({ $metric: { name: 'a', $gt: 1 }, '': 'a' })],
  ['not finite', withMetric({ $finite: false })],
  ['a change', withFilter({ $change: { name: 'a', agg: 'average', window: 2, kind: 'relative', amount: 0.1 } })],
  ['a z-score', withFilter({ $zscore: { name: 'a', threshold: 3, over: 'project', window: 10 } })],
  [
    'a field’s other name',
    { ...smallest, event: { type: 'run.alert', scope: team('t'), filter: { display_name: 'x' } } },
  ],
  [
    'an event of the host’s own',
    { ...base, event: { type: 'custom.deployed', scope: team('t'), filter: { 'a.b': null } } },
  ],
];

const refused: readonly [string, unknown][] = [
  ['no object', 'name'],
  ['no name', { event: onMetric, action: doNothing() }],
  ['an empty name', { ...base, name: '' }],
  ['a name that is too long', { ...base, name: 'n'.repeat(256) }],
  ['a misspelt part', { ...base, polices: {} }],
  ['another version', { ...base, version: 2 }],
  ['enabled as a text', { ...base, enabled: 'yes' }],
  ['no such event', { ...base, event: { ...onMetric, type: 'run.metric' } }],
  ['an event of the host’s own without a name', { ...base, event: { type: 'custom.', scope: team('t') } }],
  ['no scope', { ...base, event: { type: 'run.state' } }],
  ['a scope that lacks a part', { ...base, event: { ...onMetric, scope: { type: 'project', entity: 'e' } } }],
  ['a scope with too much', { ...base, event: { ...onMetric, scope: { type: 'team', entity: 'e', project: 'p' } } }],
  [
    'a collection nowhere',
    { ...base, event: { type: 'artifact.created', scope: { type: 'collection', entity: 'e', collection: 'c' } } },
  ],
  [
    'a collection in two places',
    {
      ...base,
      event: {
        type: 'artifact.created',
        scope: { type: 'collection', entity: 'e', project: 'p', registry: 'r', collection: 'c' },
      },
    },
  ],
  ['a misspelt operator', withFilter({ $adn: [] })],
  ['a misspelt operator of a field', withFilter({ name: { $regexp: 'a' } })],
  ['a field without an operator', withFilter({ name: {} })],
  ['a list where a value is meant', withFilter({ name: ['a', 'b'] })],
  ['a metric without a name', withFilter({ $metric: { $gt: 1 } })],
  ['a metric without a comparison', withMetric({})],
  ['a metric with two', withMetric({ $gt: 1, $lt: 5 })],
  ['a threshold as a text', withMetric({ $gt: '1' })],
  ['a window of 0', withMetric({ agg: 'avg', window: 0, $gt: 1 })],
  ['a window and a half', withMetric({ agg: 'avg', window: 1.5, $gt: 1 })],
  ['a window that is too long', withMetric({ agg: 'avg', window: 100_001, $gt: 1 })],
  ['an unknown aggregation', withMetric({ agg: 'sum', window: 5, $gt: 1 })],
  ['a change of nothing', withFilter({ $change: { name: 'a', kind: 'absolute', amount: 0 } })],
  ['a change without a kind', withFilter({ $change: { name: 'a', amount: 1 } })],
  ['a z-score over one', withFilter({ $zscore: { name: 'a', threshold: 3, window: 1 } })],
  ['an unknown state', withFilter({ $state: 'done' }, 'run.state')],
  ['no state', withFilter({ $state: [] }, 'run.state')],
  ['a cooldown that is no duration', { ...base, policy: { cooldown: 'soon' } }],
  ['a cooldown below 0', { ...base, policy: { cooldown: -1 } }],
  ['a rate limit without a window', { ...base, policy: { rateLimit: { max: 3 } } }],
  ['an unknown action', { ...base, action: { type: 'email', to: 'a@example.com' } }],
  ['an action without an integration', { ...base, action: { type: 'notification', title: 't' } }],
  ['a severity of its own', { ...base, action: { type: 'notification', integrationId: 'i', severity: 'FATAL' } }],
  ['a header that is no text', { ...base, action: { type: 'webhook', integrationId: 'i', headers: { a: 1 } } }],
];

describe('automationJsonSchema', () => {
  test('and its file are up to date: `npm run schema` writes them anew', async () => {
    const made = makeAutomationJsonSchema();
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(new URL(`../../schema/${name}`, import.meta.url), 'utf8'));
    expect(automationJsonSchema).toEqual(made);
    expect(await read('automation.schema.json')).toEqual(made);
    expect(await read('automations.schema.json')).toMatchObject({ items: { $ref: 'automation.schema.json' } });
  });

  test('says of every part what it is', () => {
    const mute: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const properties = (value as { properties?: Record<string, { description?: string } | true> }).properties;
      for (const [name, property] of Object.entries(properties ?? {})) {
        if (property !== true && (property.description ?? '').length < 5) mute.push(`${path}.${name}`);
      }
      for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`);
    };
    walk(automationJsonSchema, '');
    expect(mute).toEqual([]);
  });

  test.each(accepted)('accepts %s, as parseAutomation does', (_, definition) => {
    expect(parseAutomation(definition).issues).toBeUndefined();
    expect(validator.safeParse(definition).error?.issues).toBeUndefined();
  });

  test('accepts every type of event', () => {
    for (const type of eventTypes) {
      const filter = type === 'run.metrics' ? { $metric: { name: 'a', $gt: 1 } } : {};
      const definition = { ...base, event: { type, scope: team('t'), filter } };
      expect([type, parseAutomation(definition).issues, isValid(definition)]).toEqual([type, undefined, true]);
    }
  });

  test.each(refused)('refuses %s, as parseAutomation does', (_, definition) => {
    expect(parseAutomation(definition).issues).not.toBeUndefined();
    expect(isValid(definition)).toBe(false);
  });

  test('accepts every filter that parseAutomation accepts', () => {
    let count = 0;
    fc.assert(
      fc.property(randomFilter, fc.constantFrom('run.metrics', 'run.state'), (filter, type) => {
        const definition = JSON.parse(JSON.stringify(withFilter(filter, type))) as unknown;
        const isAccepted = parseAutomation(definition).issues === undefined;
        if (isAccepted) count += 1;
        return !isAccepted || isValid(definition);
      }),
      { numRuns: 1000 },
    );
    expect(count).toBeGreaterThan(100);
  });

  test('refuses nothing that parseAutomation accepts, whatever is changed in a definition', () => {
    const odd = fc.constantFrom<unknown>('', 'a', '1h', 0, 1, -1, 1.5, 1e6, true, null, [], ['a'], {}, { $gt: 1 });
    const change = fc.tuple(fc.nat(), fc.constantFrom('replace', 'delete', 'add'), odd);
    let both = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...accepted),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        ([, given], changes) => {
          const definition = JSON.parse(JSON.stringify(given)) as object;
          for (const [pick, how, value] of changes) alter(definition, pick, how, structuredClone(value));
          const isAccepted = parseAutomation(definition).issues === undefined;
          if (isAccepted) both += 1;
          return !isAccepted || isValid(definition);
        },
      ),
      { numRuns: 2000 },
    );
    expect(both).toBeGreaterThan(100);
  });
});

/** Changes one of the places in a definition. */
function alter(definition: object, pick: number, how: string, value: unknown): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (object: object): void => {
    for (const [key, member] of Object.entries(object)) {
      places.push([object as Record<string, unknown>, key]);
      if (typeof member === 'object' && member !== null) walk(member);
    }
  };
  walk(definition);
  const place = places[pick % places.length];
  if (place === undefined) return;
  const [holder, key] = place;
  if (how === 'delete' && !Array.isArray(holder)) delete holder[key];
  else if (how === 'add') (holder as Record<string, unknown>)['name'] = value;
  else holder[key] = value;
}
