import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slackWebApi } from '../../adapters/delivery/slack-web-api/index.js';
import type { DeliveryRequest } from '../../src/index.js';
import { type SlackWorkspace, startSlackWorkspace } from '../../testing/slack-workspace/index.js';
import { atMs, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let nowMs = atMs;

beforeEach(async () => {
  nowMs = atMs + 1_000;
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => nowMs });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

const adapter = (timeoutMs = 5_000) =>
  slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
const requestTo = (channel: string, changes: Partial<DeliveryRequest> = {}): DeliveryRequest =>
  sampleRequest(sampleIntegration({ channel }), changes);
const posts = () => workspace.requests.filter(({ method }) => method === 'chat.postMessage');
const looks = () => workspace.requests.filter(({ method }) => method === 'conversations.history');
const idOf = (channel: string): string => workspace.channel(channel).id;

describe('after an ambiguous attempt', () => {
  const again = (changes: Partial<DeliveryRequest> = {}) =>
    requestTo('#alerts', { attempt: 2, mayHaveArrived: true, ...changes });
  const lost = ['commit-then-reset', 'commit-then-500', 'stalled-body'] as const;

  it.each(lost)('finds what arrived before %s and does not post it twice', async (type) => {
    workspace.fault({ type, method: 'chat.postMessage' });
    expect(
      (await faultOf(adapter(type === 'stalled-body' ? 250 : 5_000).deliver(requestTo('#alerts')))).ambiguous,
    ).toBe(true);
    nowMs += 120_000;
    const receipt = await adapter().deliver(again());
    const ts = workspace.ledger.arrivals('delivery-1')[0]?.ts;
    expect(receipt).toEqual({
      channelId: idOf('alerts'),
      channelName: 'alerts',
      messageId: ts,
      permalink: `https://acme-ml.slack.com/archives/${idOf('alerts')}/p${ts?.replace('.', '')}`,
      note: 'found after an ambiguous attempt',
    });
    expect(workspace.ledger.count('delivery-1')).toBe(1);
    expect(workspace.ledger.duplicates()).toEqual([]);
  });

  it('finds it by the id that was learnt, too, with one look', async () => {
    const slack = adapter();
    await slack.deliver(requestTo('#alerts'));
    const before = workspace.requests.length;
    const integration = sampleIntegration({ channel: '#alerts', channelId: idOf('alerts') });
    const receipt = await slack.deliver(sampleRequest(integration, { mayHaveArrived: true }));
    expect(receipt.note).toBe('found after an ambiguous attempt');
    expect(workspace.requests).toHaveLength(before + 1);
  });

  it('posts what did not arrive, without any doubt in the receipt', async () => {
    workspace.fault({ type: 'reset', method: 'chat.postMessage' });
    await faultOf(adapter().deliver(requestTo('#alerts')));
    const receipt = await adapter().deliver(again());
    expect(receipt).not.toHaveProperty('note');
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('is not misled by other deliveries, nor by an event that says it happens in the future', async () => {
    await adapter().deliver(requestTo('#alerts', { deliveryId: 'another' }));
    const message = sampleMessage({ atMs: Date.now() + 86_400_000 });
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    await faultOf(adapter().deliver(requestTo('#alerts', { message })));
    expect((await adapter().deliver(again({ message }))).note).toBe('found after an ambiguous attempt');
    expect(workspace.ledger.duplicates()).toEqual([]);
  });

  it('turns pages, five at most', async () => {
    const slack = adapter();
    await slack.deliver(requestTo('#alerts'));
    const fill = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        nowMs += 1_000;
        await slack.deliver(requestTo('#alerts', { deliveryId: `filler-${nowMs}` }));
      }
    };
    await fill(150);
    expect((await slack.deliver(again())).note).toBe('found after an ambiguous attempt');
    expect(looks()).toHaveLength(2);
    await fill(350);
    const receipt = await slack.deliver(again());
    expect(receipt.note).toContain('may be a duplicate');
    expect(looks()).toHaveLength(2 + 5);
    expect(workspace.ledger.count('delivery-1')).toBe(2);
  });

  it('posts again where it may not look, and says so', async () => {
    const token = 'xoxb-writes-only';
    workspace.grantToken({ token, scopes: ['chat:write'] });
    const slack = slackWebApi({ token, slackApiUrl: workspace.apiUrl });
    const byName = await slack.deliver(again());
    expect(byName.note).toMatch(/^may be a duplicate: .*id is not known/);
    const integration = sampleIntegration({ channelId: idOf('alerts') });
    const byId = await slack.deliver(sampleRequest(integration, { mayHaveArrived: true, deliveryId: 'delivery-2' }));
    expect(byId.note).toMatch(/^may be a duplicate: .*missing_scope/);
    expect(workspace.ledger.count('delivery-2')).toBe(1);
  });

  it.each([
    [{ type: 'reset' }, 'reset'],
    [{ type: 'http-503' }, 'http_503'],
    [{ type: '429', retryAfterSeconds: 60 }, 'ratelimited'],
    [{ type: 'platform-error', error: 'fatal_error' }, 'fatal_error'],
  ] as const)('does not post while it can not look because of %j', async (fault, reason) => {
    workspace.fault({ ...fault, method: 'conversations.history' });
    const error = await faultOf(adapter().deliver(again()));
    expect(error).toMatchObject({ kind: 'unavailable', reason, ambiguous: true });
    expect(posts()).toHaveLength(0);
  });

  it('posts again when the app is limited to one page of history a minute', async () => {
    const slack = adapter();
    for (let index = 0; index < 101; index += 1) {
      nowMs += 1_000;
      await slack.deliver(requestTo('#alerts', { deliveryId: `filler-${index}` }));
    }
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (...sent) => {
      const answer = await fetch(...sent);
      if (looks().length === 1) {
        workspace.fault({ type: '429', method: 'conversations.history', retryAfterSeconds: 60 });
      }
      return answer;
    });
    const receipt = await slack.deliver(again());
    expect(receipt.note).toMatch(/^may be a duplicate: .*limited/);
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('looks a second time, so that what Slack carries out late is not posted twice', async () => {
    workspace.fault({ type: 'slow-headers', commit: 'late', afterRequests: 1, method: 'chat.postMessage' });
    const integration = sampleIntegration({ channel: '#alerts', channelId: idOf('alerts') });
    expect(await faultOf(adapter(250).deliver(sampleRequest(integration)))).toMatchObject({ ambiguous: true });
    const receipt = await adapter(250).deliver(sampleRequest(integration, { mayHaveArrived: true }));
    expect(receipt.note).toBe('found after an ambiguous attempt');
    expect(looks()).toHaveLength(2);
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('can do nothing about what Slack carries out after the second look', async () => {
    workspace.fault({ type: 'slow-headers', commit: 'late', afterRequests: 2, method: 'chat.postMessage' });
    const integration = sampleIntegration({ channel: '#alerts', channelId: idOf('alerts') });
    await faultOf(adapter(250).deliver(sampleRequest(integration)));
    await adapter(250).deliver(sampleRequest(integration, { mayHaveArrived: true }));
    expect(workspace.ledger.count('delivery-1')).toBe(2);
  });

  it.each([
    { type: '429', retryAfterSeconds: 60 },
    { type: 'http-503' },
    { type: 'platform-error', error: 'missing_scope' },
  ] as const)('posts when only the second look fails, because of %j', async (fault) => {
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (...sent) => {
      const answer = await fetch(...sent);
      if (looks().length === 1) workspace.fault({ ...fault, method: 'conversations.history' });
      return answer;
    });
    expect(await adapter(1_000).deliver(again())).not.toHaveProperty('note');
    expect(workspace.ledger.count('delivery-1')).toBe(1);
  });

  it('gives up between the two looks when the signal aborts, and posts nothing', async () => {
    const controller = new AbortController();
    const outcome = faultOf(adapter(600_000).deliver(again({ signal: controller.signal })));
    await vi.waitUntil(() => looks().length === 1);
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'unavailable', reason: 'aborted' });
    expect(posts()).toHaveLength(0);
  });

  it('says so when the delivery id can not be attached, and so not be found', async () => {
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'metadata_must_be_sent_from_app' });
    const receipt = await adapter().deliver(again());
    expect(receipt.note).toMatch(/^may be a duplicate: .*no delivery id; sent without delivery id/);
  });

  it('stays in doubt when it could neither look nor post', async () => {
    const token = 'xoxb-writes-only';
    workspace.grantToken({ token, scopes: ['chat:write'] });
    workspace.fault({ type: '429', method: 'chat.postMessage', retryAfterSeconds: 5 });
    const error = await faultOf(slackWebApi({ token, slackApiUrl: workspace.apiUrl }).deliver(again()));
    expect(error).toMatchObject({ reason: 'ratelimited', ambiguous: true, retryAfterMs: 5_000 });
  });
});

describe('after an ambiguous attempt, with lookUp switched off', () => {
  const blind = () => slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, lookUp: false });
  const again = () => requestTo('#alerts', { attempt: 2, mayHaveArrived: true });

  it('posts again at once, and says that it may be a duplicate', async () => {
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    await faultOf(blind().deliver(requestTo('#alerts')));
    const { note } = await blind().deliver(again());
    expect(note).toBe('may be a duplicate: an earlier attempt ended ambiguously and looking for it is switched off');
    expect(looks()).toHaveLength(0);
    expect(workspace.ledger.duplicates()).toMatchObject([{ deliveryId: 'delivery-1', arrivals: [{}, {}] }]);
  });

  it('says nothing of the kind of a first attempt', async () => {
    expect(await blind().deliver(requestTo('#alerts'))).not.toHaveProperty('note');
  });

  it('stays in doubt when it can not post now', async () => {
    workspace.fault({ type: '429', method: 'chat.postMessage', retryAfterSeconds: 5 });
    expect(await faultOf(blind().deliver(again()))).toMatchObject({ reason: 'ratelimited', ambiguous: true });
  });
});
