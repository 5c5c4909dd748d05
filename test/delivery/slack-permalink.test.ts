import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slackWebApi } from '../../adapters/delivery/slack-web-api/index.js';
import { createPermalinks } from '../../adapters/delivery/slack-web-api/permalinks.js';
import { type SlackWorkspace, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { webClient } from '../testing/slack-workspace-clients.js';
import { atMs, sampleIntegration, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;

beforeEach(async () => {
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => atMs });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

const adapter = (timeoutMs = 5_000) =>
  slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
const requestNumber = (number: number) =>
  sampleRequest(sampleIntegration({ channel: '#alerts' }), { deliveryId: `delivery-${number}` });
const questions = () => workspace.requests.filter(({ method }) => method === 'auth.test').length;
const posts = () => workspace.requests.filter(({ method }) => method === 'chat.postMessage').length;

describe('the permalink of a posted message', () => {
  it('is the one that Slack itself gives, and leads to the message', async () => {
    const { permalink, messageId, channelId } = await adapter().deliver(requestNumber(1));
    expect(permalink).toMatch(/^https:\/\/acme-ml\.slack\.com\/archives\/C\d+\/p\d{16}$/);
    const given = await webClient(workspace).chat.getPermalink({
      channel: String(channelId),
      message_ts: String(messageId),
    });
    expect(permalink).toBe(given.permalink);
    expect(workspace.messageAt(permalink ?? '')).toMatchObject({ ts: messageId });
    expect(workspace.messageAt(permalink ?? '')?.metadata).toMatchObject({
      event_payload: { delivery_id: 'delivery-1' },
    });
  });

  it('costs one question for each token, asked after the first message, and none for each message', async () => {
    const slack = adapter();
    for (let number = 1; number <= 5; number += 1) await slack.deliver(requestNumber(number));
    expect(workspace.requests.map(({ method }) => method).slice(0, 3)).toEqual([
      'chat.postMessage',
      'auth.test',
      'chat.postMessage',
    ]);
    expect(questions()).toBe(1);
  });

  it('is asked for once by messages that are posted at the same time', async () => {
    const slack = adapter();
    const receipts = await Promise.all([1, 2, 3, 4].map((number) => slack.deliver(requestNumber(number))));
    expect(new Set(receipts.map(({ permalink }) => permalink)).size).toBe(4);
    expect(receipts.every(({ permalink, messageId }) => permalink?.endsWith(messageId?.replace('.', '') ?? '?'))).toBe(
      true,
    );
    expect(questions()).toBe(1);
  });

  it('is asked for anew when the integration has got another token', async () => {
    const other = 'xoxb-another-token';
    workspace.grantToken({ token: other });
    let token = workspace.token;
    const slack = slackWebApi({ slackApiUrl: workspace.apiUrl });
    const integration = sampleIntegration({ channel: '#alerts', tokenSecretName: 'SLACK_TOKEN' });
    const secret = async () => token;
    await slack.deliver(sampleRequest(integration, { secret }));
    token = other;
    await slack.deliver(sampleRequest(integration, { secret, deliveryId: 'delivery-2' }));
    await slack.deliver(sampleRequest(integration, { secret, deliveryId: 'delivery-3' }));
    expect(questions()).toBe(2);
  });

  it('is left out when the message was not posted: then nothing is asked either', async () => {
    workspace.fault({ type: 'http-503' });
    await expect(adapter().deliver(requestNumber(1))).rejects.toThrow('http_503');
    expect(questions()).toBe(0);
  });
});

describe('a workspace that does not tell its URL', () => {
  it.each([
    { type: 'reset' },
    { type: 'http-503' },
    { type: 'slow-headers' },
    { type: 'stalled-body' },
    { type: 'non-json-200' },
    { type: '429', retryAfterSeconds: 30 },
    { type: '429-without-header' },
    { type: 'platform-error', error: 'token_revoked' },
    { type: 'platform-error', error: 'fatal_error' },
  ] as const)('because of %j costs the message nothing but its permalink', async (fault) => {
    workspace.fault({ ...fault, method: 'auth.test' });
    const receipt = await adapter(fault.type === 'slow-headers' || fault.type === 'stalled-body' ? 250 : 5_000).deliver(
      requestNumber(1),
    );
    expect(receipt).toMatchObject({ status: 200, channelName: 'alerts' });
    expect(receipt).not.toHaveProperty('permalink');
    expect(receipt).not.toHaveProperty('note');
    expect(posts()).toBe(1);
    expect(workspace.ledger.count()).toBe(1);
  });

  it('is waited for a second at most, whatever a call may take', async () => {
    workspace.fault({ type: 'slow-headers', method: 'auth.test' });
    const asked = performance.now();
    expect(await adapter(600_000).deliver(requestNumber(1))).not.toHaveProperty('permalink');
    expect(performance.now() - asked).toBeGreaterThan(900);
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('is not asked again with every message, but a minute later', async () => {
    let nowMs = 0;
    const permalinks = createPermalinks(() => nowMs);
    const session = {
      token: workspace.token,
      slackApiUrl: workspace.apiUrl,
      timeoutMs: 1_000,
      signal: new AbortController().signal,
      plainText: false,
    };
    const linked = async () => (await permalinks.addTo(session, { channelId: 'C1', messageId: '1.000001' })).permalink;
    workspace.fault({ type: 'http-500', method: 'auth.test' });
    expect([await linked(), await linked()]).toEqual([undefined, undefined]);
    nowMs = 59_999;
    expect(await linked()).toBeUndefined();
    expect(questions()).toBe(1);
    nowMs = 60_000;
    expect(await linked()).toBe('https://acme-ml.slack.com/archives/C1/p1000001');
    expect(questions()).toBe(2);
  });

  it.each([
    ['a URL that is not Slack’s', { url: 'https://slack.com.evil.example/' }],
    ['a URL without TLS', { url: 'http://acme-ml.slack.com/' }],
    ['a script', { url: 'javascript:alert(1)//slack.com' }],
    ['no URL', {}],
    ['a number', { url: 5 }],
    ['the URL of a whole organisation', { url: 'https://acme.enterprise.slack.com/', is_enterprise_install: true }],
  ])('but tells %s gets no permalink', async (_, identity) => {
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) =>
      String(url).endsWith('/auth.test') ? Response.json({ ok: true, ...identity }) : fetch(url, init),
    );
    expect(await adapter().deliver(requestNumber(1))).not.toHaveProperty('permalink');
  });
});

describe('what is remembered for permalinks', () => {
  const sessionOf = (token: string) => ({
    token,
    slackApiUrl: workspace.apiUrl,
    timeoutMs: 1_000,
    signal: new AbortController().signal,
    plainText: false,
  });
  const receipt = { channelId: 'C1', messageId: '1.000001' };

  it('does not grow beyond a thousand tokens: the one used longest ago is asked for again', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      asked += 1;
      return Response.json({ ok: true, url: 'https://acme-ml.slack.com/' });
    });
    let asked = 0;
    const permalinks = createPermalinks();
    for (let number = 0; number <= 1_000; number += 1) {
      await permalinks.addTo(sessionOf(`xoxb-${number}`), receipt);
      await permalinks.addTo(sessionOf('xoxb-0'), receipt);
    }
    expect(asked).toBe(1_001);
    await permalinks.addTo(sessionOf('xoxb-0'), receipt);
    await permalinks.addTo(sessionOf('xoxb-1000'), receipt);
    expect(asked).toBe(1_001);
    await permalinks.addTo(sessionOf('xoxb-1'), receipt);
    expect(asked).toBe(1_002);
  });
});
