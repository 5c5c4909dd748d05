import { describe, expect, it } from 'vitest';
import { webhook } from '../../adapters/delivery/webhook/index.js';
import type { Delivery } from '../../src/index.js';
import { atMs, expectNoSecret, faultOf, sampleMessage, sampleRequest } from './slack-samples.js';
import { adapterFor, lookupTo, payloadRequest, sampleWebhook, send, startReceiver } from './webhook-samples.js';

const url = 'https://hook.example/deploy?stage=1';

describe('a webhook gets', () => {
  it('the payload as JSON, in one POST', async () => {
    const receiver = await startReceiver((response) => response.end('thanks'));
    const payload = { ref: 'main', inputs: { loss: 'NaN', tags: ['ä', null, 1.5, true] } };
    const request = payloadRequest(sampleWebhook(`${receiver.origin}/deploy?stage=1`), { payload });
    expect(await send(adapterFor(receiver), request)).toEqual({ status: 200, body: 'thanks' });
    expect(receiver.requests).toHaveLength(1);
    const [{ method, path, headers, body }] = receiver.requests as [(typeof receiver.requests)[0]];
    expect([method, path]).toEqual(['POST', '/deploy?stage=1']);
    expect(body).toBe(JSON.stringify(payload));
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'tocsin/1',
      'webhook-id': 'delivery-1',
      host: `127.0.0.1:${receiver.port}`,
    });
    expect(Object.keys(headers)).not.toContain('authorization');
    expect(Object.keys(headers)).not.toContain('x-wandb-signature');
    expect(Object.keys(headers)).not.toContain('webhook-signature');
  });

  it.each([['a text'], [17], [null], [[1, [2]]], [{}]])('any JSON as its payload: %j', async (payload) => {
    const receiver = await startReceiver();
    await send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin), { payload }));
    expect(receiver.requests[0]?.body).toBe(JSON.stringify(payload));
  });

  it('a notification as documented JSON, and without facts and links when plain text is asked for', async () => {
    const receiver = await startReceiver();
    const links = [{ text: 'Run', url: 'https://app.example/runs/1' }];
    const message = sampleMessage({ links });
    const request = sampleRequest(sampleWebhook(receiver.origin), { message });
    await adapterFor(receiver).deliver(request);
    await adapterFor(receiver).deliver({ ...request, plainText: true });
    const [whole, plain] = receiver.requests.map(({ body }) => JSON.parse(body));
    const { title, text, severity, fields, automationName } = message;
    expect(whole).toEqual({ title, text, severity, fields, links, automationName, at: atMs });
    expect(plain).toEqual({ title, text, severity, fields: [], links: [], automationName, at: atMs });
  });

  it("the action's own headers", async () => {
    const receiver = await startReceiver();
    const headers = { 'X-Team': 'ml', Accept: 'application/vnd.github+json', 'user-agent': 'mine', __proto__x: 'ä' };
    await send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin), { headers }));
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-team': 'ml',
      accept: 'application/vnd.github+json',
      'user-agent': 'mine',
    });
  });

  it('its access token as a bearer token, without the line break of the file that it came from', async () => {
    const receiver = await startReceiver();
    const integration = sampleWebhook(receiver.origin, { accessTokenSecretName: 'TOKEN' });
    await send(adapterFor(receiver), payloadRequest(integration, {}, { TOKEN: 'topsecret\n' }));
    expect(receiver.requests[0]?.headers.authorization).toBe('Bearer topsecret');
  });

  it('every request over a connection of its own', async () => {
    const receiver = await startReceiver();
    for (const _ of [1, 2, 3]) await send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin)));
    expect(receiver.connections()).toBe(3);
    expect(receiver.requests[0]?.headers.connection).toBe('close');
  });

  it('nothing by way of a proxy of the environment', async () => {
    const [receiver, proxy] = [await startReceiver(), await startReceiver()];
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.origin;
    try {
      await send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin)));
    } finally {
      for (const [index, name] of names.entries()) {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      }
    }
    expect([receiver.requests.length, proxy.connections()]).toEqual([1, 0]);
  });

  it('a note in the receipt when an earlier attempt may have arrived', async () => {
    const receiver = await startReceiver();
    const request = payloadRequest(sampleWebhook(receiver.origin), { attempt: 2, mayHaveArrived: true });
    expect((await send(adapterFor(receiver), request)).note).toMatch(/^may be a duplicate/);
  });
});

