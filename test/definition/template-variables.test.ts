import type { Action, AutomationDefinition, FilterJson, JsonValue, NotificationAction, WebhookAction } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type EventType, eventTypes } from '../../src/definition/event-type.js';
import {
  isTemplateVariable,
  payloadSecretNames,
  secretVariables,
  templateIssues,
  templateWarnings,
} from '../../src/definition/template-variables.js';

const onAccuracy: FilterJson = { $metric: { name: 'accuracy', $lt: 0.85 } };

function definition(action: Action, type: EventType = 'run.metrics', filter?: FilterJson): AutomationDefinition {
  const scope = { type: 'team', entity: 'my-team' } as const;
  const event = { type, scope, ...(filter === undefined ? {} : { filter }) };
  return { version: 1, name: 'a', enabled: true, event, action };
}

function notification(more: Partial<NotificationAction> = {}): Action {
  return { type: 'notification', integrationId: 'i', title: '', message: '', severity: 'INFO', ...more };
}

function webhook(payload: JsonValue): WebhookAction {
  return { type: 'webhook', integrationId: 'i', payload };
}

const issuesOf = (each: AutomationDefinition) => templateIssues(each, 100_000);

const paths = (issues: readonly { code: string; path: string }[]): string[] =>
  issues.map(({ code, path }) => `${code} ${path}`);

describe('which variables events have', () => {
  const ofEvery = ['automation_name', 'event_type', 'event_author', 'entity_name', 'project_name', 'event.at'];
  const ofArtifact = [
    'artifact_collection_name',
    'artifact_version',
    'artifact_version_string',
    'artifact_version_index',
    'artifact_metadata.framework',
  ];
  const ofMetrics = ['metric_name', 'metric_values', 'metric_filter', 'metric_filter_short', 'metric_current_status'];
  const ofAnomaly = ['metric_name', 'metric_value', 'timestamp'];
  const own: Readonly<Partial<Record<EventType, string[]>>> = {
    'run.metrics': ['run_name', 'run_id', ...ofMetrics],
    'run.state': ['run_name', 'run_id', 'run_status', ...ofMetrics],
    'run.alert': ['run_name', 'run_id'],
    'artifact.created': ofArtifact,
    'artifact.linked': ofArtifact,
    'artifact.unlinked': ofArtifact,
    'artifact.alias-added': [...ofArtifact, 'alias'],
    'artifact.alias-removed': [...ofArtifact, 'alias'],
    'artifact.tag-added': [...ofArtifact, 'tag'],
    'artifact.tag-removed': [...ofArtifact, 'tag'],
    'collection.tag-added': ['artifact_collection_name', 'tag'],
    'collection.tag-removed': ['artifact_collection_name', 'tag'],
  };
  const all = [...new Set([...ofEvery, ...Object.values(own).flatMap((names) => names ?? []), ...ofAnomaly])];

  test.each([...eventTypes, 'custom.queue' as const])('%s', (type) => {
    const isAnomalous = /^(anomaly|training-data|features-profile)\./.test(type);
    const expected = [...ofEvery, ...(own[type] ?? (isAnomalous ? ofAnomaly : []))];
    expect(all.filter((name) => isTemplateVariable(name, type)).sort()).toEqual([...expected].sort());
  });

  test.each(['', ' run_name', 'RUN_NAME', 'event', 'event.', 'artifact_metadata.', 'toString', '__proto__'])(
    'none has %j',
    (name) => {
      expect([...eventTypes].filter((type) => isTemplateVariable(name, type))).toEqual([]);
    },
  );
});

describe('a template with a fault', () => {
  test('is an issue at its place in a notification', () => {
    const broken = '${a${b}}';
    const action = notification({
      title: broken,
      message: `fine \${run_name}`,
      fields: [
        { name: 'fine', value: 'fine' },
        { name: broken, value: broken },
      ],
      links: [{ text: broken, url: broken }],
    });
    expect(paths(issuesOf(definition(action)))).toEqual([
      'invalid_template action.title',
      'invalid_template action.fields[1].name',
      'invalid_template action.fields[1].value',
      'invalid_template action.links[0].text',
      'invalid_template action.links[0].url',
    ]);
  });

  test('is an issue at its place in a payload; keys are no templates', () => {
    const payload = { a: [1, { b: '${x${y}' }], '${k${k}}': null, 'val/loss': '${${' };
    expect(paths(issuesOf(definition(webhook(payload))))).toEqual([
      'invalid_template action.payload.a[1].b',
      'invalid_template action.payload["val/loss"]',
    ]);
    expect(paths(issuesOf(definition(webhook('${x${y}'))))).toEqual(['invalid_template action.payload']);
  });

  test('stands nowhere else', () => {
    expect(issuesOf(definition({ type: 'handler', name: '${a${b}' }))).toEqual([]);
    expect(issuesOf(definition({ type: 'none' }))).toEqual([]);
    expect(issuesOf(definition({ type: 'webhook', integrationId: '${a${b}' }))).toEqual([]);
  });
});

