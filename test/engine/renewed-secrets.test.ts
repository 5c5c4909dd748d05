import { type Delivery, DeliveryError, onEvent, type Secrets, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';

/** An engine whose destination takes one token only, and what is asked of its secrets. */
async function openRefusing(secrets: Secrets, refusal = 'token_expired') {
  const tried: string[] = [];
  const delivery: Delivery = {
    name: 'chat',
    integrationTypes: ['slack'],
    capabilities: {},
    async deliver({ secret }) {
      const token = await secret('TOKEN');
      tried.push(token);
      if (token !== 'new-token') {
        throw new DeliveryError({ kind: 'credential', reason: refusal, message: `It refuses ${token}` });
      }
      return { note: `taken with ${token}` };
    },
  };
  const { engine, runtime } = await openEngine({ storage: memoryStorage(), deliveries: [delivery, console], secrets });
  const slack = await engine.integrations.create({
    type: 'slack',
    name: 'slack',
    delivery: 'chat',
    channel: '#ops',
    tokenSecretName: 'TOKEN',
  });
  await engine.automations.create({
    name: 'alarms',
    event: onEvent('custom.alarm', { scope: team('my-team') }),
    action: sendNotification(slack, { title: 'alarm' }),
  });
  const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await runtime.advance(0);
  const execution = await engine.executions.get(String(fired[0]?.id));
  return { tried, execution, integration: await engine.integrations.get(slack.id) };
}

const console: Delivery = { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) };

describe('a secret that the destination refuses', () => {
  test('is tried once more with another value, in the same attempt', async () => {
    const asked: object[] = [];
    const { tried, execution, integration } = await openRefusing({
      resolve: () => 'old-token',
      renew: ({ name, refused }) => {
        asked.push({ name, refused });
        return 'new-token';
      },
    });
    expect(tried).toEqual(['old-token', 'new-token']);
    expect(asked).toEqual([{ name: 'TOKEN', refused: 'old-token' }]);
    expect(execution).toMatchObject({ status: 'finished', receipt: { note: 'taken with [redacted]' } });
    expect(execution.attempts).toHaveLength(1);
    expect(integration.status).toBe('ok');
  });

  const others: [string, () => string | undefined, number][] = [
    ['there is no other', () => undefined, 1],
    ['it is the same', () => 'old-token', 1],
    ['the other is refused, too', () => 'old-token-2', 2],
  ];

  test.each(others)('is refused when %s', async (_, renew, tries) => {
    const { tried, execution, integration } = await openRefusing({ resolve: () => 'old-token', renew });
    expect(tried).toHaveLength(tries);
    expect(execution).toMatchObject({ status: 'pending', attempts: [{ kind: 'credential', error: 'token_expired' }] });
    expect(integration.status).toBe('disabled');
  });

  test('waits when another can’t be had now, and what the vault says is not kept', async () => {
    const { execution, integration } = await openRefusing({
      resolve: () => 'old-token',
      renew: () => {
        throw new Error('the vault quotes xoxb-secret');
      },
    });
    expect(execution.attempts).toMatchObject([{ kind: 'unavailable', error: 'secret_unavailable' }]);
    expect(JSON.stringify(execution)).not.toContain('xoxb');
    expect(integration.status).toBe('ok');
  });

  test('is not renewed for a scope that is missing', async () => {
    const { tried } = await openRefusing({ resolve: () => 'old-token', renew: () => 'new-token' }, 'missing_scope');
    expect(tried).toEqual(['old-token']);
  });
});
