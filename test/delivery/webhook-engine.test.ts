import type { ServerResponse } from 'node:http';
import type { Integration, JsonValue } from 'tocsin';
import { sendNotification, sendWebhook } from 'tocsin';
import { webhook } from 'tocsin/delivery/webhook';
import { describe, expect, onTestFinished, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { expectNoSecret } from './slack-samples.js';
import { anyAlias, openWebhookEngine } from './webhook-engine.js';
import { startReceiver } from './webhook-samples.js';

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

  test('answered 410 at an address that was put right meanwhile disables nothing, and goes to the new one', async () => {
    let answer: (response: ServerResponse) => void = () => {};
    const held = new Promise<ServerResponse>((resolve) => (answer = resolve));
    const { engine, receiver, hook, ring, settle, read } = await openWebhookEngine([answer]);
    await engine.automations.create({ name: 'deploy', event: anyAlias, action: action(hook) });
    const execution = await ring('production');
    const response = await held;
    await engine.integrations.update(hook.id, { url: `${receiver.origin}/new` });
    response.writeHead(410).end('gone');
    await settle();
    expect(await engine.integrations.get(hook.id)).toMatchObject({ status: 'ok', url: `${receiver.origin}/new` });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/hook', '/new']);
    expect(await read(execution)).toMatchObject({ status: 'finished', attempts: [{ status: 410 }, { status: 200 }] });
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
