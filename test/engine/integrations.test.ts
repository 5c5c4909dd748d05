import {
  createEngine,
  type Delivery,
  onAddArtifactAlias,
  onRunMetric,
  onRunState,
  organization,
  project,
  registry,
  runEvent,
  sendNotification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

describe('engine.integrations', () => {
  const theirs = { type: 'console', name: 'theirs', entity: 'their-team', delivery: 'console' } as const;

  test('of another entity can’t be used, neither at creation nor when they change hands later', async () => {
    const { engine, delivery } = await openEngine();
    const integration = await engine.integrations.create(theirs);
    const alias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    const create = () =>
      engine.automations.create({ name: 'alias', event: alias, action: sendNotification(integration) });
    await expect(create()).rejects.toMatchObject({
      code: 'invalid_automation',
      issues: [{ code: 'integration_not_owned', path: 'action.integrationId' }],
    });
    await engine.integrations.update(integration.id, { entity: 'my-team' });
    await create();
    await engine.integrations.update(integration.id, { entity: 'their-team' });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'integration_not_owned',
    });
    expect(delivery.delivered).toEqual([]);
  });

  test('of one entity can’t be used by an automation on a whole organization', async () => {
    const { engine } = await openEngine();
    const integration = await engine.integrations.create(theirs);
    const trigger = onRunState({ scope: organization('acme') });
    await expect(
      engine.automations.create({ name: 'all', event: trigger, action: sendNotification(integration) }),
    ).rejects.toMatchObject({ issues: [{ code: 'integration_not_owned' }] });
  });

  test('that automations use are deleted only by force, and what waits for them fails', async () => {
    const { engine, terminal } = await openEngine();
    await engine.integrations.disable(terminal.id);
    const alias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    await engine.automations.create({ name: 'alias', event: alias, action: sendNotification(terminal) });
    const { fired } = await engine.emit(aliasAdded('production'));
    await engine.idle();
    await expect(engine.integrations.delete(terminal.id)).rejects.toMatchObject({
      code: 'integration_in_use',
      message: 'The integration terminal is used by alias',
    });
    await engine.integrations.delete(terminal.id, { force: true });
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'integration_deleted',
    });
  });

  test.each([
    [{ type: 'console', name: 'x', delivery: 'pigeon' }, 'unknown_delivery', 'delivery'],
    [{ type: 'console', delivery: 'console' }, 'required', 'name'],
    [{ type: 'fax', name: 'x', delivery: 'console' }, 'invalid_value', 'type'],
    [{ type: 'console', name: 'x', delivery: 'console', token: 'xoxb-1' }, 'unknown_key', 'token'],
    [null, 'invalid_type', ''],
  ])('%j is refused with a path', async (definition, code, path) => {
    const { engine } = await openEngine();
    await expect(engine.integrations.create(definition as never)).rejects.toMatchObject({
      code: 'invalid_integration',
      issues: [{ code, path }],
    });
  });

  test('may have one name twice', async () => {
    const { engine } = await openEngine();
    for (const entity of ['my-team', 'their-team']) await engine.integrations.create({ ...theirs, entity });
    expect((await engine.integrations.list()).map(({ name }) => name)).toEqual(['terminal', 'theirs', 'theirs']);
  });

  test('are not said to be well by an engine that has not got their delivery, nor for certain by one that can’t ask', async () => {
    const storage = memoryStorage();
    const silent: Delivery = { name: 'silent', integrationTypes: ['custom'], deliver: async () => ({}) };
    const service = await createEngine({ storage, deliveries: [silent] });
    const { id } = await service.integrations.create({ type: 'custom', name: 'theirs', delivery: 'silent' });
    expect(await service.integrations.verify(id)).toEqual({ ok: true, conclusive: false, problems: [] });
    const onlooker = await createEngine({ storage });
    expect(await onlooker.integrations.verify(id)).toEqual({
      ok: false,
      problems: [
        {
          kind: 'channel',
          reason: 'delivery_missing',
          message: 'This engine was made without the delivery silent: ask in a process that has it',
        },
      ],
    });
  });

  test('patch: what is undefined stays, null takes away, and a new destination forgets what was learnt of the old', async () => {
    const verify = async () => ({ ok: true, problems: [], channelId: 'C1', channelName: 'general' });
    const deliveries = ['slack', 'console'].map((type) => ({
      name: type,
      integrationTypes: [type as 'slack' | 'console'],
      deliver: async () => ({}),
      verify,
    }));
    const { engine } = await openEngine({ deliveries });
    const { id } = await engine.integrations.create({
      type: 'slack',
      name: 'ops',
      entity: 'my-team',
      delivery: 'slack',
      channel: '#general',
    });
    await engine.integrations.verify(id);
    const renamed = await engine.integrations.update(id, { name: 'operations', channel: undefined, entity: null });
    expect(renamed).toMatchObject({ name: 'operations', channel: '#general', channelId: 'C1' });
    expect(renamed.entity).toBeUndefined();
    expect((await engine.integrations.update(id, { channel: '#general' })).channelId).toBe('C1');
    expect((await engine.integrations.update(id, { channel: '#random' })).channelId).toBeUndefined();
    for (const patch of [{ name: null }, { type: 'console' }, { status: 'ok' }, { chanel: '#x' }, null, 'x']) {
      await expect(engine.integrations.update(id, patch as never)).rejects.toMatchObject({
        code: 'invalid_integration',
      });
    }
  });

  test('of type webhook take all their parts in a patch', async () => {
    const webhook: Delivery = { name: 'webhook', integrationTypes: ['webhook'], deliver: async () => ({}) };
    const { engine } = await openEngine({
      deliveries: [webhook, { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) }],
    });
    const definition = { type: 'webhook', name: 'w', delivery: 'webhook', url: 'https://a.example' } as const;
    const { id } = await engine.integrations.create(definition);
    const patch = {
      url: 'https://b.example',
      accessTokenSecretName: 'A',
      signingSecretName: 'S',
      previousSigningSecretName: 'P',
      secretsInPayload: true,
    };
    expect(await engine.integrations.update(id, patch)).toMatchObject(patch);
    const taken = await engine.integrations.update(id, { previousSigningSecretName: null, secretsInPayload: null });
    expect(taken).not.toHaveProperty('previousSigningSecretName');
    expect(taken).not.toHaveProperty('secretsInPayload');
    expect(taken).toMatchObject({ url: 'https://b.example', signingSecretName: 'S' });
  });

  test('that many automations use are not deleted, and the refusal names the first of them', async () => {
    const { engine, terminal } = await openEngine();
    const action = sendNotification(terminal);
    await engine.automations.import(Array.from({ length: 7 }, (_, i) => ({ name: `a${i}`, event, action })));
    await expect(engine.integrations.delete(terminal.id)).rejects.toMatchObject({
      message: 'The integration terminal is used by a0, a1, a2, a3, a4 and 2 more',
    });
  });

  test('are found by type, entity, and channel name with or without #', async () => {
    const { engine } = await openEngine({
      deliveries: [
        { name: 'slack', integrationTypes: ['slack'], deliver: async () => ({}) },
        { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
      ],
    });
    for (const channel of ['#ml-dev-alerts', 'ml-prod-alerts', '#random']) {
      await engine.integrations.create({ type: 'slack', name: channel, entity: 'my-team', delivery: 'slack', channel });
    }
    const found = async (query: Parameters<typeof engine.integrations.list>[0]) =>
      (await engine.integrations.list(query)).map(({ name }) => name);
    expect(await found({ type: 'slack', entity: 'my-team' })).toEqual(['#ml-dev-alerts', 'ml-prod-alerts', '#random']);
    expect(await found({ channelName: 'ml-dev-alerts' })).toEqual(['#ml-dev-alerts']);
    expect(await found({ channelName: '#ml-prod-alerts' })).toEqual(['ml-prod-alerts']);
    expect(await found({ channelName: { contains: 'alerts' } })).toEqual(['#ml-dev-alerts', 'ml-prod-alerts']);
    expect(await found({ entity: 'their-team' })).toEqual([]);
  });
});
