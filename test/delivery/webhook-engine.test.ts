import type { ServerResponse } from 'node:http';
import type { Engine, Execution, Integration, JsonValue } from 'tocsin';
import { onAddArtifactAlias, registry, sendNotification, sendWebhook } from 'tocsin';
import { webhook } from 'tocsin/delivery/webhook';
import { envSecrets } from 'tocsin/secrets';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { expectNoSecret } from './slack-samples.js';
import { type Receiver, startReceiver } from './webhook-samples.js';

const env = { HOOK_TOKEN: 'topsecret-token', HOOK_KEY: 'topsecret-key' };

interface WebhookEngine {
  readonly engine: Engine;
  readonly receiver: Receiver;
  readonly hook: Integration;
  readonly log: readonly string[];
  /** The bodies that were received, parsed. */
  bodies(): JsonValue[];
  /** Adds an alias, and gives the first execution that it fires. */
  ring(alias: string): Promise<Execution>;
  /** Lets retries happen until nothing waits but what is parked. */
  settle(): Promise<void>;
  read(execution: Execution): Promise<Execution>;
}

/** An engine with a webhook integration to a receiver that gives these answers, then 200. */
async function openWebhookEngine(
  answers: ((response: ServerResponse) => void)[] = [],
  changes: { readonly secretsInPayload?: boolean } = {},
): Promise<WebhookEngine> {
  const receiver = await startReceiver((response) => (answers.shift() ?? (() => response.end('taken')))(response));
  const { engine, runtime, logger } = await openEngine({
    deliveries: [
      webhook({ allowedOrigins: [receiver.origin], timeoutMs: 2_000 }),
      { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
    ],
    secrets: envSecrets({ allow: ['HOOK_*'], env }),
  });
  onTestFinished(() => engine.close());
  const hook = await engine.integrations.create({
    type: 'webhook',
    name: 'hook',
    entity: 'my-team',
    delivery: 'webhook',
    url: `${receiver.origin}/hook`,
    accessTokenSecretName: 'HOOK_TOKEN',
    signingSecretName: 'HOOK_KEY',
    ...changes,
  });
  return {
    engine,
    receiver,
    hook,
    log: logger.lines,
    bodies: () => receiver.requests.map(({ body }) => JSON.parse(body)),
    async ring(alias) {
      const [execution] = (await engine.emit(aliasAdded(alias))).fired;
      if (execution === undefined) throw new Error(`${alias} did not ring`);
      return execution;
    },
    async settle() {
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
    },
    read: ({ id }) => engine.executions.get(id),
  };
}

const anyAlias = onAddArtifactAlias({ scope: registry('my-team', 'models') });
const status = (code: number) => (response: ServerResponse) => response.writeHead(code).end('no');

describe('a webhook action', () => {
  const action = (hook: Integration) =>
    sendWebhook(hook, { payload: { alias: '${alias}' }, headers: { 'X-Team': 'ml' } });

  test('posts its payload with its headers, and keeps what was answered', async () => {
    const { engine, receiver, hook, ring, settle, bodies, read } = await openWebhookEngine();
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    const execution = await ring('"production", "evil": "1');
    await settle();
    expect(bodies()).toEqual([{ alias: '"production", "evil": "1' }]);
    expect(receiver.requests[0]?.headers).toMatchObject({ 'x-team': 'ml', 'webhook-id': execution.id });
    const kept = await read(execution);
    expect(kept).toMatchObject({
      status: 'finished',
      payload: { alias: '"production", "evil": "1' },
      receipt: { status: 200, body: 'taken' },
      attempts: [{ outcome: 'delivered', status: 200 }],
    });
    expectNoSecret(kept, 'topsecret');
  });

  test('without a payload posts the automation, the execution and the event', async () => {
    const { engine, hook, ring, settle, bodies } = await openWebhookEngine();
    const { automation } = await engine.automations.create({
      name: 'deploy',
      event: anyAlias,
      action: sendWebhook(hook),
    });
    const { id } = await ring('production');
    await settle();
    expect(bodies()).toMatchObject([
      {
        automation: { id: automation.id, name: 'deploy' },
        executionId: id,
        event: { type: 'artifact.alias-added', alias: 'production' },
      },
    ]);
  });

  test('that is refused fails at once, and does not hold up the next', async () => {
    const { engine, hook, ring, settle, bodies, read } = await openWebhookEngine([status(422)]);
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    const [first, second] = [await ring('first'), await ring('second')];
    await settle();
    expect(bodies()).toEqual([{ alias: 'first' }, { alias: 'second' }]);
    const failed = await read(first);
    expect(failed).toMatchObject({
      status: 'failed',
      reason: 'message_refused',
      attempts: [{ kind: 'message', error: 'http_422', status: 422, body: 'no' }],
    });
    expect(failed.attempts).toHaveLength(1);
    expect(failed.attempts[0]?.plainText).toBeUndefined();
    expect((await read(second)).status).toBe('finished');
  });

  test('that fails for a while is tried again under the same id, before what came later', async () => {
    const { engine, receiver, hook, ring, settle, bodies, read } = await openWebhookEngine([
      status(503),
      (response) => response.socket?.resetAndDestroy(),
      (response) => response.writeHead(429, { 'retry-after': '40' }).end(),
    ]);
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    const [first, second] = [await ring('first'), await ring('second')];
    await settle();
    expect(bodies().map((body) => (body as { alias: string }).alias)).toEqual([
      ...['first', 'first', 'first', 'first'],
      'second',
    ]);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([first.id, first.id, first.id, first.id, second.id]);
    expect(await read(first)).toMatchObject({
      status: 'finished',
      attempts: [
        { kind: 'unavailable', error: 'http_503', ambiguous: true },
        { kind: 'unavailable', error: 'reset', ambiguous: true },
        { kind: 'unavailable', error: 'http_429', retryInMs: 40_000 },
        { outcome: 'delivered' },
      ],
      receipt: { note: expect.stringMatching(/^may be a duplicate/) },
    });
  });

  test('answered 410 disables the integration; what waits goes when it is enabled', async () => {
    const { engine, hook, ring, settle, bodies, read } = await openWebhookEngine([status(410)]);
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    const [first, second] = [await ring('first'), await ring('second')];
    await settle();
    expect(bodies()).toEqual([{ alias: 'first' }]);
    expect(await engine.integrations.get(hook.id)).toMatchObject({
      status: 'disabled',
      statusReason: 'The receiver answered 410: it wants no more',
    });
    expect((await read(first)).attempts).toMatchObject([{ kind: 'channel', error: 'gone', status: 410 }]);
    expect((await read(second)).status).toBe('pending');
    await engine.integrations.enable(hook.id);
    await settle();
    expect(bodies()).toEqual([{ alias: 'first' }, { alias: 'first' }, { alias: 'second' }]);
    expect((await read(second)).status).toBe('finished');
  });

  test('to an address that is not public disables the integration', async () => {
    const receiver = await startReceiver();
    const { engine } = await openEngine({
      deliveries: [
        webhook({ lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) }),
        { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) },
      ],
    });
    onTestFinished(() => engine.close());
    const owner = { type: 'webhook', name: 'inside', delivery: 'webhook' } as const;
    await expect(engine.integrations.create({ ...owner, url: receiver.origin })).rejects.toMatchObject({
      code: 'invalid_integration',
      issues: [{ code: 'invalid_value', path: 'url' }],
    });
    const hook = await engine.integrations.create({ ...owner, url: `http://hook.example:${receiver.port}/` });
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    await engine.emit(aliasAdded('production'));
    await engine.idle();
    const { status: found, statusReason } = await engine.integrations.get(hook.id);
    expect([found, statusReason]).toEqual(['disabled', expect.stringContaining('hook.example leads to an address')]);
    expect(receiver.connections()).toBe(0);
  });

  test('whose integration has come to another team is not sent', async () => {
    const { engine, receiver, hook, ring, settle, read } = await openWebhookEngine();
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    await engine.integrations.disable(hook.id);
    const execution = await ring('production');
    await settle();
    await engine.integrations.update(hook.id, { entity: 'other-team' });
    await engine.integrations.enable(hook.id);
    await settle();
    expect(await read(execution)).toMatchObject({ status: 'failed', reason: 'integration_not_owned' });
    expect(receiver.connections()).toBe(0);
  });
});

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
    const { engine, hook, ring, settle, bodies } = await openWebhookEngine([status(503)], { secretsInPayload: true });
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

test('a notification to a webhook that refuses it is tried once without its facts', async () => {
  const { engine, hook, ring, settle, bodies, read } = await openWebhookEngine([status(400)]);
  const action = sendNotification(hook, { title: 'Alias ${alias}', severity: 'WARN' });
  await engine.automations.create({ name: 'tell', event: anyAlias, action });
  const execution = await ring('production');
  await settle();
  const [whole, plain] = bodies() as Record<string, JsonValue>[];
  expect(whole).toMatchObject({ title: 'Alias production', severity: 'WARN', automationName: 'tell' });
  expect(whole?.['fields']).not.toEqual([]);
  expect(plain).toEqual({ ...whole, fields: [], links: [] });
  expect(await read(execution)).toMatchObject({
    status: 'finished',
    attempts: [{ error: 'http_400' }, { outcome: 'delivered', plainText: true }],
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
