import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type WebhookDeliveryOptions, webhook } from '../../adapters/delivery/webhook/index.js';
import { faultOf } from './slack-samples.js';
import { selfSigned } from './webhook-certificate.js';
import { adapterFor, lookupTo, payloadRequest, sampleWebhook, send, startReceiver } from './webhook-samples.js';

const post = (origin: string, options: WebhookDeliveryOptions = {}, signal?: AbortSignal) =>
  send(
    webhook({ allowedOrigins: [origin], timeoutMs: 5_000, ...options }),
    payloadRequest(sampleWebhook(origin), signal === undefined ? {} : { signal }),
  );

/** A server that speaks what it likes; it is closed when the test ends. */
async function startRawServer(onData: (socket: Socket) => void, onConnect = (_socket: Socket): void => {}) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => onData(socket));
    onConnect(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An HTTPS server whose certificate nobody vouches for. */
async function startTlsServer() {
  let requests = 0;
  const server = createTlsServer(selfSigned, (_request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { origin: `https://hook.example:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

describe('what may have arrived is ambiguous:', () => {
  it('headers that do not come within the timeout', async () => {
    const receiver = await startReceiver(() => {});
    const error = await faultOf(post(receiver.origin, { timeoutMs: 150 }));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'timeout', ambiguous: true, status: undefined });
    expect(receiver.requests).toHaveLength(1);
  });

  it('headers that drip, each byte in time', async () => {
    let timer: NodeJS.Timeout | undefined;
    const origin = await startRawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-A: ');
      timer = setInterval(() => socket.write('a'), 10);
    });
    onTestFinished(() => clearInterval(timer));
    expect(await faultOf(post(origin, { timeoutMs: 200 }))).toMatchObject({ reason: 'timeout', ambiguous: true });
  });

  it('announcements of an answer without end', async () => {
    let timer: NodeJS.Timeout | undefined;
    const origin = await startRawServer((socket) => {
      timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 10);
    });
    onTestFinished(() => clearInterval(timer));
    expect(await faultOf(post(origin, { timeoutMs: 200 }))).toMatchObject({ reason: 'timeout', ambiguous: true });
  });

  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['end', (socket: Socket) => socket.end()],
    ['break off amid the headers', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nX-A')],
  ])('a connection that the receiver lets %s', async (_, end) => {
    const origin = await startRawServer((socket) => void end(socket));
    expect(await faultOf(post(origin))).toMatchObject({ kind: 'unavailable', reason: 'reset', ambiguous: true });
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ])('an answer that is %s', async (_, answer) => {
    const origin = await startRawServer((socket) => void socket.write(answer));
    expect(await faultOf(post(origin))).toMatchObject({
      kind: 'unavailable',
      reason: 'unreadable_response',
      ambiguous: true,
    });
  });

  it('an attempt that is called off meanwhile', async () => {
    const receiver = await startReceiver(() => {});
    const controller = new AbortController();
    const outcome = faultOf(post(receiver.origin, { timeoutMs: 600_000 }, controller.signal));
    await vi.waitUntil(() => receiver.requests.length === 1);
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'unavailable', reason: 'aborted', ambiguous: true });
  });
});

describe('what can not have arrived is not ambiguous:', () => {
  it('an attempt that was called off before', async () => {
    const receiver = await startReceiver();
    const error = await faultOf(post(receiver.origin, {}, AbortSignal.abort()));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'aborted', ambiguous: false });
    expect(receiver.connections()).toBe(0);
  });

  it('a port on which nobody listens', async () => {
    const origin = 'http://127.0.0.1:1';
    expect(await faultOf(post(origin))).toMatchObject({
      kind: 'unavailable',
      reason: 'connection_refused',
      ambiguous: false,
    });
  });

  it('a host none of whose addresses listens', async () => {
    const origin = 'http://hook.internal:1';
    expect(await faultOf(post(origin, { lookup: lookupTo('127.0.0.1', '127.0.0.2') }))).toMatchObject({
      reason: 'connection_refused',
      ambiguous: false,
    });
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that is not resolved: %s', async (code) => {
    const lookup: WebhookDeliveryOptions['lookup'] = (_name, _options, callback) =>
      callback(Object.assign(new Error('topsecret'), { code }), []);
    expect(await faultOf(post('http://hook.internal:1', { lookup, allowedOrigins: [] }))).toMatchObject({
      kind: 'unavailable',
      reason: 'dns_failure',
      ambiguous: false,
      message: 'The receiver could not be reached (dns_failure)',
    });
  });

  it('a look-up that never answers', async () => {
    const lookup: WebhookDeliveryOptions['lookup'] = () => {};
    expect(await faultOf(post('http://hook.internal:1', { lookup, timeoutMs: 50 }))).toMatchObject({
      reason: 'connect_timeout',
      ambiguous: false,
    });
  });

  it('a certificate that nobody vouches for', async () => {
    const server = await startTlsServer();
    expect(await faultOf(post(server.origin, { lookup: lookupTo('127.0.0.1') }))).toMatchObject({
      kind: 'unavailable',
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      ambiguous: false,
    });
    expect(server.requests()).toBe(0);
  });

  it('a handshake with something that is no TLS', async () => {
    const receiver = await startReceiver();
    const origin = `https://127.0.0.1:${receiver.port}`;
    const error = await faultOf(post(origin));
    expect(error).toMatchObject({ kind: 'unavailable', ambiguous: false });
    expect(error.reason).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(receiver.requests).toHaveLength(0);
  });

  it('a handshake that stalls', async () => {
    const origin = (await startRawServer(() => {})).replace('http:', 'https:');
    expect(await faultOf(post(origin, { timeoutMs: 150 }))).toMatchObject({
      reason: 'connect_timeout',
      ambiguous: false,
    });
  });

  it('a handshake that the receiver ends', async () => {
    const origin = (await startRawServer((socket) => socket.destroy())).replace('http:', 'https:');
    expect(await faultOf(post(origin))).toMatchObject({ reason: 'reset', ambiguous: false });
  });
});

it('a receiver that answers and hangs up before it has read everything has answered or not, but never hangs', async () => {
  const origin = await startRawServer((socket) => socket.end('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n'));
  const payload = 'x'.repeat(8_000_000);
  const delivery = webhook({ allowedOrigins: [origin], timeoutMs: 5_000 });
  const error = await faultOf(send(delivery, payloadRequest(sampleWebhook(origin), { payload })));
  expect(['http_413', 'reset']).toContain(error.reason);
});

it('speaks TLS with a receiver whose certificate holds', async () => {
  const server = await startTlsServer();
  // There is no certificate here that somebody vouches for.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const warning = vi.spyOn(process, 'emitWarning').mockReturnValue();
  onTestFinished(() => {
    vi.unstubAllEnvs();
    warning.mockRestore();
  });
  expect(await post(server.origin, { lookup: lookupTo('127.0.0.1') })).toEqual({ status: 200 });
  expect(server.requests()).toBe(1);
});

it('leaves neither a timer nor a listener behind', async () => {
  const receiver = await startReceiver();
  const { signal } = new AbortController();
  const [set, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
  const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
  onTestFinished(() => {
    set.mockRestore();
    cleared.mockRestore();
  });
  await send(adapterFor(receiver, { timeoutMs: 4_321 }), payloadRequest(sampleWebhook(receiver.origin), { signal }));
  const timer = set.mock.results[set.mock.calls.findIndex(([, delayMs]) => delayMs === 4_321)];
  expect(timer).toBeDefined();
  expect(cleared).toHaveBeenCalledWith(timer?.value);
  expect(removed.mock.calls.map(([, listener]) => listener)).toContain(added.mock.calls[0]?.[1]);
});
