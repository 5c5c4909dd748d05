import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slackWebApi } from '../../adapters/delivery/slack-web-api/index.js';
import type { DeliveryRequest } from '../../src/index.js';
import { type SlackWorkspace, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { atMs, expectNoSecret, faultOf, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let nowMs = atMs;
const console_ = ['log', 'info', 'warn', 'error', 'debug'] as const;

beforeEach(async () => {
  nowMs = atMs + 1_000;
  workspace = await startSlackWorkspace({
    rateLimit: false,
    clock: () => nowMs,
    channels: [{ name: 'alerts' }, { name: 'private', isPrivate: true }, { name: 'closed', isArchived: true }],
  });
  for (const method of console_) {
    vi.spyOn(console, method);
  }
});

afterEach(async () => {
  await workspace.close();
  for (const method of console_) {
    expect(console[method]).not.toHaveBeenCalled();
  }
  vi.restoreAllMocks();
});

const adapter = (timeoutMs = 5_000) =>
  slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
const requestTo = (channel: string, changes: Partial<DeliveryRequest> = {}): DeliveryRequest =>
  sampleRequest(sampleIntegration({ channel }), changes);
const posts = () => workspace.requests.filter(({ method }) => method === 'chat.postMessage');
const looks = () => workspace.requests.filter(({ method }) => method === 'conversations.history');
const idOf = (channel: string): string => workspace.channel(channel).id;

describe('delivering', () => {
  it('is called slack-web-api, serves slack and paces itself', () => {
    expect(slackWebApi()).toMatchObject({
      name: 'slack-web-api',
      integrationTypes: ['slack'],
      pacing: { messagesPerSecond: 1, burst: 3 },
    });
    expect(slackWebApi({ pacing: { messagesPerSecond: 5, burst: 1 } }).pacing).toEqual({
      messagesPerSecond: 5,
      burst: 1,
    });
  });

  it.each(['#alerts', 'alerts'])('posts to %s and says where it stands', async (channel) => {
    const receipt = await adapter().deliver(requestTo(channel));
    const [arrival] = workspace.ledger.arrivals('delivery-1');
    expect(receipt).toEqual({
      channelId: idOf('alerts'),
      channelName: 'alerts',
      messageId: arrival?.ts,
      permalink: `https://acme-ml.slack.com/archives/${idOf('alerts')}/p${arrival?.ts.replace('.', '')}`,
      status: 200,
    });
    expect(posts()).toHaveLength(1);
  });

  it('posts by the id that was learnt, also to a private channel', async () => {
    const integration = sampleIntegration({ channel: '#renamed', channelId: idOf('private'), channelName: 'private' });
    const receipt = await adapter().deliver(sampleRequest(integration));
    expect(receipt).toMatchObject({ channelId: idOf('private'), channelName: 'private' });
    expect(workspace.ledger.inChannel('private')).toHaveLength(1);
  });

  it('sends layout, full text and no unfurling', async () => {
    await adapter().deliver(requestTo('#alerts'));
    expect(posts()[0]?.arguments).toMatchObject({
      text: expect.stringContaining('Automation: loss-guard'),
      blocks: [{ type: 'header' }],
      attachments: [{ color: '#dc2626' }],
    });
    expect(workspace.render('alerts')).toContain('Loss exploded');
  });

  it('sends no layout when plain text is asked for', async () => {
    await adapter().deliver(requestTo('#alerts', { plainText: true }));
    expect(posts()[0]?.arguments).not.toHaveProperty('blocks');
    expect(posts()[0]?.arguments).not.toHaveProperty('attachments');
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it("takes the integration's own token before the adapter's, without its white space", async () => {
    const own = 'xoxb-own-token';
    workspace.grantToken({ token: own });
    workspace.revokeToken(workspace.token);
    const integration = sampleIntegration({ channel: '#alerts', tokenSecretName: 'SLACK' });
    await adapter().deliver(sampleRequest(integration, {}, { SLACK: ` ${own}\n` }));
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('does not look before the first attempt', async () => {
    await adapter().deliver(requestTo('#alerts'));
    expect(looks()).toHaveLength(0);
  });

  it('goes without a delivery id when the token may not attach metadata', async () => {
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'metadata_must_be_sent_from_app' });
    const receipt = await adapter().deliver(requestTo('#alerts'));
    expect(receipt.note).toBe('sent without delivery id: metadata_must_be_sent_from_app');
    expect(workspace.ledger.inChannel('alerts')).toHaveLength(1);
  });

  it('keeps deliveries of several tokens apart', async () => {
    const tokens = ['xoxb-a', 'xoxb-b', 'xoxb-c'];
    for (const token of tokens) {
      workspace.grantToken({ token, botName: token });
    }
    workspace.inviteBot('alerts');
    const slack = slackWebApi({ slackApiUrl: workspace.apiUrl });
    const integration = sampleIntegration({ channel: '#alerts', tokenSecretName: 'T' });
    await Promise.all(
      tokens.map((token) => slack.deliver(sampleRequest(integration, { deliveryId: token }, { T: token }))),
    );
    expect(tokens.map((token) => workspace.ledger.count(token))).toEqual([1, 1, 1]);
  });
});

describe('what is refused before a request', () => {
  it('is a missing token', async () => {
    const error = await faultOf(slackWebApi({ slackApiUrl: workspace.apiUrl }).deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'credential', reason: 'not_authed' });
    expect(workspace.requests).toHaveLength(0);
  });

  it('is a token that no header can carry, which is not quoted', async () => {
    const token = 'xoxb-evil\nX-Injected: 1';
    const error = await faultOf(slackWebApi({ slackApiUrl: workspace.apiUrl, token }).deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'credential', reason: 'invalid_auth' });
    expectNoSecret(error, 'xoxb-evil');
    expect(workspace.requests).toHaveLength(0);
  });

  it("is an integration without a channel, or of another type's", async () => {
    expect(await faultOf(adapter().deliver(requestTo(' # ')))).toMatchObject({ kind: 'channel', reason: 'no_channel' });
    const { id, revision, createdAt, updatedAt, status } = sampleIntegration();
    const terminal = {
      type: 'console',
      name: 'x',
      delivery: 'console',
      id,
      revision,
      createdAt,
      updatedAt,
      status,
    } as const;
    expect(await faultOf(adapter().deliver(sampleRequest(terminal)))).toMatchObject({
      kind: 'channel',
      reason: 'not_a_slack_integration',
    });
    expect(workspace.requests).toHaveLength(0);
  });

  it('is everything once the signal is aborted', async () => {
    const error = await faultOf(adapter().deliver(requestTo('#alerts', { signal: AbortSignal.abort() })));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'aborted', ambiguous: false });
    expect(workspace.requests).toHaveLength(0);
  });

  it.each([
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: 1.5 }],
    ['slackApiUrl', { slackApiUrl: 'slack.com/api' }],
  ])('is a wrong %s, at once', (name, options) => {
    expect(() => slackWebApi(options)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(name) }),
    );
  });
});

