import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import type { WebhookDeliveryOptions } from '../../adapters/delivery/webhook/index.js';
import { standardSignatures, wandbSignature } from '../../adapters/delivery/webhook/signatures.js';
import { adapterFor, payloadRequest, sampleWebhook, send, startReceiver } from './webhook-samples.js';

/** What a receiver got of a payload that was signed with these secrets. */
async function signed(secrets: Readonly<Record<string, string>>, options: WebhookDeliveryOptions = {}) {
  const receiver = await startReceiver();
  const integration = sampleWebhook(receiver.origin, {
    signingSecretName: 'KEY',
    ...('OLD' in secrets ? { previousSigningSecretName: 'OLD' } : {}),
  });
  const request = payloadRequest(integration, { payload: { text: 'ä → 😀' } }, secrets);
  await send(adapterFor(receiver, options), request);
  const [received] = receiver.requests;
  if (received === undefined) throw new Error('nothing was received');
  return { body: received.body, headers: received.headers as Record<string, string> };
}

it('signs the example of W&B’s documentation as it does', () => {
  const body = '{"key1": "value1", "key2": "value2"}';
  const secret = 'your_api_secret';
  expect(wandbSignature(body, secret, 'base64')).toBe('4tKqnWHayH0Vdy0mtiM/LbZ7bOGK7h+UrHO5F40Uk8U=');
  expect(wandbSignature(body, secret, 'hex')).toBe('e2d2aa9d61dac87d15772d26b6233f2db67b6ce18aee1f94ac73b9178d1493c5');
});

it.each([
  ['base64', undefined],
  ['base64', 'base64'],
  ['hex', 'hex'],
] as const)('X-Wandb-Signature covers the exact body, in %s', async (encoding, wandbSignatureEncoding) => {
  const { body, headers } = await signed({ KEY: 'whsec_c2VjcmV0' }, { wandbSignatureEncoding });
  // W&B knows no whsec_: the whole text is the key.
  expect(headers['x-wandb-signature']).toBe(createHmac('sha256', 'whsec_c2VjcmV0').update(body).digest(encoding));
});

it.each([
  ['base64 after whsec_', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', new Webhook('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')],
  ['a text', 'a plain secret', new Webhook(Buffer.from('a plain secret'), { format: 'raw' })],
  ['a text beyond Latin', 'größer → 😀', new Webhook(Buffer.from('größer → 😀'), { format: 'raw' })],
  ['a text that looks like base64', 'c2VjcmV0', new Webhook(Buffer.from('c2VjcmV0'), { format: 'raw' })],
])('the Standard Webhooks signature verifies with a secret that is %s', async (_, secret, verifier) => {
  const { body, headers } = await signed({ KEY: secret });
  expect(verifier.verify(body, headers)).toEqual({ text: 'ä → 😀' });
  expect(() => verifier.verify(`${body} `, headers)).toThrow('No matching signature');
  expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'other' })).toThrow('No matching signature');
  expect(() => new Webhook('b3RoZXI=').verify(body, headers)).toThrow('No matching signature');
});

it('signs the example of the Standard Webhooks specification as it does', () => {
  const content = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' };
  expect(standardSignatures(content, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

it('while a secret is changed, both verify, and W&B’s signature is by the new one', async () => {
  const secrets = { KEY: 'whsec_bmV3IHNlY3JldA==', OLD: 'old secret' };
  const { body, headers } = await signed(secrets);
  expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  for (const verifier of [new Webhook(secrets.KEY), new Webhook(Buffer.from(secrets.OLD), { format: 'raw' })]) {
    expect(verifier.verify(body, headers)).toEqual({ text: 'ä → 😀' });
  }
  expect(headers['x-wandb-signature']).toBe(wandbSignature(body, secrets.KEY, 'base64'));
});

it('signs each attempt anew, at its own time, under the same id', async () => {
  const times = [1_800_000_000_999, 1_800_000_060_000];
  const seen = [];
  for (const now of times) seen.push((await signed({ KEY: 'secret' }, { now: () => now })).headers);
  expect(seen.map((headers) => headers['webhook-id'])).toEqual(['delivery-1', 'delivery-1']);
  expect(seen.map((headers) => headers['webhook-timestamp'])).toEqual(['1800000000', '1800000060']);
  expect(seen[0]?.['webhook-signature']).not.toBe(seen[1]?.['webhook-signature']);
  expect(seen[0]?.['x-wandb-signature']).toBe(seen[1]?.['x-wandb-signature']);
});
