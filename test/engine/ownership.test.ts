import {
  type Action,
  type Delivery,
  type Engine,
  type Integration,
  type JsonValue,
  onAddArtifactAlias,
  onRunState,
  organization,
  registry,
  type Scope,
  sendNotification,
  sendWebhook,
} from 'tocsin';
import { envSecrets } from 'tocsin/secrets';
import { describe, expect, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const secretValue = 'do-not-show-this-value';

/** A delivery for webhooks that keeps what it is given, and reads the secrets that its integration names. */
function recordingWebhook(): Delivery & { readonly posted: JsonValue[] } {
  const posted: JsonValue[] = [];
  return {
    name: 'webhook',
    integrationTypes: ['webhook'],
    posted,
    async deliver({ integration, secret }) {
      if (integration.type === 'webhook' && integration.accessTokenSecretName !== undefined) {
        await secret(integration.accessTokenSecretName);
      }
      return {};
    },
    async deliverPayload({ integration, secret, payload }) {
      if (integration.type === 'webhook' && integration.accessTokenSecretName !== undefined) {
        await secret(integration.accessTokenSecretName);
      }
      posted.push(payload);
      return {};
    },
  };
}

const console = { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) } as const;

async function openWithWebhook(options: Parameters<typeof openEngine>[0] = {}) {
  const webhook = recordingWebhook();
  const opened = await openEngine({ deliveries: [console, webhook], ...options });
  const definition = { type: 'webhook', name: 'deploy', delivery: 'webhook', url: 'https://example.com/' } as const;
  return { ...opened, webhook, definition };
}

const mine = registry('my-team', 'models');

function create(engine: Engine, action: Action, scope: Scope = mine) {
  return engine.automations.create({ name: 'alias', event: onAddArtifactAlias({ scope }), action });
}

const actions: readonly [string, (integration: Integration) => Action][] = [
  ['notification', (integration) => sendNotification(integration, { title: 'New' })],
  ['webhook', (integration) => sendWebhook(integration, { payload: { text: 'new' } })],
];

describe.each(actions)('the integration of a %s action', (_, actionFor) => {
  test('that another entity owns is refused at creation, update and import', async () => {
    const { engine, definition } = await openWithWebhook();
    const theirs = await engine.integrations.create({ ...definition, entity: 'their-team' });
    const refusal = {
      code: 'invalid_automation',
      issues: [
        {
          code: 'integration_not_owned',
          path: 'action.integrationId',
          message: 'Expected a shared integration or one of my-team, got one of another entity',
        },
      ],
    };
    await expect(create(engine, actionFor(theirs))).rejects.toMatchObject(refusal);
    const { automation } = await create(engine, { type: 'none' });
    const update = engine.automations.update(automation.id, { action: actionFor(theirs) });
    await expect(update).rejects.toMatchObject(refusal);
    const file = [{ ...(await engine.automations.export())[0], name: 'b', action: actionFor(theirs) }];
    await expect(engine.automations.import(file)).rejects.toMatchObject({
      issues: [{ code: 'integration_not_owned', path: '[0].action.integrationId' }],
    });
  });

  test('that is named where its id belongs is told with its id, but never another entity’s', async () => {
    const { engine, definition } = await openWithWebhook();
    const refusal = (message: string) => ({ issues: [{ code: 'unknown_integration', message }] });
    const there = 'There is no integration with the id "deploy"';
    const byName = actionFor({ id: definition.name } as Integration);
    await engine.integrations.create({ ...definition, entity: 'their-team' });
    await expect(create(engine, byName)).rejects.toMatchObject(refusal(there));
    const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
    await expect(create(engine, byName)).rejects.toMatchObject(
      refusal(`${there}; "deploy" is a name, its id is "${own.id}"`),
    );
    await expect(create(engine, byName, organization('acme'))).rejects.toMatchObject(refusal(there));
  });

  test('can’t be kept by moving the automation to another entity', async () => {
    const { engine, definition } = await openWithWebhook();
    const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
    const { automation } = await create(engine, actionFor(own));
    const event = onAddArtifactAlias({ scope: registry('their-team', 'models') });
    await expect(engine.automations.update(automation.id, { event })).rejects.toMatchObject({
      issues: [{ code: 'integration_not_owned' }],
    });
  });

  test('that changes hands later gets nothing more, and the execution says why', async () => {
    const { engine, webhook, definition } = await openWithWebhook();
    const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
    await create(engine, actionFor(own));
    await engine.integrations.update(own.id, { entity: 'their-team' });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'integration_not_owned',
      attempts: [],
    });
    expect(webhook.posted).toEqual([]);
  });

  test('that changes hands while a message waits does not get the message', async () => {
    const { engine, webhook, definition } = await openWithWebhook();
    const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
    await create(engine, actionFor(own));
    await engine.integrations.disable(own.id);
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    await engine.integrations.update(own.id, { entity: 'their-team' });
    await engine.integrations.enable(own.id);
    await engine.idle();
    const execution = await engine.executions.get(String(fired[0]?.id));
    expect(execution).toMatchObject({ status: 'failed', reason: 'integration_not_owned' });
    expect(webhook.posted).toEqual([]);
  });

  test('that nobody owns may be used by all, by an organization’s automation too', async () => {
    const { engine, definition } = await openWithWebhook();
    const shared = await engine.integrations.create({ ...definition, organization: 'acme' });
    await create(engine, actionFor(shared));
    await create(engine, actionFor(shared), organization('acme'));
    const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
    await expect(create(engine, actionFor(own), organization('other'))).rejects.toMatchObject({
      issues: [{ code: 'integration_not_owned', message: /^Expected a shared integration, got/ }],
    });
    await engine.integrations.update(own.id, { entity: null });
    await create(engine, actionFor(own), organization('other'));
  });

  test('is in use: deleting it needs force, and names the automations', async () => {
    const { engine, definition } = await openWithWebhook();
    const integration = await engine.integrations.create(definition);
    await create(engine, actionFor(integration));
    await expect(engine.integrations.delete(integration.id)).rejects.toMatchObject({
      code: 'integration_in_use',
      message: 'The integration deploy is used by alias',
    });
    await engine.integrations.delete(integration.id, { force: true });
  });
});

