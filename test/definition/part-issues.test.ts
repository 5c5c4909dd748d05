import { describe, expect, test } from 'vitest';
import { type IssueCase, issuesOf, type Json, smallest, withFilter } from '../support/definitions.js';

const withScope = (scope: unknown, type = 'artifact.created'): Json => ({ ...smallest, event: { type, scope } });
const withAction = (action: unknown): Json => ({ ...smallest, action });
const withPolicy = (policy: unknown): Json => ({ ...smallest, policy });
const notification = (fields: Json): Json => withAction({ type: 'notification', integrationId: 'i', ...fields });

const collectionScope = { type: 'collection', entity: 'e', collection: 'c' };
const anyScope = '"organization" or "team" or "project" or "registry" or "collection"';
const duration = 'milliseconds from 0 or a text such as "24h", at most 100 years';

const events: IssueCase[] = [
  [
    'an unknown event',
    withFilter({}, 'run.metric'),
    'unknown_event_type',
    'event.type',
    'Expected a type of event such as run.metrics, or "custom." and a name for one of your own, got "run.metric"',
  ],
  ['no scope', withScope(undefined), 'required', 'event.scope', 'Expected an object, got nothing'],
  ['a text as scope', withScope('my-team'), 'invalid_type', 'event.scope', 'Expected an object, got "my-team"'],
  ['a scope of no type', withScope({}), 'required', 'event.scope.type', `Expected ${anyScope}, got nothing`],
  [
    'a scope of unknown type',
    withScope({ type: 'entity' }),
    'invalid_value',
    'event.scope.type',
    `Expected ${anyScope}, got "entity"`,
  ],
  [
    'a team without entity',
    withScope({ type: 'team' }),
    'required',
    'event.scope.entity',
    'Expected a text, got nothing',
  ],
  [
    'a team with a project',
    withScope({ type: 'team', entity: 'e', project: 'p' }),
    'unknown_key',
    'event.scope.project',
    'Expected no key "project" here; there may be type entity',
  ],
  [
    'a collection nowhere',
    withScope(collectionScope),
    'invalid_value',
    'event.scope',
    'Expected a project or a registry, got neither',
  ],
  [
    'a collection twice',
    withScope({ ...collectionScope, project: 'p', registry: 'r' }),
    'invalid_value',
    'event.scope',
    'Expected a project or a registry, got both',
  ],
  [
    'a collection for runs',
    withScope({ ...collectionScope, project: 'p' }, 'run.state'),
    'scope_not_supported',
    'event.scope',
    'Expected an organization, team, project or registry for run.state, got a collection',
  ],
];

const actionsAndPolicies: IssueCase[] = [
  [
    'an unknown action',
    withAction({ type: 'email' }),
    'invalid_value',
    'action.type',
    'Expected "notification" or "webhook" or "handler" or "none", got "email"',
  ],
  [
    'a handler without name',
    withAction({ type: 'handler' }),
    'required',
    'action.name',
    'Expected a text, got nothing',
  ],
  [
    'no integration',
    withAction({ type: 'notification' }),
    'required',
    'action.integrationId',
    'Expected the id of an integration, or routing: true, got nothing',
  ],
  [
    'both an integration and routing',
    notification({ routing: true }),
    'invalid_value',
    'action.integrationId',
    'Expected an integration or routing: true, got both',
  ],
  ['no routing', notification({ routing: false }), 'invalid_value', 'action.routing', 'Expected true, got false'],
  [
    "the thread of an anomaly for a run's metrics",
    notification({ thread: 'anomaly' }),
    'invalid_value',
    'action.thread',
    'Expected "run" or "automation" or "none" for run.metrics, got "anomaly"',
  ],
  [
    'an unknown severity',
    notification({ level: 'loud' }),
    'invalid_value',
    'action.severity',
    'Expected "INFO" or "WARN" or "ERROR", got "LOUD"',
  ],
  [
    'text and message',
    notification({ text: 'a', message: 'b' }),
    'unknown_key',
    'action.text',
    'Expected no key "text" here; there may be type integrationId routing title message severity fields links image thread',
  ],
  [
    'a cooldown in words',
    withPolicy({ cooldown: '1 day' }),
    'invalid_value',
    'policy.cooldown',
    `Expected ${duration}, got "1 day"`,
  ],
  [
    'a cooldown below 0',
    withPolicy({ cooldown: -1 }),
    'invalid_value',
    'policy.cooldown',
    `Expected ${duration}, got -1`,
  ],
  [
    'a cooldown of ages',
    withPolicy({ cooldown: '99999d' }),
    'invalid_value',
    'policy.cooldown',
    `Expected ${duration}, got "99999d"`,
  ],
  [
    'a cooldown of true',
    withPolicy({ cooldown: true }),
    'invalid_type',
    'policy.cooldown',
    'Expected milliseconds or a text such as "1h", got true',
  ],
  [
    'an unknown per',
    withPolicy({ per: 'day' }),
    'invalid_value',
    'policy.per',
    'Expected "automation" or "run" or "run-state" or "collection" or "metric" or "event", got "day"',
  ],
  [
    'a per that runs lack',
    withPolicy({ per: 'collection' }),
    'invalid_value',
    'policy.per',
    'Expected "automation", "run" or "event" for run.metrics, got "collection"',
  ],
  [
    'a rate limit per what custom events lack',
    { ...withFilter({}, 'custom.deploy'), policy: { rateLimit: { max: 1, window: '1h', per: 'run' } } },
    'invalid_value',
    'policy.rateLimit.per',
    'Expected "automation" or "event" for custom.deploy, got "run"',
  ],
  [
    'a rate limit without a window',
    withPolicy({ rateLimit: { max: 3 } }),
    'required',
    'policy.rateLimit.window',
    'Expected milliseconds or a text such as "1h", got nothing',
  ],
  [
    'a rate limit over no time',
    withPolicy({ rateLimit: { max: 3, window: '0s' } }),
    'invalid_value',
    'policy.rateLimit.window',
    'Expected more than 0 milliseconds, got "0s"',
  ],
  [
    'a misspelt cooldown',
    withPolicy({ coolDown: 0 }),
    'unknown_key',
    'policy.coolDown',
    'Expected no key "coolDown" here; there may be cooldown per rateLimit',
  ],
];

describe('a definition', () => {
  test.each([...events, ...actionsAndPolicies])('with %s has one issue, there', (_, input, code, path, message) => {
    expect(issuesOf(input)).toEqual([{ code, path, message }]);
  });
});