test('texts with variables are at most 100,000 characters together; others count for nothing', () => {
  const text = `\${run_name}${'x'.repeat(9_989)}`;
  const literal = 'x'.repeat(10_000);
  expect(issuesOf(definition(webhook([...new Array(10).fill(text), ...new Array(50).fill(literal)])))).toEqual([]);
  expect(issuesOf(definition(webhook([...new Array(10).fill(text), '${run_name}'])))).toEqual([
    {
      code: 'limit_exceeded',
      path: 'action',
      message: 'Expected at most 100000 characters of texts with variables, got 100011',
    },
  ]);
});

describe('a variable that will be empty', () => {
  test('is a warning at its place, once for each text', () => {
    const action = notification({
      title: '${run_nam} ${run_nam} ${run_name}',
      links: [{ text: '${alias}', url: 'https://example.com/${event.run.id}' }],
    });
    expect(templateWarnings(definition(action, 'run.metrics', onAccuracy))).toEqual([
      {
        code: 'unknown_variable',
        path: 'action.title',
        message:
          'Expected a variable of run.metrics events, got ${run_nam}; it will be empty; did you mean ${run_name}?',
      },
      {
        code: 'unknown_variable',
        path: 'action.links[0].text',
        message:
          'Expected a variable of run.metrics events, got ${alias}; it will be empty; docs/templates.md lists those there are',
      },
    ]);
  });

  test('is one of metrics, where a run state’s filter asks for none', () => {
    const action = notification({ message: '${run_status} ${metric_values}' });
    expect(paths(templateWarnings(definition(action, 'run.state')))).toEqual(['unknown_variable action.message']);
    expect(templateWarnings(definition(action, 'run.state', onAccuracy))).toEqual([]);
  });

  test('is none of the integration’s secrets, in a webhook only', () => {
    const payload = { token: '${ACCESS_TOKEN}', key: '${DEPLOY_KEY}', other: '${OTHER_KEY}' };
    expect(paths(templateWarnings(definition(webhook(payload), 'artifact.created'), ['DEPLOY_KEY']))).toEqual([
      'unknown_variable action.payload.other',
    ]);
    const action = notification({ title: '${ACCESS_TOKEN} ${DEPLOY_KEY}' });
    expect(templateWarnings(definition(action, 'artifact.created'), ['DEPLOY_KEY'])).toHaveLength(2);
  });

  test.each([
    ['run_nmae', 'run.alert', 'run_name'],
    ['runName', 'run.alert', 'run_name'],
    ['evnt.run.id', 'custom.deploy', 'event.<key>'],
    ['metric', 'anomaly.detected', 'metric_name'],
  ] as const)('%s of %s comes with the one that was probably meant', (name, type, meant) => {
    const [warning] = templateWarnings(definition(notification({ title: `\${${name}}` }), type));
    expect(warning?.message).toMatch(/; did you mean /);
    expect(warning?.message.endsWith(`\${${meant}}?`)).toBe(true);
  });

  test('is not told of another that would be empty too', () => {
    const action = notification({ title: '${metric_nmae}' });
    const message = (filter?: FilterJson) => templateWarnings(definition(action, 'run.state', filter))[0]?.message;
    expect(message(onAccuracy)).toContain('${metric_name}?');
    expect(message()).not.toContain('metric_name');
  });

  test('is told a hundred times at most', () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `\${x${index}}`).join('');
    expect(templateWarnings(definition(webhook([text, text, text])))).toHaveLength(100);
  });

  test('is not quoted in full when it is long', () => {
    const [warning] = templateWarnings(definition(notification({ title: `\${${'x'.repeat(9_000)}}` })));
    expect(warning?.message.length).toBeLessThan(200);
  });
});

describe('secrets in a payload', () => {
  const integration = {
    type: 'webhook',
    name: 'deploy',
    delivery: 'webhook',
    url: 'https://example.com',
    accessTokenSecretName: 'DEPLOY_TOKEN',
    signingSecretName: 'DEPLOY_KEY',
  } as const;

  test('can be named as ACCESS_TOKEN and by their own names', () => {
    expect(payloadSecretNames(integration)).toEqual(['ACCESS_TOKEN', 'DEPLOY_TOKEN', 'DEPLOY_KEY']);
    expect(payloadSecretNames({ ...integration, accessTokenSecretName: undefined })).toEqual(['DEPLOY_KEY']);
  });

  test('are found with their paths', () => {
    const action = webhook({
      auth: ['Bearer ${ACCESS_TOKEN}'],
      key: '${DEPLOY_KEY}${DEPLOY_KEY}',
      name: '${run_name}',
    });
    expect(secretVariables(action, 'run.metrics', ['DEPLOY_KEY'])).toEqual([
      { name: 'ACCESS_TOKEN', path: 'action.payload.auth[0]' },
      { name: 'DEPLOY_KEY', path: 'action.payload.key' },
    ]);
    expect(secretVariables({ type: 'webhook', integrationId: 'i' }, 'run.metrics', ['DEPLOY_KEY'])).toEqual([]);
  });

  test('give way to a variable of the same name', () => {
    expect(secretVariables(webhook('${run_name}'), 'run.metrics', ['run_name'])).toEqual([]);
  });
});
