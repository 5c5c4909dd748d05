import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type WebhookDeliveryOptions, webhook } from '../../adapters/delivery/webhook/index.js';
import { isPublicAddress } from '../../adapters/delivery/webhook/public-address.js';
import { faultOf } from './slack-samples.js';
import { adapterFor, lookupTo, payloadRequest, sampleWebhook, send, startReceiver } from './webhook-samples.js';

/** One address at least of everything that is set apart, its first and its last. */
const forbidden = [
  ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
  ...['127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
  ...['172.16.0.0', '172.31.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255', '198.51.100.1', '203.0.113.1'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '::7f00:1', '::8.8.8.8'],
  ...['::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::8.8.8.8', '64:ff9b:1::1'],
  ...['2002:7f00:1::', '2002:a00:1::1', '2002:808:808::1', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ...['100::1', '2001:2::1', '2001:10::1', '2001:20::1', '2001:db8::1', '3fff::1', '5f00::1', '4000::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe80::1', 'fe80::1%lo', 'febf::1', 'fec0::1', 'ff02::1', 'ff0e::1'],
];

/** The neighbours of what is set apart, and what an IPv6-only network makes of an IPv4 host. */
const allowed = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
  ...['128.0.0.1', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255'],
  ...['192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'],
  ...['2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '2001:4860:4860::8888'],
];

describe('an address', () => {
  it.each(forbidden)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(allowed)('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
  it.each(['', 'localhost', '127.1', '0177.0.0.1', '2130706433', '1.2.3', '8.8.8.8:80', '[::1]', '::1::', 'x'])(
    '%j can not be read, and so is not public',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

describe('a name that resolves to', () => {
  it.each(forbidden)('%s is refused before a connection is made', async (address) => {
    const delivery = webhook({ lookup: lookupTo(address), timeoutMs: 5_000 });
    for (const url of ['http://hook.example/', 'https://hook.example./']) {
      const error = await faultOf(send(delivery, payloadRequest(sampleWebhook(url))));
      expect(error).toMatchObject({ kind: 'channel', reason: 'address_refused', ambiguous: false });
      // Whoever may write integrations must not learn what the network's names resolve to.
      expect(error.message).not.toContain(address === '::' ? ' :: ' : address);
    }
    expect(await delivery.verify?.(payloadRequest(sampleWebhook('https://hook.example/')))).toMatchObject({
      ok: false,
      problems: [{ kind: 'channel', reason: 'address_refused' }],
    });
  });

  it('several addresses is refused when any one is not public', async () => {
    const delivery = webhook({ lookup: lookupTo('93.184.215.14', '2606:4700:4700::1111', '10.0.0.1') });
    const error = await faultOf(send(delivery, payloadRequest(sampleWebhook('http://hook.example/'))));
    expect(error.reason).toBe('address_refused');
  });

  it('no address at all can not be reached', async () => {
    const delivery = webhook({ lookup: lookupTo() });
    const error = await faultOf(send(delivery, payloadRequest(sampleWebhook('http://hook.example/'))));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'dns_failure', ambiguous: false });
  });

  it('a single address as older resolvers answer is checked too', async () => {
    const lookup: LookupFunction = (_name, _options, callback) => callback(null, '127.0.0.1', 4);
    const error = await faultOf(send(webhook({ lookup }), payloadRequest(sampleWebhook('http://hook.example/'))));
    expect(error.reason).toBe('address_refused');
  });
});

describe('a name that changes its address', () => {
  it('from a public to a private one is refused at the connection', async () => {
    const receiver = await startReceiver();
    const answers = ['93.184.215.14', '127.0.0.1'];
    const delivery = webhook({ lookup: (...call) => lookupTo(answers.shift() ?? '')(...call) });
    const request = payloadRequest(sampleWebhook(`http://hook.example:${receiver.port}/`));
    expect(await delivery.verify?.(request)).toMatchObject({ ok: true });
    expect(await faultOf(send(delivery, request))).toMatchObject({ reason: 'address_refused' });
    expect(receiver.connections()).toBe(0);
  });

  it('after it was looked at is refused before a byte is sent', async () => {
    const receiver = await startReceiver();
    let looks = 0;
    const shifty: LookupAddress = {
      get address() {
        looks += 1;
        return looks === 1 ? '93.184.215.14' : '127.0.0.1';
      },
      family: 4,
    };
    const delivery = webhook({ lookup: (_name, _options, callback) => callback(null, [shifty]) });
    const request = payloadRequest(sampleWebhook(`http://hook.example:${receiver.port}/`));
    expect(await faultOf(send(delivery, request))).toMatchObject({ kind: 'channel', reason: 'address_refused' });
    expect(looks).toBeGreaterThan(1);
    expect(receiver.requests).toEqual([]);
  });
});

describe('a URL with the host', () => {
  const spellings = [
    ...['127.0.0.1', '127.1', '127.0.1', '127.0.0.1.', '2130706433', '0x7f000001', '0x7f.1', '0X7F.0.0.1'],
    ...[
      '017700000001',
      '0177.0.0.1',
      '0177.1',
      '%31%32%37.0.0.1',
      '１２７.0.0.1',
      '127。0。0。1',
      '0',
      '0.0.0.0',
      '00.',
    ],
    ...['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', '10.1', '0xa9fea9fe', '169.254.169.254', '192.168.257'],
    ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[fe80::1]'],
    ...['[64:ff9b::127.0.0.1]', '[fd00:ec2::254]', '[2002:7f00:1::]', '[::ffff:169.254.169.254]'],
  ];

  it.each(spellings)('%s is refused before it is stored, and at the delivery without a look-up', async (host) => {
    const receiver = await startReceiver();
    const lookup = lookupTo('93.184.215.14');
    const delivery = webhook({ lookup, timeoutMs: 5_000 });
    const integration = sampleWebhook(`http://${host}:${receiver.port}/`);
    expect(delivery.check?.(integration)).toMatchObject([{ code: 'invalid_value', path: 'url' }]);
    expect(await faultOf(send(delivery, payloadRequest(integration)))).toMatchObject({
      kind: 'channel',
      reason: 'address_refused',
    });
    expect(await delivery.verify?.(payloadRequest(integration))).toMatchObject({ ok: false });
    expect([receiver.connections(), lookup.asked]).toEqual([0, []]);
  });

  it('of any private IPv4 address in any spelling is refused', () => {
    const byte = fc.nat(255);
    const tail = (count: number) => fc.tuple(...Array.from({ length: count }, () => byte));
    const address = fc.oneof(
      tail(3).map((rest) => [10, ...rest]),
      tail(3).map((rest) => [127, ...rest]),
      tail(2).map((rest) => [192, 168, ...rest]),
      tail(2).map((rest) => [169, 254, ...rest]),
      fc.tuple(fc.integer({ min: 16, max: 31 }), byte, byte).map((rest) => [172, ...rest]),
      fc.tuple(fc.integer({ min: 64, max: 127 }), byte, byte).map((rest) => [100, ...rest]),
    );
    const spellingsOf = (bytes: readonly number[]): string[] => {
      const whole = bytes.reduce((sum, each) => sum * 256 + each, 0);
      const dotted = bytes.join('.');
      return [
        ...[dotted, `${dotted}.`, String(whole), `0x${whole.toString(16)}`, `0${whole.toString(8)}`],
        bytes.map((each) => `0${each.toString(8)}`).join('.'),
        bytes.map((each) => `0x${each.toString(16)}`).join('.'),
        ...[`[::ffff:${dotted}]`, `[::${dotted}]`, `[64:ff9b::${dotted}]`, `[64:ff9b:1::${dotted}]`],
      ];
    };
    const { check } = webhook();
    fc.assert(
      fc.property(address, (bytes) => {
        for (const host of spellingsOf(bytes)) {
          expect(check?.(sampleWebhook(`https://${host}/`)), host).toHaveLength(1);
        }
      }),
    );
  });
});

describe('an origin that the host allows', () => {
  const post = (url: string, options: WebhookDeliveryOptions) =>
    send(webhook({ timeoutMs: 5_000, ...options }), payloadRequest(sampleWebhook(url)));

  it('may have any address, under the name and as a literal', async () => {
    const receiver = await startReceiver();
    const origin = `http://hook.internal:${receiver.port}`;
    const receipt = await post(`${origin}/deploy`, { allowedOrigins: [origin], lookup: lookupTo('127.0.0.1') });
    expect(receipt.status).toBe(200);
    expect(receiver.requests[0]?.headers.host).toBe(`hook.internal:${receiver.port}`);
    // Origins are compared as `URL` spells them.
    const allowedOrigins = [`http://0x7f.1:${receiver.port}/`];
    expect((await post(`${receiver.origin}/deploy`, { allowedOrigins })).status).toBe(200);
    expect(webhook({ allowedOrigins }).check?.(sampleWebhook(receiver.origin))).toEqual([]);
  });

  it('is the scheme, the name and the port, and nothing that looks alike', async () => {
    const receiver = await startReceiver();
    const { port } = receiver;
    const allowedOrigins = [`http://hook.internal:${port}`];
    const lookup = lookupTo('127.0.0.1');
    for (const url of [
      `https://hook.internal:${port}/`,
      `http://hook.internal:${port + 1}/`,
      `http://hook.internal.evil.example:${port}/`,
      `http://evil.example:${port}/http://hook.internal:${port}/`,
      `http://127.0.0.1:${port}/`,
    ]) {
      expect((await faultOf(post(url, { allowedOrigins, lookup }))).reason).toBe('address_refused');
    }
    expect(receiver.connections()).toBe(0);
  });

  it('is no way out to others: what it redirects to is not followed', async () => {
    const inner = await startReceiver();
    const outer = await startReceiver((response) => response.writeHead(307, { location: inner.origin }).end());
    const error = await faultOf(send(adapterFor(outer), payloadRequest(sampleWebhook(outer.origin))));
    expect(error).toMatchObject({ kind: 'message', reason: 'redirect_refused' });
    expect(inner.connections()).toBe(0);
  });
});
