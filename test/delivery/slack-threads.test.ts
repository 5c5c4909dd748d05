import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replyBlocks } from '../../adapters/delivery/slack-message/reply-blocks.js';
import type { DeliveryRequest } from '../../src/index.js';
import { webClient } from '../testing/slack-workspace-clients.js';
import { atMs, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;
let nowMs = atMs;

beforeEach(async () => {
  nowMs = atMs + 1_000;
  workspace = await startSlackWorkspace({ rateLimit: false, clock: () => nowMs });
});

afterEach(() => workspace.close());

const adapter = (timeoutMs = 5_000) =>
  slackWebApi({ token: workspace.token, slackApiUrl: workspace.apiUrl, timeoutMs });
const alertId = 'delivery-1';
const replyId = 'delivery-2';
const integration = sampleIntegration({ channel: '#alerts' });

/** Posts the alert, and makes the request for a reply to it. */
const openThread = async (changes: Partial<DeliveryRequest> = {}): Promise<DeliveryRequest> => {
  const { channelId = '', messageId = '' } = await adapter().deliver(sampleRequest(integration));
  nowMs += 1_000;
  const message = sampleMessage({ title: '', text: 'The training data page has been reviewed', severity: 'INFO' });
  return sampleRequest(integration, { deliveryId: replyId, message, thread: { channelId, messageId }, ...changes });
};
const parentTs = () => workspace.ledger.arrivals(alertId)[0]?.ts ?? '';
const replies = () => workspace.channel('alerts').replies(parentTs());
const callsOf = (name: string) => workspace.requests.filter(({ method }) => method === name).length;

describe('a reply', () => {
  it('stands in the thread of its alert and not in the channel, with a link that leads there', async () => {
    const receipt = await adapter().deliver(await openThread());
    const [reply] = replies();
    expect(reply).toMatchObject({ ts: receipt.messageId, isBroadcast: false });
    expect(workspace.channel('alerts').messages).toHaveLength(1);
    expect(receipt).toMatchObject({ channelId: workspace.channel('alerts').id, channelName: 'alerts', status: 200 });
    const given = await webClient(workspace).chat.getPermalink({
      channel: String(receipt.channelId),
      message_ts: String(receipt.messageId),
    });
    expect(receipt.permalink).toBe(given.permalink);
    expect(receipt.permalink).toContain(`?thread_ts=${parentTs()}&cid=${receipt.channelId}`);
    expect(workspace.messageAt(receipt.permalink ?? '')).toMatchObject({ ts: receipt.messageId });
  });

  it('is shown in the channel too when it is broadcast, and is then as loud as an alert', async () => {
    await adapter().deliver(await openThread({ broadcast: true }));
    expect(workspace.channel('alerts').messages).toHaveLength(2);
    expect(replies()).toMatchObject([{ isBroadcast: true, blocks: [{ type: 'header' }] }]);
  });

  it('goes where its thread is, whatever channel the integration or routing names now', async () => {
    const request = await openThread({ destination: { channel: '#general' } });
    await adapter().deliver({ ...request, integration: sampleIntegration() });
    expect(replies()).toHaveLength(1);
    expect(workspace.channel('general').messages).toHaveLength(0);
  });

  it('is refused where the thread takes none: alone, the engine says what it refers to', async () => {
    const request = await openThread();
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'thread_not_found' });
    await expect(adapter().deliver(request)).rejects.toMatchObject({ kind: 'message', reason: 'thread_not_found' });
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'restricted_action_thread_locked' });
    await expect(adapter().deliver(request)).rejects.toMatchObject({ kind: 'channel' });
    expect(workspace.channel('alerts').messages).toHaveLength(1);
  });

  it('stands in the channel, as Slack does it, and says so', async () => {
    const request = await openThread();
    await webClient(workspace).chat.delete({ channel: workspace.channel('alerts').id, ts: parentTs() });
    const receipt = await adapter().deliver(request);
    expect(receipt.note).toBe('posted in the channel: the message that it replies to is gone');
    expect(receipt.permalink).not.toContain('thread_ts');
    const again = { ...request, attempt: 2, mayHaveArrived: true };
    expect(await adapter().deliver(again)).toMatchObject({ note: 'found after an ambiguous attempt' });
    expect(workspace.ledger.count(replyId)).toBe(1);
  });
});

