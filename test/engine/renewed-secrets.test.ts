import {
  type Delivery,
  DeliveryError,
  onEvent,
  type Secrets,
  sendNotification,
  TocsinError,
  team,
  type Verification,
} from 'tocsin';
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

/** An engine whose destination is asked about its token, and says so or throws. */
async function askRefusing(secrets: Secrets, answer: (token: string) => Verification) {
  const asked: string[] = [];
  const delivery: Delivery = {
    name: 'chat',
    integrationTypes: ['slack'],
    deliver: async () => ({}),
    async verify({ secret }) {
      const token = await secret('TOKEN');
      asked.push(token);
      return answer(token);
    },
  };
  const { engine } = await openEngine({ deliveries: [delivery, console], secrets });
  const definition = {
    type: 'slack',
    name: 'slack',
    delivery: 'chat',
    channel: '#ops',
    tokenSecretName: 'TOKEN',
  } as const;
  const slack = await engine.integrations.create(definition);
  return { asked, verification: engine.integrations.verify(slack.id) };
}

describe('a secret that is refused when the destination is asked', () => {
  const problem = { kind: 'credential', reason: 'token_expired', message: 'It has expired' } as const;
  const refusing = (token: string): Verification =>
    token === 'new-token' ? { ok: true, problems: [] } : { ok: false, problems: [problem] };
  const throwing = (token: string): Verification => {
    if (token === 'new-token') return { ok: true, problems: [] };
    throw new DeliveryError(problem);
  };

  test.each([
    ['in its answer', refusing],
    ['as an error', throwing],
  ])('%s, is asked about once more with another value', async (_, answer) => {
    const { asked, verification } = await askRefusing({ resolve: () => 'old-token', renew: () => 'new-token' }, answer);
    expect(await verification).toMatchObject({ ok: true });
    expect(asked).toEqual(['old-token', 'new-token']);
  });

  test.each([
    ['in its answer', refusing],
    ['as an error', throwing],
  ])('%s, is a finding when there is no other, or the other is refused, too', async (_, answer) => {
    for (const renew of [() => undefined, () => 'old-token-2']) {
      const { asked, verification } = await askRefusing({ resolve: () => 'old-token', renew }, answer);
      expect(await verification).toMatchObject({ ok: false, problems: [{ reason: 'token_expired' }] });
      expect(asked.length).toBeLessThanOrEqual(2);
    }
  });

  test('is a finding that says why there will be no other', async () => {
    const renew = () => {
      throw new DeliveryError({ kind: 'credential', reason: 'invalid_refresh_token', message: 'Slack refused it' });
    };
    const { verification } = await askRefusing({ resolve: () => 'old-token', renew }, refusing);
    expect(await verification).toMatchObject({
      ok: false,
      problems: [
        { kind: 'credential', reason: 'invalid_refresh_token', message: expect.stringContaining('Slack refused it') },
      ],
    });
  });

  test('is not renewed for a channel or a scope', async () => {
    for (const found of [
      { kind: 'channel', reason: 'is_archived' },
      { kind: 'credential', reason: 'missing_scope' },
    ] as const) {
      const { asked, verification } = await askRefusing(
        { resolve: () => 'old-token', renew: () => 'new-token' },
        () => ({
          ok: false,
          problems: [{ ...found, message: 'x' }],
        }),
      );
      expect(await verification).toMatchObject({ ok: false });
      expect(asked).toEqual(['old-token']);
    }
  });
});

describe('a secret that can’t be read says why', () => {
  const refusedToken = new DeliveryError({
    kind: 'credential',
    reason: 'invalid_refresh_token',
    message: 'Slack refused it (invalid_refresh_token)',
  });
  const wrongKey = new TocsinError({ code: 'secret_unreadable', message: 'No key that was given opens TOKEN' });

  test('a refresh token that is refused disables the integration, and its reason tells it from a secret that is missing', async () => {
    const { execution, integration } = await openRefusing({
      resolve: () => {
        throw refusedToken;
      },
    });
    const message = 'The secret TOKEN could not be read: Slack refused it (invalid_refresh_token)';
    expect(execution.attempts).toMatchObject([{ kind: 'credential', error: 'invalid_refresh_token', message }]);
    expect(integration).toMatchObject({ status: 'disabled', statusReason: message });

    const missing = await openRefusing({ resolve: () => undefined });
    expect(missing.execution.attempts).toMatchObject([{ kind: 'credential', error: 'secret_unavailable' }]);
    expect(missing.integration.statusReason).toContain('There is no secret TOKEN');
  });

  test('a wrong key to the vault is told by its code; the message waits', async () => {
    const { execution, integration } = await openRefusing({
      resolve: () => {
        throw wrongKey;
      },
    });
    const message = 'The secret TOKEN could not be read: No key that was given opens TOKEN';
    expect(execution).toMatchObject({
      status: 'pending',
      attempts: [{ kind: 'unavailable', error: 'secret_unreadable', message }],
    });
    expect(execution.attempts[0]).not.toHaveProperty('ambiguous');
    expect(integration.status).toBe('ok');
  });

  test('but never with a secret that is known', async () => {
    let reads = 0;
    const { execution } = await openRefusing({
      resolve: () => {
        reads += 1;
        if (reads === 1) return 'xoxb-old-token';
        throw refusedToken;
      },
      renew: ({ refused }) => {
        throw new DeliveryError({ kind: 'credential', reason: 'gone', message: `There is none for ${refused}` });
      },
    });
    expect(execution.attempts).toMatchObject([
      { error: 'gone', message: 'The secret TOKEN could not be read: There is none for [redacted]' },
    ]);
    expect(JSON.stringify(execution)).not.toContain('xoxb');
  });

  test('and asks for the time that the vault asks for', async () => {
    const { execution } = await openRefusing({
      resolve: () => {
        throw new DeliveryError({ kind: 'unavailable', reason: 'ratelimited', message: 'Later', retryAfterMs: 90_000 });
      },
    });
    expect(execution.attempts).toMatchObject([{ kind: 'unavailable', error: 'ratelimited', retryInMs: 90_000 }]);
  });
});
