import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slackWebhook } from '../../adapters/delivery/slack-webhook/index.js';
import type { DeliveryRequest } from '../../src/index.js';
import { type SlackWorkspace, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { expectNoSecret, faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let url: string;
let key: string;

beforeEach(async () => {
  workspace = await startSlackWorkspace({ rateLimit: false });
  url = workspace.webhookUrl('alerts');
  key = url.split('/').at(-1) ?? '';
  expect(key.length).toBeGreaterThan(7);
});

afterEach(() => workspace.close());

const adapter = (timeoutMs = 5_000) => slackWebhook({ url, timeoutMs, allowedOrigins: [new URL(url).origin] });
const request = (changes: Partial<DeliveryRequest> = {}): DeliveryRequest =>
  sampleRequest(sampleIntegration({ delivery: 'slack-webhook' }), changes);

describe('delivering through a webhook', () => {
  it('is called slack-webhook, serves slack and paces itself', () => {
    expect(slackWebhook()).toMatchObject({
      name: 'slack-webhook',
      integrationTypes: ['slack'],
      pacing: { messagesPerSecond: 1, burst: 3 },
    });
  });

  it('posts once, with layout, full text and delivery id', async () => {
    expect(await adapter().deliver(request())).toEqual({ channelName: undefined, status: 200 });
    expect(workspace.ledger.count('delivery-1')).toBe(1);
    expect(workspace.requests[0]?.arguments).toMatchObject({
      text: expect.stringContaining('Automation: loss-guard'),
      blocks: [{ type: 'header' }],
      attachments: [{ color: '#dc2626' }],
      unfurl_links: false,
    });
  });

  it('sends no layout when plain text is asked for', async () => {
    await adapter().deliver(request({ plainText: true }));
    expect(workspace.requests[0]?.arguments).not.toHaveProperty('blocks');
    expect(workspace.requests[0]?.arguments).not.toHaveProperty('attachments');
  });

  it("takes the integration's own URL before the adapter's", async () => {
    const own = workspace.webhookUrl('general');
    const integration = sampleIntegration({ urlSecretName: 'HOOK', channelName: 'general' });
    const receipt = await adapter().deliver(sampleRequest(integration, {}, { HOOK: ` ${own}\n` }));
    expect(receipt.channelName).toBe('general');
    expect(workspace.ledger.inChannel('general')).toHaveLength(1);
    expect(workspace.ledger.inChannel('alerts')).toHaveLength(0);
  });

  it('posts again after an ambiguous attempt, since it can not look, and says so', async () => {
    workspace.fault({ type: 'commit-then-reset' });
    expect((await faultOf(adapter().deliver(request()))).ambiguous).toBe(true);
    const receipt = await adapter().deliver(request({ attempt: 2, mayHaveArrived: true }));
    expect(receipt).toMatchObject({ status: 200, note: expect.stringMatching(/^may be a duplicate/) });
    expect(workspace.ledger.count('delivery-1')).toBe(2);
  });

  it('stays in doubt when the second attempt is not taken', async () => {
    workspace.fault({ type: '429', retryAfterSeconds: 5 });
    const error = await faultOf(adapter().deliver(request({ mayHaveArrived: true })));
    expect(error).toMatchObject({ reason: 'ratelimited', ambiguous: true, retryAfterMs: 5_000 });
  });
});

describe('a webhook URL', () => {
  const secret = 'https://evil.example/services/T1/B1/topsecret';

  it.each([
    ['another origin', secret, 'origin_not_allowed'],
    ['another origin that looks alike', 'https://hooks.slack.com.evil.example/topsecret', 'origin_not_allowed'],
    ['another origin behind a user name', 'https://hooks.slack.com@evil.example/topsecret', 'invalid_url'],
    ['a user name', 'https://topsecret:x@hooks.slack.com/services/T1/B1/x', 'invalid_url'],
    ['no encryption', 'http://hooks.slack.com/services/T1/B1/topsecret', 'origin_not_allowed'],
    ['loopback', 'http://127.0.0.1:1/topsecret', 'origin_not_allowed'],
    ['no http', 'file:///topsecret', 'invalid_url'],
    ['no URL', 'topsecret', 'invalid_url'],
    ['nothing', ' ', 'no_url'],
  ])('with %s is refused before any request, and not quoted', async (_, wrong, reason) => {
    const fetch = vi.spyOn(globalThis, 'fetch');
    const slack = slackWebhook({ url: wrong });
    const error = await faultOf(slack.deliver(request()));
    expect(error).toMatchObject({ kind: 'credential', reason, ambiguous: false });
    expectNoSecret(error, 'topsecret');
    const verification = await slack.verify?.(request());
    expect(verification).toMatchObject({ ok: false, problems: [{ kind: 'credential', reason }] });
    expectNoSecret(verification, 'topsecret');
    expect(fetch).not.toHaveBeenCalled();
    fetch.mockRestore();
  });

  it.each(['https://hooks.slack.com/services/T1/B1/x', 'https://hooks.slack-gov.com/services/T1/B1/x'])(
    'of Slack is verified without posting: %s',
    async (good) => {
      const fetch = vi.spyOn(globalThis, 'fetch');
      expect(await slackWebhook({ url: good }).verify?.(request())).toEqual({
        ok: true,
        conclusive: false,
        problems: [],
      });
      expect(fetch).not.toHaveBeenCalled();
      fetch.mockRestore();
    },
  );

  it('that can not be read is the problem that its secret has', async () => {
    const target = sampleRequest(sampleIntegration({ urlSecretName: 'GONE' }));
    expect(await adapter().verify?.(target)).toMatchObject({ ok: false, problems: [{ reason: 'secret_missing' }] });
  });

  it('may lead to origins only', () => {
    expect(() => slackWebhook({ allowedOrigins: ['hooks.slack.com'] })).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    );
    expect(() => slackWebhook({ timeoutMs: -1 })).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  });
});

describe('when a webhook goes wrong', () => {
  it.each([
    [{ type: 'reset' }, { reason: 'reset', ambiguous: true }],
    [{ type: 'commit-then-reset' }, { reason: 'reset', ambiguous: true }],
    [{ type: 'http-500' }, { reason: 'http_500', ambiguous: true, status: 500, body: 'upstream error' }],
    [{ type: 'http-503' }, { reason: 'http_503', ambiguous: true, status: 503 }],
    [{ type: 'commit-then-500' }, { reason: 'http_500', ambiguous: true }],
    [
      { type: 'platform-error', error: 'rollup_error' },
      { reason: 'rollup_error', ambiguous: true, status: 500 },
    ],
    [{ type: 'non-json-200' }, { reason: 'unreadable_response', ambiguous: true, status: 200 }],
    [
      { type: 'non-json-200', body: '' },
      { reason: 'unreadable_response', ambiguous: true, status: 200 },
    ],
    [
      { type: '429', retryAfterSeconds: 30 },
      { reason: 'ratelimited', ambiguous: false, status: 429, retryAfterMs: 30_000 },
    ],
    [{ type: '429-without-header' }, { reason: 'ratelimited', ambiguous: false, status: 429, retryAfterMs: undefined }],
  ] as const)('%j is unavailable: %j', async (fault, expected) => {
    workspace.fault(fault);
    const error = await faultOf(adapter().deliver(request()));
    expect(error).toMatchObject({ kind: 'unavailable', ...expected });
    expectNoSecret(error, key);
    expect(workspace.requests).toHaveLength(1);
  });

  it.each(['slow-headers', 'stalled-body'] as const)('gives up on %s after its timeout', async (type) => {
    workspace.fault({ type });
    const error = await faultOf(adapter(250).deliver(request()));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'timeout', ambiguous: true });
    expectNoSecret(error, key);
  });

  it.each(['slow-headers', 'stalled-body'] as const)('gives up on %s at once when the signal aborts', async (type) => {
    workspace.fault({ type });
    const controller = new AbortController();
    const outcome = faultOf(adapter(600_000).deliver(request({ signal: controller.signal })));
    await vi.waitUntil(() => workspace.requests.length === 1);
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'unavailable', reason: 'aborted', ambiguous: true });
  });

  it('sends nothing once the signal is aborted', async () => {
    const error = await faultOf(adapter().deliver(request({ signal: AbortSignal.abort() })));
    expect(error).toMatchObject({ reason: 'aborted', ambiguous: false });
    expect(workspace.requests).toHaveLength(0);
  });

  it('can be sure that nothing arrived when nobody listens', async () => {
    await workspace.close();
    const error = await faultOf(adapter().deliver(request()));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'connection_refused', ambiguous: false });
    expectNoSecret(error, key);
  });

  it('blames the credential for a webhook that was removed', async () => {
    workspace.revokeWebhook('alerts');
    const error = await faultOf(adapter().deliver(request()));
    expect(error).toMatchObject({ kind: 'credential', reason: 'no_service', status: 404 });
    expectNoSecret(error, key);
  });

  it('blames the channel when it is archived', async () => {
    workspace.archive('alerts');
    expect(await faultOf(adapter().deliver(request()))).toMatchObject({
      kind: 'channel',
      reason: 'channel_is_archived',
      status: 410,
    });
  });

  it('blames the message for a layout that is refused', async () => {
    workspace.fault({ type: 'platform-error', error: 'invalid_blocks' });
    expect(await faultOf(adapter().deliver(request()))).toMatchObject({ kind: 'message', reason: 'invalid_blocks' });
  });
});
