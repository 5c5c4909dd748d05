import type { JsonValue } from 'tocsin';
import { sendWebhook } from 'tocsin';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { expectNoSecret } from './slack-samples.js';
import { anyAlias, env, openWebhookEngine } from './webhook-engine.js';

describe('a secret in a payload', () => {
  const payload = { token: '${ACCESS_TOKEN}', key: 'is ${HOOK_KEY}', alias: '${alias}' };

  test('reaches the receiver, and no record', async () => {
    const { engine, hook, log, ring, settle, bodies, read } = await openWebhookEngine([], { secretsInPayload: true });
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: sendWebhook(hook, { payload }) });
    // What an event says is never expanded.
    const execution = await ring('${HOOK_KEY}');
    await settle();
    expect(bodies()).toEqual([{ token: env.HOOK_TOKEN, key: `is ${env.HOOK_KEY}`, alias: '${HOOK_KEY}' }]);
    const kept = await read(execution);
    expect(kept.payload).toEqual({ token: '[redacted]', key: 'is [redacted]', alias: '${HOOK_KEY}' });
    expect(kept.status).toBe('finished');
    expectNoSecret([kept, log], 'topsecret');
  });

  test('is not sent any more once the integration does not allow it', async () => {
    const { engine, hook, ring, settle, bodies } = await openWebhookEngine(
      [(response) => response.writeHead(503).end()],
      { secretsInPayload: true },
    );
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: sendWebhook(hook, { payload }) });
    await ring('production');
    await engine.idle();
    await engine.integrations.update(hook.id, { secretsInPayload: false });
    await settle();
    expect(bodies()).toEqual([
      { token: env.HOOK_TOKEN, key: `is ${env.HOOK_KEY}`, alias: 'production' },
      { token: '', key: 'is ', alias: 'production' },
    ]);
  });
});

test('the preview of an engine shows the request, without a secret', async () => {
  const { engine, receiver, hook } = await openWebhookEngine([], { secretsInPayload: true });
  const payload = { token: '${ACCESS_TOKEN}', alias: '${alias}' };
  await engine.automations.create({ name: 'deploy', event: anyAlias, action: sendWebhook(hook, { payload }) });
  const [automation] = (await engine.automations.list()).items;
  const preview = await engine.preview(String(automation?.id), aliasAdded('production'));
  expect(preview).toMatchObject({ payload: { token: '[redacted]', alias: 'production' } });
  expect(JSON.stringify(preview)).toContain('Bearer <secret HOOK_TOKEN>');
  expectNoSecret(preview, 'topsecret');
  expect(receiver.connections()).toBe(0);
});

test('an adapter of one’s own gets only the secrets that it asks for or the payload names, and changes no record', async () => {
  const read: string[] = [];
  const sent: JsonValue[] = [];
  const { engine } = await openEngine({
    deliveries: [
      {
        name: 'own',
        integrationTypes: ['webhook'],
        deliver: async () => ({}),
        async deliverPayload({ payload, headers }) {
          sent.push(JSON.parse(JSON.stringify(payload)));
          Object.assign(payload as object, { alias: 'changed' });
          Object.assign(headers, { 'X-Team': 'changed' });
          return { body: `${'x'.repeat(4_090)}${env.HOOK_TOKEN}` };
        },
      },
      { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
    ],
    secrets: {
      resolve({ name }) {
        read.push(name);
        return Object.entries(env).find(([known]) => known === name)?.[1];
      },
    },
  });
  onTestFinished(() => engine.close());
  const hook = await engine.integrations.create({
    type: 'webhook',
    name: 'own',
    delivery: 'own',
    url: 'https://hook.example/',
    accessTokenSecretName: 'HOOK_TOKEN',
    signingSecretName: 'HOOK_KEY',
    secretsInPayload: true,
  });
  const headers = { 'X-Team': 'ml' };
  const payloads = [{ alias: '${alias}' }, { alias: '${alias}', token: '${ACCESS_TOKEN}' }];
  for (const [index, payload] of payloads.entries()) {
    const action = sendWebhook(hook, { payload, headers });
    await engine.automations.create({ name: `deploy-${index}`, event: anyAlias, action });
  }
  await engine.emit(aliasAdded('production'));
  await engine.idle();
  expect(sent).toEqual([{ alias: 'production' }, { alias: 'production', token: env.HOOK_TOKEN }]);
  expect(read).toEqual(['HOOK_TOKEN']);
  const [second, first] = (await engine.executions.list()).items;
  expect(first).toMatchObject({ status: 'finished', payload: { alias: 'production' }, action: { headers } });
  expect(second).toMatchObject({ status: 'finished', receipt: { body: `${'x'.repeat(4_090)}[redac` } });
  expectNoSecret(second, 'topsec');
});
