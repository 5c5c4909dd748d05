import { describe, expect, it } from 'vitest';
import { webhook } from '../../adapters/delivery/webhook/index.js';
import type { Delivery } from '../../src/index.js';
import { expectNoSecret, faultOf, sampleMessage } from './slack-samples.js';
import { lookupTo, payloadRequest, sampleWebhook, send } from './webhook-samples.js';

const url = 'https://hook.example/deploy?stage=1';

describe('a preview', () => {
  it('shows the request, with secrets and signatures in words, and reads no secret', () => {
    const integration = sampleWebhook(url, {
      accessTokenSecretName: 'DEPLOY_TOKEN',
      signingSecretName: 'KEY',
      previousSigningSecretName: 'OLD',
    });
    const headers = { 'X-Team': 'ml' };
    expect(webhook().preview?.({ integration, payload: { a: 1 }, headers })).toEqual({
      method: 'POST',
      url,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'tocsin/1',
        Authorization: 'Bearer <secret DEPLOY_TOKEN>',
        'X-Wandb-Signature': '<HMAC-SHA256 of the body with secret KEY, in base64>',
        'webhook-id': '<id of the execution>',
        'webhook-timestamp': '<time of the attempt, in seconds>',
        'webhook-signature': 'v1,<signature with secret KEY> v1,<signature with secret OLD>',
        'X-Team': 'ml',
      },
      body: { a: 1 },
    });
  });

  it('shows a notification as it would be posted', () => {
    const message = sampleMessage({ links: [] });
    expect(webhook().preview?.({ integration: sampleWebhook(url), message })).toMatchObject({
      body: { title: message.title, at: message.atMs },
    });
  });
});

describe('an integration', () => {
  const check = (integration: Parameters<NonNullable<Delivery['check']>>[0]) => webhook().check?.(integration);

  it.each([
    ['no URL', 'hook.example'],
    ['another protocol', 'ftp://hook.example/'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['a user', 'https://topsecret@hook.example/'],
    ['a password', 'https://a:topsecret@hook.example/'],
    ['a fragment', 'https://hook.example/#a'],
    ['an empty fragment', 'https://hook.example/#'],
    ['a port that is none', 'https://hook.example:99999/'],
  ])('with %s is refused before it is stored, and not quoted', async (_, wrong) => {
    const issues = check(sampleWebhook(wrong));
    expect(issues).toMatchObject([{ code: 'invalid_value', path: 'url', message: /^Expected / }]);
    expectNoSecret(issues, 'topsecret');
    // One that was stored by another version is refused at the delivery too.
    const error = await faultOf(send(webhook(), payloadRequest(sampleWebhook(wrong))));
    expect(error).toMatchObject({ kind: 'channel', reason: 'invalid_url', ambiguous: false });
    expectNoSecret(error, 'topsecret');
  });

  it('without fault has no issues', () => {
    expect(check(sampleWebhook(url, { signingSecretName: 'KEY', previousSigningSecretName: 'OLD' }))).toEqual([]);
  });

  it('can not have a previous signing secret alone', () => {
    expect(check(sampleWebhook(url, { previousSigningSecretName: 'OLD' }))).toMatchObject([
      { code: 'required', path: 'signingSecretName' },
    ]);
  });

  it('is verified as far as that goes without a post, which is not conclusive', async () => {
    const lookup = lookupTo('93.184.215.14');
    const delivery = webhook({ lookup });
    expect(await delivery.verify?.(payloadRequest(sampleWebhook(url)))).toEqual({
      ok: true,
      conclusive: false,
      problems: [],
    });
    expect(lookup.asked).toEqual(['hook.example']);
    const unread = payloadRequest(sampleWebhook(url, { signingSecretName: 'KEY' }));
    expect(await delivery.verify?.(unread)).toMatchObject({
      ok: false,
      problems: [{ kind: 'credential', reason: 'secret_missing' }],
    });
  });

  it('can not be verified while its host can not be resolved', async () => {
    const target = payloadRequest(sampleWebhook(url));
    const notFound = webhook({
      lookup: (_name, _options, callback) => callback(Object.assign(new Error(), { code: 'ENOTFOUND' }), []),
    });
    expect(await faultOf(notFound.verify?.(target) ?? Promise.resolve())).toMatchObject({
      kind: 'unavailable',
      reason: 'dns_failure',
    });
    const silent = webhook({ lookup: () => {}, timeoutMs: 50 });
    expect(await faultOf(silent.verify?.(target) ?? Promise.resolve())).toMatchObject({ reason: 'connect_timeout' });
    const controller = new AbortController();
    const aborted = faultOf(
      webhook({ lookup: () => controller.abort() }).verify?.({ ...target, signal: controller.signal }) ??
        Promise.resolve(),
    );
    expect(await aborted).toMatchObject({ reason: 'aborted' });
  });

  it('of another type is not the adapter’s', async () => {
    const { type: _type, url: _url, ...rest } = sampleWebhook(url);
    const terminal = { ...rest, type: 'console' } as const;
    expect(check(terminal)).toEqual([]);
    expect(await faultOf(send(webhook(), payloadRequest(terminal)))).toMatchObject({ kind: 'channel' });
  });
});

describe('the options', () => {
  it.each([
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, 'timeoutMs'],
    [{ maxResponseBytes: -1 }, 'maxResponseBytes'],
    [{ allowedOrigins: ['127.0.0.1:8080'] }, 'allowedOrigins'],
    [{ allowedOrigins: ['http://127.0.0.1:8080/only-here'] }, 'allowedOrigins'],
    [{ allowedOrigins: ['*'] }, 'allowedOrigins'],
    [{ allowedOrigins: 'http://127.0.0.1' as never }, 'allowedOrigins'],
    [{ wandbSignatureEncoding: 'base64url' as never }, 'wandbSignatureEncoding'],
  ])('%j can not work, and the fault names the option', (options, name) => {
    expect(() => webhook(options)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(name) }),
    );
  });

  it('set the pace; without one there is none', () => {
    expect(webhook().pacing).toBeUndefined();
    expect(webhook({ pacing: { messagesPerSecond: 2, burst: 5 } }).pacing).toEqual({ messagesPerSecond: 2, burst: 5 });
  });
});
