import { afterEach, expect, test, vi } from 'vitest';
import { slackWebApi } from '../../adapters/delivery/slack-web-api/index.js';
import { slackWebhook } from '../../adapters/delivery/slack-webhook/index.js';
import { faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

afterEach(() => vi.restoreAllMocks());

/** An answer whose body never comes, and that nothing can end. */
const stalled = (): Response => new Response(new ReadableStream({}), { status: 200 });

test.each([
  ['slack-web-api', slackWebApi({ token: 'xoxb-1', timeoutMs: 50 })],
  ['slack-webhook', slackWebhook({ url: 'https://hooks.slack.com/services/T1/B1/x', timeoutMs: 50 })],
])('%s gives up a body that stalls, even where fetch does not heed its signal', async (_, delivery) => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => stalled());
  const fault = await faultOf(delivery.deliver(sampleRequest(sampleIntegration({ channel: '#alerts' }))));
  expect(fault).toMatchObject({ kind: 'unavailable', reason: 'timeout', ambiguous: true });
});
