import { describe, expect, it } from 'vitest';
import { atMs, expectNoSecret, faultOf, sampleMessage, sampleRequest } from './slack-samples.js';
import { adapterFor, payloadRequest, sampleWebhook, send, startReceiver } from './webhook-samples.js';

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
