import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { WebhookDeliveryOptions } from '../../adapters/delivery/webhook/index.js';
import { faultOf } from './slack-samples.js';
import { adapterFor, payloadRequest, type Receiver, sampleWebhook, send, startReceiver } from './webhook-samples.js';

const nowMs = Date.UTC(2026, 7, 20, 12, 0, 0);

/** Posts to a receiver on a clock that stands still. */
const post = (receiver: Receiver, options: WebhookDeliveryOptions = {}) =>
  send(adapterFor(receiver, { now: () => nowMs, ...options }), payloadRequest(sampleWebhook(receiver.origin)));

const answering = (status: number, headers: OutgoingHttpHeaders = {}, body = 'as it answered') =>
  startReceiver((response) => response.writeHead(status, headers).end(body));

describe('a status', () => {
  it.each([200, 201, 202, 206, 299])('of %d is delivered', async (status) => {
    expect(await post(await answering(status))).toEqual({ status, body: 'as it answered' });
  });

  it('of 204 is delivered, without a body', async () => {
    expect(await post(await answering(204))).toEqual({ status: 204 });
  });

  it.each([408, 425, 429])('of %d is passing: surely not taken', async (status) => {
    expect(await faultOf(post(await answering(status, { 'retry-after': '7' })))).toMatchObject({
      kind: 'unavailable',
      reason: `http_${status}`,
      status,
      ambiguous: false,
      retryAfterMs: 7_000,
      body: 'as it answered',
    });
  });

  it.each([500, 501, 502, 503, 504, 505, 507, 520, 599, 600, 999])(
    'of %d is passing: perhaps taken',
    async (status) => {
      expect(await faultOf(post(await answering(status, { 'retry-after': '7' })))).toMatchObject({
        kind: 'unavailable',
        reason: `http_${status}`,
        status,
        ambiguous: true,
        retryAfterMs: 7_000,
        body: 'as it answered',
      });
    },
  );

  it('of 410 says that the receiver is gone', async () => {
    expect(await faultOf(post(await answering(410, { 'retry-after': '7' })))).toMatchObject({
      kind: 'channel',
      reason: 'gone',
      status: 410,
      ambiguous: false,
      retryAfterMs: undefined,
    });
  });

  it.each([
    400, 401, 402, 403, 404, 405, 406, 407, 409, 411, 412, 413, 414, 415, 417, 418, 421, 422, 423, 426, 428, 431, 451,
    499,
  ])('of %d is for good', async (status) => {
    expect(await faultOf(post(await answering(status)))).toMatchObject({
      kind: 'message',
      reason: `http_${status}`,
      status,
      ambiguous: false,
      body: 'as it answered',
    });
  });

  it.each([300, 301, 302, 303, 304, 307, 308, 399])('of %d is a redirect, and not followed', async (status) => {
    const elsewhere = await startReceiver();
    const error = await faultOf(post(await answering(status, { location: `${elsewhere.origin}/?from=topsecret` })));
    expect(error).toMatchObject({ kind: 'message', reason: 'redirect_refused', status, ambiguous: false });
    expect(error.message).not.toContain('topsecret');
    expect(elsewhere.connections()).toBe(0);
  });

  it('of 101, which takes the connection over, is no answer', async () => {
    const receiver = await startReceiver((_response, { socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
    });
    expect(await faultOf(post(receiver))).toMatchObject({ kind: 'unavailable', reason: 'reset', ambiguous: true });
  });

  it('of 103 only announces the answer', async () => {
    const receiver = await startReceiver((response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('then');
    });
    expect(await post(receiver)).toEqual({ status: 200, body: 'then' });
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Thu, 20 Aug 2026 12:01:30 GMT', 90_000],
    ['Thu, 20 Aug 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['5 minutes', undefined],
    ['Xyz, 99 Foo 2026 12:01:30 GMT', undefined],
    ['Thu, 99 Aug 2026 12:01:30 GMT', undefined],
    ['2026-08-20', undefined],
    ['', undefined],
  ])('%j is %s ms', async (header, expected) => {
    expect((await faultOf(post(await answering(503, { 'retry-after': header })))).retryAfterMs).toBe(expected);
  });

  it('is not said when there is none', async () => {
    expect((await faultOf(post(await answering(429)))).retryAfterMs).toBeUndefined();
  });
});

describe('a body', () => {
  it('is kept up to its first 4,096 characters', async () => {
    const kept = `ä😀${'x'.repeat(4_093)}`;
    expect(kept).toHaveLength(4_096);
    expect((await post(await answering(200, {}, `${kept}rest`))).body).toBe(kept);
    expect((await faultOf(post(await answering(422, {}, `${kept}rest`)))).body).toBe(kept);
  });

  it('that is no text is kept as far as it is one', async () => {
    const receiver = await startReceiver((response) => response.end(Buffer.from([0x61, 0xff, 0x00, 0x62])));
    expect((await post(receiver)).body).toBe('a\ufffd\0b');
  });

  /** Sends without end, until the connection is cut; tells how much was taken. */
  async function endless(status: number): Promise<Receiver & { readonly cut: Promise<number> }> {
    let done = (_bytes: number): void => {};
    const cut = new Promise<number>((resolve) => {
      done = resolve;
    });
    const receiver = await startReceiver((response) => {
      let bytes = 0;
      const chunk = Buffer.alloc(65_536, 'x');
      const write = (): void => {
        while (!response.destroyed) {
          bytes += chunk.length;
          if (!response.write(chunk)) return;
        }
      };
      response.on('drain', write).on('close', () => done(bytes));
      response.writeHead(status);
      write();
    });
    return { ...receiver, cut };
  }

  it('that never ends is cut, and the status counts all the same', async () => {
    const receiver = await endless(200);
    expect(await post(receiver)).toMatchObject({ status: 200, body: 'x'.repeat(4_096) });
    // What is on its way in buffers of the system comes on top of 1 MiB.
    expect(await receiver.cut).toBeLessThan(64 * 1_048_576);
    expect(await faultOf(post(await endless(500)))).toMatchObject({ reason: 'http_500', ambiguous: true });
    expect(await faultOf(post(await endless(410)))).toMatchObject({ reason: 'gone' });
  });

  it('can be cut at its first byte', async () => {
    expect((await post(await endless(200), { maxResponseBytes: 0 })).status).toBe(200);
  });

  it.each([
    ['stalls', (destroy: () => void) => void destroy],
    ['breaks off', (destroy: () => void) => destroy()],
  ])('that %s does not change what the status said', async (_, then) => {
    const partial = async (status: number) =>
      startReceiver((response, { socket }) => {
        response.writeHead(status, { 'content-length': '1000' });
        response.write('part', () => then(() => socket.destroy()));
      });
    const options = { timeoutMs: 250 };
    expect(await post(await partial(200), options)).toEqual({ status: 200, body: 'part' });
    expect(await faultOf(post(await partial(503), options))).toMatchObject({ reason: 'http_503', body: 'part' });
    expect(await faultOf(post(await partial(400), options))).toMatchObject({ reason: 'http_400', body: 'part' });
  });
});
