import { createServer } from 'node:http';
import { createEngine, type Integration, onAnomaly, sendWebhook, team } from 'tocsin';
import { webhook } from 'tocsin/delivery/webhook';
import { type EnvSecretsOptions, envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, onTestFinished, test } from 'vitest';

const env = { SLACK_BOT_TOKEN: 'xoxb-of-the-host', DEPLOY_TOKEN: 'deploy', DATABASE_URL: 'postgres://' };
const slackAlone = { name: 'SLACK_*', integrationTypes: ['slack'] } as const;

function readBy(allow: EnvSecretsOptions['allow'], type: Integration['type'], name: string) {
  return envSecrets({ allow, env }).resolve({ name, integration: { type } as Integration });
}

describe('envSecrets', () => {
  test('gives a name to the types of integration for which it is allowed, and to no other', () => {
    const allow = [slackAlone, 'DEPLOY_*', { name: 'DATABASE_URL', integrationTypes: [] }];
    expect(readBy(allow, 'slack', 'SLACK_BOT_TOKEN')).toBe('xoxb-of-the-host');
    for (const type of ['webhook', 'custom', 'console'] as const) {
      expect(readBy(allow, type, 'SLACK_BOT_TOKEN')).toBeUndefined();
      expect(readBy(allow, type, 'DEPLOY_TOKEN')).toBe('deploy');
      expect(readBy(allow, type, 'DATABASE_URL')).toBeUndefined();
    }
    expect(readBy([{ name: 'DEPLOY_TOKEN' }], 'webhook', 'DEPLOY_TOKEN')).toBe('deploy');
    expect(readBy([{ name: 'DEPLOY_TOKEN' }], 'webhook', 'DEPLOY_TOKEN_2')).toBeUndefined();
    // One entry that allows it is enough.
    expect(readBy([slackAlone, 'SLACK_BOT_TOKEN'], 'webhook', 'SLACK_BOT_TOKEN')).toBe('xoxb-of-the-host');
  });

  test('does not change when the list is changed afterwards', () => {
    const types: Integration['type'][] = ['slack'];
    const allow = [{ name: 'SLACK_*', integrationTypes: types }];
    const secrets = envSecrets({ allow, env });
    types.push('webhook');
    allow.push({ name: 'DATABASE_URL', integrationTypes: types });
    const integration = { type: 'webhook' } as Integration;
    expect(secrets.resolve({ name: 'SLACK_BOT_TOKEN', integration })).toBeUndefined();
    expect(secrets.resolve({ name: 'DATABASE_URL', integration })).toBeUndefined();
  });

  test.each([
    ['a list of everything', ['*']],
    ['an entry of everything', [{ name: '*', integrationTypes: ['slack'] }]],
    ['no name', [{ integrationTypes: ['slack'] }]],
    ['an empty name', ['']],
    ['a type that there is not', [{ name: 'A', integrationTypes: ['slak'] }]],
    ['a type that is no list', [{ name: 'A', integrationTypes: 'slack' }]],
    ['a misspelt part, which would allow it to all', [{ name: 'A', integrationType: ['slack'] }]],
    ['null', [null]],
    ['a number', [5]],
  ])('refuses %s', (_, allow) => {
    expect(() => envSecrets({ allow: allow as never, env })).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining('at allow') }),
    );
  });

  test('keeps the host’s Slack token from a webhook that somebody makes for himself', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('Expected a TCP address');
    const url = `http://127.0.0.1:${address.port}`;
    const engine = await createEngine({
      storage: memoryStorage(),
      deliveries: [webhook({ allowedOrigins: [url] })],
      secrets: envSecrets({ allow: [slackAlone], env }),
      logger: { warn() {}, error() {} },
    });
    onTestFinished(async () => {
      await engine.close();
      server.close();
    });
    const theirs = await engine.integrations.create({
      ...{ type: 'webhook', name: 'w', entity: 'their-team', delivery: 'webhook', url },
      accessTokenSecretName: 'SLACK_BOT_TOKEN',
    });
    await engine.automations.create({
      name: 'a',
      event: onAnomaly({ scope: team('their-team') }),
      action: sendWebhook(theirs, { payload: {} }),
    });
    await engine.emit({ type: 'anomaly.detected', entity: 'their-team', metric: 'm', value: 7, timestamp: 1.7e9 });
    await engine.idle();
    expect(seen).toEqual([]);
    expect(await engine.integrations.get(theirs.id)).toMatchObject({ status: 'disabled' });
  });
});
