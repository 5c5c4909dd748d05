import { type Delivery, onEvent, sendWebhook, team } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { down, openWaitingLane, secondMs } from './waiting-lane.js';

describe('a payload', () => {
  test('goes to another webhook as it is', async () => {
    const posted: unknown[] = [];
    const hook: Delivery = {
      name: 'hook',
      integrationTypes: ['webhook'],
      deliver: async () => ({}),
      async deliverPayload(request) {
        const { integration, payload, headers } = request;
        if (integration.name === 'deploy') return down(request as never) as never;
        posted.push([integration.name, payload, headers]);
        return {};
      },
    };
    const { engine, runtime } = await openEngine({
      deliveries: [hook, { ...hook, name: 'console', integrationTypes: ['console'] }],
      fallbackAfterMs: 30 * secondMs,
    });
    const create = (name: string, more: object = {}) =>
      engine.integrations.create({ type: 'webhook', name, delivery: 'hook', url: 'https://example.com', ...more });
    const spare = await create('spare');
    const deploy = await create('deploy', { fallbackIntegrationId: spare.id });
    await engine.automations.create({
      name: 'deploys',
      event: onEvent('custom.alarm', { scope: team('my-team') }),
      action: sendWebhook(deploy, { payload: { what: '${event.what}' }, headers: { 'x-team': 'ml' } }),
    });
    await engine.emit({ type: 'custom.alarm', entity: 'my-team', what: 'v7' } as never);
    await runtime.advance(30 * secondMs);
    expect(posted).toEqual([['spare', { what: 'v7' }, { 'x-team': 'ml' }]]);
  });
});

describe('the definition of a fallback', () => {
  test.each([
    ['that is not there', { fallbackIntegrationId: 'nobody' }, 'unknown_integration'],
    ['of another entity', { entity: 'my-team' }, 'integration_not_owned'],
    ['that a shared integration could not use', {}, 'integration_not_owned'],
    ['for payloads that takes messages only', { type: 'webhook', entity: 'other-team' }, 'integration_type'],
    ['that is no id', { fallbackIntegrationId: 7 }, 'invalid_type'],
    ['that is empty', { fallbackIntegrationId: '' }, 'invalid_value'],
  ])('%s is refused', async (_, more, code) => {
    const { engine } = await openEngine({
      deliveries: [{ name: 'console', integrationTypes: ['console', 'webhook'], deliver: async () => ({}) }],
    });
    const theirs = await engine.integrations.create({
      type: 'console',
      name: 'theirs',
      entity: 'other-team',
      delivery: 'console',
    });
    const definition = {
      type: 'console',
      name: 'ours',
      delivery: 'console',
      fallbackIntegrationId: theirs.id,
      ...more,
      ...('type' in more ? { url: 'https://example.com' } : {}),
    };
    await expect(engine.integrations.create(definition as never)).rejects.toMatchObject({
      code: 'invalid_integration',
      issues: [expect.objectContaining({ code, path: 'fallbackIntegrationId' })],
    });
  });

  test('is not itself; it can be taken away; while it is one it is not deleted without force', async () => {
    const lane = await openWaitingLane({ fallback: true });
    const { integrations } = lane.engine;
    const { id, fallbackIntegrationId = '' } = lane.ops;
    await expect(integrations.update(id, { fallbackIntegrationId: id })).rejects.toMatchObject({
      code: 'invalid_integration',
      issues: [{ code: 'invalid_value', path: 'fallbackIntegrationId' }],
    });
    await expect(integrations.delete(fallbackIntegrationId)).rejects.toMatchObject({
      code: 'integration_in_use',
      message: 'The integration #backup is used by #ops',
    });
    expect((await integrations.update(id, { fallbackIntegrationId: null })).fallbackIntegrationId).toBe(undefined);
    await integrations.delete(fallbackIntegrationId);
  });
});