describe('when something goes wrong', () => {
  const faults = [
    [{ type: 'reset' }, { reason: 'reset', ambiguous: true, status: undefined }],
    [{ type: 'commit-then-reset' }, { reason: 'reset', ambiguous: true, status: undefined }],
    [{ type: 'http-500' }, { reason: 'http_500', ambiguous: true, status: 500, body: 'upstream error' }],
    [{ type: 'http-503' }, { reason: 'http_503', ambiguous: true, status: 503 }],
    [{ type: 'commit-then-500' }, { reason: 'http_500', ambiguous: true, status: 500 }],
    [{ type: 'non-json-200' }, { reason: 'unreadable_response', ambiguous: true, status: 200 }],
    [
      { type: 'non-json-200', body: '' },
      { reason: 'unreadable_response', ambiguous: true, status: 200 },
    ],
    [
      { type: 'non-json-200', body: 'null' },
      { reason: 'unreadable_response', ambiguous: true, status: 200 },
    ],
    [
      { type: 'non-json-200', body: '[]' },
      { reason: 'unreadable_response', ambiguous: true, status: 200 },
    ],
    [
      { type: 'non-json-200', body: '{}' },
      { reason: 'unreadable_response', ambiguous: true, status: 200 },
    ],
    [
      { type: '429', retryAfterSeconds: 30 },
      { reason: 'ratelimited', ambiguous: false, status: 429, retryAfterMs: 30_000 },
    ],
    [{ type: '429-without-header' }, { reason: 'ratelimited', ambiguous: false, status: 429, retryAfterMs: undefined }],
    [
      { type: 'platform-error', error: 'internal_error' },
      { reason: 'internal_error', ambiguous: true, status: 200 },
    ],
    [
      { type: 'platform-error', error: 'ratelimited' },
      { reason: 'ratelimited', ambiguous: false, status: 200 },
    ],
  ] as const;

  it.each(faults)('%j is unavailable: %j', async (fault, expected) => {
    workspace.fault({ ...fault, method: 'chat.postMessage' });
    const error = await faultOf(adapter().deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'unavailable', ...expected });
    expectNoSecret(error, workspace.token);
    expect(posts()).toHaveLength(1);
  });

  it.each(['slow-headers', 'stalled-body'] as const)('gives up on %s after its timeout', async (type) => {
    workspace.fault({ type, method: 'chat.postMessage' });
    const error = await faultOf(adapter(250).deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'timeout', ambiguous: true });
    expect(posts()).toHaveLength(1);
  });

  it.each(['slow-headers', 'stalled-body'] as const)('gives up on %s at once when the signal aborts', async (type) => {
    workspace.fault({ type, method: 'chat.postMessage' });
    const controller = new AbortController();
    const outcome = faultOf(adapter(600_000).deliver(requestTo('#alerts', { signal: controller.signal })));
    await vi.waitUntil(() => posts().length === 1);
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'unavailable', reason: 'aborted', ambiguous: true });
  });

  it('takes its listener off the signal again', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await adapter().deliver(requestTo('#alerts', { signal }));
    workspace.fault({ type: 'reset' });
    await faultOf(adapter().deliver(requestTo('#alerts', { signal })));
    expect(added.mock.calls.map(([, listener]) => listener)).toEqual(
      removed.mock.calls.map(([, listener]) => listener),
    );
    // Two posts, and the question where the workspace is.
    expect(added).toHaveBeenCalledTimes(3);
  });

  it('can be sure that nothing arrived when nobody listens', async () => {
    const { apiUrl } = await startSlackWorkspace().then(async (gone) => {
      await gone.close();
      return gone;
    });
    const error = await faultOf(slackWebApi({ token: 'xoxb-x', slackApiUrl: apiUrl }).deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'unavailable', reason: 'connection_refused', ambiguous: false });
  });

  it('blames the credential', async () => {
    workspace.revokeToken(workspace.token);
    const error = await faultOf(adapter().deliver(requestTo('#alerts')));
    expect(error).toMatchObject({ kind: 'credential', reason: 'token_revoked', retryable: false });
    expectNoSecret(error, workspace.token);
  });

  it('blames the channel', async () => {
    expect(await faultOf(adapter().deliver(requestTo('#nowhere')))).toMatchObject({
      kind: 'channel',
      reason: 'channel_not_found',
    });
    expect(await faultOf(adapter().deliver(requestTo('#closed')))).toMatchObject({
      kind: 'channel',
      reason: 'is_archived',
    });
    workspace.removeBot('alerts');
    expect(await faultOf(adapter().deliver(requestTo('#alerts')))).toMatchObject({
      kind: 'channel',
      reason: 'not_in_channel',
      message: expect.stringContaining('/invite'),
    });
  });

  it('blames the message, and the next one goes through', async () => {
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'invalid_blocks' });
    expect(await faultOf(adapter().deliver(requestTo('#alerts')))).toMatchObject({
      kind: 'message',
      reason: 'invalid_blocks',
    });
    await adapter().deliver(requestTo('#alerts', { plainText: true }));
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it("leaves another channel alone while one is limited, and never sleeps for Slack's sake", async () => {
    workspace.createChannel({ name: 'calm' });
    workspace.fault({ type: '429', channel: 'alerts', retryAfterSeconds: 3_000 });
    const slack = adapter();
    const [busy, calm] = await Promise.all([
      faultOf(slack.deliver(requestTo('#alerts'))),
      slack.deliver(requestTo('#calm', { deliveryId: 'delivery-2' })),
    ]);
    expect(busy.retryAfterMs).toBe(3_000_000);
    expect(calm.status).toBe(200);
  });
});
