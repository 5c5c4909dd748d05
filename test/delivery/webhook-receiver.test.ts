import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { webhook } from '../../adapters/delivery/webhook/index.js';
import { webhookReceiver } from '../../examples/webhook-receiver.js';
import { faultOf } from './slack-samples.js';
import { payloadRequest, sampleWebhook, send } from './webhook-samples.js';

test('the receiver of docs/webhooks.md takes what is signed, once, and nothing else', async () => {
  const taken: unknown[] = [];
  const server = webhookReceiver('the secret', (payload) => taken.push(payload));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const integration = sampleWebhook(origin, { signingSecretName: 'KEY' });
  const delivery = webhook({ allowedOrigins: [origin] });
  const right = payloadRequest(integration, { payload: { loss: 'NaN' } }, { KEY: 'the secret' });
  expect((await send(delivery, right)).status).toBe(204);
  expect((await send(delivery, { ...right, attempt: 2, mayHaveArrived: true })).status).toBe(204);
  const wrong = payloadRequest(integration, { deliveryId: 'delivery-2' }, { KEY: 'another secret' });
  expect(await faultOf(send(delivery, wrong))).toMatchObject({ kind: 'message', reason: 'http_401' });
  const late = webhook({ allowedOrigins: [origin], now: () => Date.now() - 600_000 });
  expect(await faultOf(send(late, { ...right, deliveryId: 'delivery-3' }))).toMatchObject({ reason: 'http_401' });
  expect((await send(delivery, { ...right, deliveryId: 'delivery-4', payload: 4 })).status).toBe(204);
  expect(taken).toEqual([{ loss: 'NaN' }, 4]);
});

test('the receiver of docs/webhooks.md is an example that runs in a test', async () => {
  const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
  expect(await read('docs/webhooks.md')).toContain(`\`\`\`ts\n${await read('examples/webhook-receiver.ts')}\`\`\``);
});