describe('a webhook action', () => {
  test('needs an integration of type webhook, whose delivery takes payloads', async () => {
    const messagesOnly: Delivery = { name: 'mail', integrationTypes: ['webhook'], deliver: async () => ({}) };
    const { engine, terminal, definition } = await openWithWebhook({ deliveries: [console, messagesOnly] });
    const integration = await engine.integrations.create({ ...definition, delivery: 'mail' });
    const path = 'action.integrationId';
    await expect(create(engine, sendWebhook(terminal))).rejects.toMatchObject({
      issues: [
        {
          code: 'integration_type',
          path,
          message: 'Expected an integration of type "webhook", got one of type "console"',
        },
      ],
    });
    await expect(create(engine, sendWebhook(integration))).rejects.toMatchObject({
      issues: [
        {
          code: 'integration_type',
          path,
          message: 'Expected an integration whose delivery takes payloads, got one of "mail"',
        },
      ],
    });
    await create(engine, sendNotification(integration));
  });

  const secretNames = {
    accessTokenSecretName: 'DEPLOY_TOKEN',
    signingSecretName: 'DEPLOY_SIGN',
    previousSigningSecretName: 'DEPLOY_OLD',
  };

  test.each([
    [{ a: [{ 'the key': 'x ${ACCESS_TOKEN} y' }] }, 'action.payload.a[0]["the key"]'],
    ['${DEPLOY_TOKEN}', 'action.payload'],
    [['${run_name}', '${DEPLOY_SIGN}'], 'action.payload[1]'],
    [{ old: '${DEPLOY_OLD}' }, 'action.payload.old'],
  ])('with a secret in its payload, %j, needs the integration’s leave', async (payload, path) => {
    const { engine, definition } = await openWithWebhook();
    const integration = await engine.integrations.create({ ...definition, ...secretNames });
    const refused = create(engine, sendWebhook(integration, { payload }));
    await expect(refused).rejects.toMatchObject({ issues: [{ code: 'secret_in_payload', path }] });
    await engine.integrations.update(integration.id, { secretsInPayload: true });
    await create(engine, sendWebhook(integration, { payload }));
  });

  test('may name what is no secret of its integration', async () => {
    const { engine, definition } = await openWithWebhook();
    const integration = await engine.integrations.create({ ...definition, ...secretNames });
    await create(
      engine,
      sendWebhook(integration, { payload: { text: 'ACCESS_TOKEN ${automation_name} $ACCESS_TOKEN' } }),
    );
  });
});

describe('a secret outside the allow list', () => {
  test.each(actions)(
    'is never read: the attempt of a %s fails, and the value appears nowhere',
    async (_, actionFor) => {
      const read: string[] = [];
      const env = new Proxy({ DATABASE_URL: secretValue, HOOK_TOKEN: 'fine-to-read' } as Record<string, string>, {
        get(target, name) {
          read.push(String(name));
          return target[String(name)];
        },
      });
      const seen: unknown[] = [];
      const { engine, webhook, definition, logger } = await openWithWebhook({
        secrets: envSecrets({ allow: ['HOOK_*'], env }),
      });
      for (const name of ['execution-created', 'delivery-attempted', 'integration-disabled', 'error'] as const) {
        engine.on(name, (told: unknown) => seen.push(told));
      }
      const sly = await engine.integrations.create({ ...definition, accessTokenSecretName: 'DATABASE_URL' });
      await create(engine, actionFor(sly));
      const { fired } = await engine.emit(aliasAdded('production'));
      await engine.idle();
      const execution = await engine.executions.get(String(fired[0]?.id));
      expect(execution.attempts[0]).toMatchObject({ kind: 'credential', error: 'secret_unavailable' });
      expect(execution.status).not.toBe('finished');
      expect(webhook.posted).toEqual([]);
      expect(read).not.toContain('DATABASE_URL');
      const everything = [
        execution,
        seen,
        logger.lines,
        await engine.integrations.list(),
        await engine.executions.list(),
      ];
      expect(JSON.stringify(everything)).not.toContain(secretValue);
      await engine.integrations.update(sly.id, { accessTokenSecretName: 'HOOK_TOKEN' });
      await engine.integrations.enable(sly.id);
      await engine.idle();
      expect(read).toContain('HOOK_TOKEN');
    },
  );
});

test('an automation on run states of a whole organization can’t use a team’s integration', async () => {
  const { engine, definition } = await openWithWebhook();
  const own = await engine.integrations.create({ ...definition, entity: 'my-team' });
  const event = onRunState({ scope: organization('acme') });
  await expect(engine.automations.create({ name: 'all', event, action: sendWebhook(own) })).rejects.toMatchObject({
    issues: [{ code: 'integration_not_owned' }],
  });
});