describe('the layout of a reply', () => {
  const looks = (changes: Parameters<typeof sampleMessage>[0]) => replyBlocks(sampleMessage(changes));

  it('is the body first, without a header, and facts, links and the automation after it', () => {
    const { blocks, attachments } = looks({ title: '', text: 'Reviewed by ada', severity: 'INFO' });
    expect(blocks).toEqual([{ type: 'section', text: { type: 'mrkdwn', text: 'Reviewed by ada', verbatim: true } }]);
    expect(attachments[0]).toMatchObject({ color: '#2563eb', fallback: 'INFO: loss-guard' });
    expect(attachments[0]?.blocks.map(({ type }) => type)).toEqual(['section', 'context']);
  });

  it('has its title in a line of plain text', () => {
    const { blocks } = looks({ title: '*Label*', text: 'seasonal', severity: 'INFO' });
    expect(blocks).toEqual([
      { type: 'section', text: { type: 'plain_text', text: '*Label*', emoji: false } },
      { type: 'section', text: { type: 'mrkdwn', text: 'seasonal', verbatim: true } },
    ]);
  });

  it('has the sign of a warning or an error, wherever it begins', () => {
    expect(looks({ title: '', text: 'x', severity: 'ERROR' }).blocks[0]?.text?.text).toBe('🚨 x');
    expect(looks({ title: 'T', text: 'x', severity: 'WARN' }).blocks.map(({ text }) => text?.text)).toEqual([
      '⚠️ T',
      'x',
    ]);
  });

  it('is the name of the automation where there is nothing else to say', () => {
    expect(looks({ title: '', text: ' ', severity: 'INFO' }).blocks[0]?.text?.text).toBe('loss-guard');
  });
});

describe('a reply whose first attempt was ambiguous', () => {
  const again = (request: DeliveryRequest): DeliveryRequest => ({ ...request, attempt: 2, mayHaveArrived: true });

  it.each([false, true])('is found in the thread and not posted twice (broadcast: %s)', async (broadcast) => {
    const request = await openThread({ broadcast });
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    expect((await faultOf(adapter().deliver(request))).ambiguous).toBe(true);
    const receipt = await adapter().deliver(again(request));
    expect(receipt).toMatchObject({ note: 'found after an ambiguous attempt', messageId: replies()[0]?.ts });
    expect(receipt.permalink).toContain('thread_ts=');
    expect(workspace.ledger.count(replyId)).toBe(1);
    expect(callsOf('conversations.replies')).toBe(1);
    expect(callsOf('conversations.history')).toBe(0);
  });

  it('is posted when it did not arrive', async () => {
    const request = await openThread();
    workspace.fault({ type: 'reset', method: 'chat.postMessage' });
    await faultOf(adapter().deliver(request));
    expect(await adapter().deliver(again(request))).not.toHaveProperty('note');
    expect(replies()).toHaveLength(1);
  });

  it('is found among hundreds of replies, and by the second look behind them', async () => {
    const request = await openThread();
    const slack = adapter(250);
    for (let number = 0; number < 150; number += 1) {
      nowMs += 1_000;
      await slack.deliver({ ...request, deliveryId: `filler-${number}` });
    }
    workspace.fault({ type: 'slow-headers', commit: 'late', afterRequests: 2, method: 'chat.postMessage' });
    await faultOf(slack.deliver(request));
    expect((await slack.deliver(again(request))).note).toBe('found after an ambiguous attempt');
    expect(callsOf('conversations.replies')).toBe(3);
    expect(workspace.ledger.count(replyId)).toBe(1);
  });

  it('is not posted while the thread can not be looked at', async () => {
    const request = await openThread();
    workspace.fault({ type: 'http-503', method: 'conversations.replies' });
    expect(await faultOf(adapter().deliver(again(request)))).toMatchObject({ reason: 'http_503', ambiguous: true });
    expect(replies()).toHaveLength(0);
  });

  it('is looked for in the channel when its thread is gone', async () => {
    const request = await openThread();
    workspace.fault({ type: 'platform-error', method: 'conversations.replies', error: 'thread_not_found' });
    await adapter().deliver({ ...request, thread: undefined });
    const receipt = await adapter().deliver(again(request));
    expect(receipt).toMatchObject({ note: 'found after an ambiguous attempt' });
    expect(workspace.ledger.count(replyId)).toBe(1);
  });

  it('may be a duplicate where the token may not look', async () => {
    const token = 'xoxb-writes-only';
    workspace.grantToken({ token, scopes: ['chat:write'] });
    const request = await openThread();
    const receipt = await slackWebApi({ token, slackApiUrl: workspace.apiUrl }).deliver(again(request));
    expect(receipt.note).toMatch(/^may be a duplicate: .*missing_scope/);
  });
});