describe('a header of an action', () => {
  const reserved = [
    ...['Host', 'content-type', 'Content-Length', 'Content-Anything', 'Transfer-Encoding', 'CONNECTION', 'Upgrade'],
    ...['Authorization', 'Proxy-Authorization', 'X-Wandb-Signature', 'webhook-id', 'Webhook-Signature', 'Expect'],
  ];

  it.each(reserved)('%s is reserved, and nothing is sent', async (name) => {
    const receiver = await startReceiver();
    const request = payloadRequest(sampleWebhook(receiver.origin), { headers: { [name]: '1' } });
    const error = await faultOf(send(adapterFor(receiver), request));
    expect(error).toMatchObject({ kind: 'message', reason: 'reserved_header', ambiguous: false });
    expect(receiver.connections()).toBe(0);
  });

  it.each([
    ['a line break in its value', { 'X-A': 'a\r\nX-B: b' }],
    ['a lone line feed in its value', { 'X-A': 'a\nX-B: b' }],
    ['a NUL in its value', { 'X-A': 'a\0' }],
    ['a character of more than a byte', { 'X-A': '→' }],
    ['a line break in its name', { 'X-A\r\nX-B': 'b' }],
    ['a space in its name', { 'X A': 'b' }],
    ['no name', { '': 'b' }],
  ])('with %s is refused, and nothing is sent', async (_, headers) => {
    const receiver = await startReceiver();
    const error = await faultOf(
      send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin), { headers })),
    );
    expect(error).toMatchObject({ kind: 'message', reason: 'invalid_header', ambiguous: false });
    expect(receiver.connections()).toBe(0);
  });
});

describe('a secret', () => {
  const names = { accessTokenSecretName: 'TOKEN', signingSecretName: 'KEY', previousSigningSecretName: 'OLD' };

  it('that the receiver echoes stands neither in the receipt nor in the error', async () => {
    const secrets = { TOKEN: 'top"secret-token', KEY: 'top/secret-key', OLD: 'top/secret-key-and-tail' };
    for (const status of [200, 400, 500]) {
      const receiver = await startReceiver((response, { headers }) => {
        response.statusCode = status;
        const echo = [JSON.stringify(headers), encodeURIComponent(secrets.KEY), secrets.OLD].join(' ');
        // The cut after 4,096 characters goes through a secret.
        response.end(`${echo}${' '.repeat(4_090 - echo.length)}${secrets.TOKEN}`);
      });
      const request = payloadRequest(sampleWebhook(receiver.origin, names), {}, secrets);
      const outcome = await send(adapterFor(receiver), request).catch((error) => error);
      expect(outcome.body).toContain('[redacted]');
      for (const part of ['top', 'secret-', 'tail']) expectNoSecret(outcome, part);
    }
  });

  it.each([
    ['of a line break', { TOKEN: 'topsecret\r\nX-B: b' }],
    ['that is blank', { TOKEN: ' \n' }],
    ['of signing that is no base64 after whsec_', { TOKEN: 'token', KEY: 'whsec_topsecret!!' }],
    ['of signing that is nothing after whsec_', { TOKEN: 'token', KEY: 'whsec_' }],
  ])('%s is a fault of the credential, and not quoted', async (_, secrets) => {
    const receiver = await startReceiver();
    const { accessTokenSecretName, signingSecretName } = names;
    const integration = sampleWebhook(receiver.origin, {
      accessTokenSecretName,
      ...('KEY' in secrets ? { signingSecretName } : {}),
    });
    const error = await faultOf(send(adapterFor(receiver), payloadRequest(integration, {}, secrets)));
    expect(error).toMatchObject({ kind: 'credential', reason: 'invalid_secret', ambiguous: false });
    expectNoSecret(error, 'topsecret');
    expect(receiver.connections()).toBe(0);
  });

  it('that can not be read is the fault that its secret has', async () => {
    const receiver = await startReceiver();
    const error = await faultOf(send(adapterFor(receiver), payloadRequest(sampleWebhook(receiver.origin, names))));
    expect(error).toMatchObject({ kind: 'credential', reason: 'secret_missing' });
  });
});

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
