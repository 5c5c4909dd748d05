import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { slackWebhook } from 'tocsin/delivery/slack-webhook';
import { type SlackWorkspace, type SlackWorkspaceOptions, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageBlocks } from '../../adapters/delivery/slack-message/message-blocks.js';
import { messageText } from '../../adapters/delivery/slack-message/message-text.js';
import type { DeliveryRequest } from '../../src/index.js';
import { atMs, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;

const start = (options: SlackWorkspaceOptions = {}): Promise<SlackWorkspace> =>
  startSlackWorkspace({
    rateLimit: false,
    clock: () => atMs,
    channels: [{ name: 'alerts' }, { name: 'private', isPrivate: true }, { name: 'open', isMember: false }],
    ...options,
  });

beforeEach(async () => {
  workspace = await start();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3]);
const stored = sampleMessage({ title: 'Spike <!here>', image: { type: 'stored', handle: 'image-1' } });
const integration = sampleIntegration({ channel: '#alerts' });
const requestWith = (changes: Partial<DeliveryRequest> = {}): DeliveryRequest =>
  sampleRequest(integration, { message: stored, image: async () => png, ...changes });
const adapter = (token = workspace.token, timeoutMs = 5_000) =>
  slackWebApi({ token, slackApiUrl: workspace.apiUrl, timeoutMs });
const grant = (...scopes: string[]): string => {
  const token = `xoxb-${scopes.join('-')}`;
  workspace.grantToken({ token, scopes });
  return token;
};
const idOf = (channel: string): string => workspace.channel(channel).id;
const shown = (channel = 'alerts') => workspace.channel(channel).messages;
const callsOf = (name: string) => workspace.requests.filter(({ method }) => method === name).length;

describe('a picture on the web', () => {
  const url = 'https://example.com/plots/7.png?a=1&b=2';
  const linked = (address: string) => sampleMessage({ image: { type: 'url', url: address } });
  const blocksOf = (address: string) => messageBlocks(linked(address)).attachments[0]?.blocks ?? [];

  it('is an image block after the facts, and its address stands in the text', async () => {
    await adapter().deliver(sampleRequest(integration, { message: linked(url) }));
    expect(shown()).toMatchObject([
      {
        text: expect.stringContaining('Picture: https://example.com/plots/7.png?a=1&amp;b=2'),
        attachments: [
          {
            blocks: [
              { type: 'section' },
              { type: 'section' },
              { type: 'image', image_url: url, alt_text: 'Loss exploded' },
              { type: 'context' },
            ],
          },
        ],
      },
    ]);
    expect(callsOf('files.getUploadURLExternal')).toBe(0);
  });

  it('is a link in the plain text that goes out when Slack refuses the block', async () => {
    const message = linked(url);
    await adapter().deliver(sampleRequest(integration, { message, plainText: true }));
    expect(shown()[0]).toMatchObject({ blocks: [], text: messageText(message) });
  });

  it.each(['http://example.com/x.png', `https://example.com/${'x'.repeat(2_990)}`])(
    'that Slack would refuse is a button: %.40s',
    (address) => {
      const types = blocksOf(address).map(({ type }) => type);
      expect(types).not.toContain('image');
      expect(JSON.stringify(blocksOf(address))).toMatch(address.length > 3_000 ? 'and 1 more link' : '"Picture"');
    },
  );

  it.each(['javascript:alert(1)', 'data:image/png;base64,AA', 'nowhere', ''])(
    'that is none is left out: %j',
    (address) => {
      expect(blocksOf(address).map(({ type }) => type)).toEqual(['section', 'section', 'context']);
      expect(messageText(linked(address))).toBe(messageText(sampleMessage()));
    },
  );

  it('is shown by a webhook too', async () => {
    const webhook = workspace.webhookUrl('alerts');
    const slack = slackWebhook({ url: webhook, allowedOrigins: [new URL(webhook).origin] });
    expect(await slack.deliver(sampleRequest(integration, { message: linked(url) }))).not.toHaveProperty('note');
    expect(JSON.stringify(shown()[0]?.attachments)).toContain(`"image_url":"${url}"`);
  });
});

describe('a picture from memory', () => {
  it('is the alert: one message with the picture and the whole text, whose place is known', async () => {
    const receipt = await adapter().deliver(requestWith());
    const [message, ...more] = shown();
    expect(more).toEqual([]);
    expect(message?.text).toBe(messageText(stored));
    expect(message?.files).toMatchObject([{ name: 'delivery-1.png', title: 'Spike <!here>', size: png.byteLength }]);
    expect(workspace.file(message?.files[0]?.id ?? '')).toEqual(png);
    expect(receipt).toEqual({
      channelId: idOf('alerts'),
      channelName: 'alerts',
      messageId: message?.ts,
      permalink: `https://acme-ml.slack.com/archives/${idOf('alerts')}/p${message?.ts.replace('.', '')}`,
      status: 200,
    });
    expect(callsOf('chat.postMessage')).toBe(0);
  });

  it('may take longer than one call: each of its requests has the whole time for itself', async () => {
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (...sent) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      return fetch(...sent);
    });
    const byId = sampleIntegration({ channel: '#alerts', channelId: idOf('alerts') });
    expect(await adapter(workspace.token, 800).deliver(requestWith({ integration: byId }))).not.toHaveProperty('note');
    expect(shown()).toMatchObject([{ files: [{ name: 'delivery-1.png' }] }]);
  });

  it('is in a part of a larger piece of memory', async () => {
    const part = Uint8Array.from([9, 9, ...png, 9]).subarray(2, 2 + png.byteLength);
    await adapter().deliver(requestWith({ image: async () => part }));
    expect(workspace.file(shown()[0]?.files[0]?.id ?? '')).toEqual(png);
  });

  it('looks a name up once for all messages, and finds private channels by it', async () => {
    const slack = adapter();
    for (const deliveryId of ['delivery-1', 'delivery-2', 'delivery-3']) {
      await slack.deliver(requestWith({ deliveryId, destination: { channel: '#private' } }));
    }
    expect(shown('private')).toHaveLength(3);
    expect(callsOf('conversations.list')).toBe(1);
  });

  it('is a reply in a thread', async () => {
    const { channelId = '', messageId = '' } = await adapter().deliver(sampleRequest(integration));
    const receipt = await adapter().deliver(
      requestWith({ deliveryId: 'delivery-2', thread: { channelId, messageId } }),
    );
    expect(shown()).toHaveLength(1);
    expect(workspace.channel('alerts').replies(messageId)).toMatchObject([
      { ts: receipt.messageId, files: [{ name: 'delivery-2.png' }] },
    ]);
    expect(receipt.permalink).toContain(`thread_ts=${messageId}`);
  });

  it('follows a reply that is broadcast into its thread, for no upload can be broadcast', async () => {
    const { channelId = '', messageId = '' } = await adapter().deliver(sampleRequest(integration));
    const thread = { channelId, messageId };
    const receipt = await adapter().deliver(requestWith({ deliveryId: 'delivery-2', thread, broadcast: true }));
    expect(shown()).toHaveLength(2);
    expect(workspace.channel('alerts').replies(messageId)).toMatchObject([
      { ts: receipt.messageId, isBroadcast: true, files: [] },
      { isBroadcast: false, text: '', files: [{ name: 'delivery-2-picture.png' }] },
    ]);
    expect(receipt).not.toHaveProperty('note');
  });

  it('is posted without name and icon, and says so', async () => {
    const receipt = await adapter().deliver(requestWith({ destination: { channel: '#alerts', username: 'skyline' } }));
    expect(receipt.note).toBe('username and icon left out: a picture has none');
  });

  it('is shown in a preview as the upload that it would be', () => {
    expect(adapter().preview?.({ integration, message: stored })).toEqual({
      channel: '#alerts',
      filename: '[the id of the delivery].png',
      title: 'Spike <!here>',
      initial_comment: messageText(stored),
    });
  });

  it('can not go through a webhook: the alert goes out, and says so', async () => {
    const webhook = workspace.webhookUrl('alerts');
    const slack = slackWebhook({ url: webhook, allowedOrigins: [new URL(webhook).origin] });
    const receipt = await slack.deliver(requestWith({ destination: { channel: '#private' } }));
    expect(receipt.note).toMatch(/^the picture is missing: .*; posted in the webhook's own channel, not in #private/);
    expect(shown()[0]).toMatchObject({ blocks: [{ type: 'header' }], files: [] });
    expect(slack.capabilities).toBeUndefined();
  });
});

describe('the place of a picture', () => {
  it('is asked for until Slack knows it', async () => {
    await workspace.close();
    workspace = await start({ shareAfterCalls: 3 });
    expect(await adapter().deliver(requestWith())).toMatchObject({ messageId: shown()[0]?.ts });
    expect(callsOf('files.info')).toBe(4);
    expect(callsOf('conversations.history')).toBe(0);
  });

  it('is looked for in the channel where the app may not ask about files', async () => {
    const token = grant('chat:write', 'files:write', 'channels:read', 'channels:history');
    expect(await adapter(token).deliver(requestWith())).toMatchObject({ messageId: shown()[0]?.ts });
    expect(callsOf('files.info')).toBe(1);
  });

  it('stays unknown without either, and the alert counts as delivered all the same', async () => {
    const token = grant('chat:write', 'files:write', 'channels:read');
    const receipt = await adapter(token).deliver(requestWith());
    expect(receipt).toMatchObject({ channelId: idOf('alerts'), status: 200 });
    expect(receipt).not.toHaveProperty('messageId');
    expect(receipt.note).toBe(
      'where the message stands is not known (Slack answered missing_scope: add the scope files:read)',
    );
    expect(shown()).toHaveLength(1);
  });

  it('that can not be asked for now is asked for again', async () => {
    workspace.fault({ type: 'reset', method: 'files.info', times: 2 });
    expect(await adapter().deliver(requestWith())).toMatchObject({ messageId: shown()[0]?.ts });
  });
});

describe('a picture that can not be uploaded', () => {
  const expectTextAlert = (note: RegExp, receipt: { note?: string | undefined; messageId?: string | undefined }) => {
    expect(receipt.note).toMatch(note);
    expect(shown()).toMatchObject([{ ts: receipt.messageId, blocks: [{ type: 'header' }], files: [] }]);
    expect(workspace.ledger.count('delivery-1')).toBe(1);
    // Who reads the channel learns it too, also from a screen reader, but not what to do about it.
    const [why] = /(?<=^the picture is missing: )[^;]+/.exec(receipt.note ?? '') ?? [];
    expect(shown()[0]?.text.split('\n')).toContain(`Picture missing: ${why}`);
    expect(shown()[0]?.attachments[0]).toMatchObject({
      blocks: [{}, {}, { elements: [{}, {}, { type: 'plain_text', text: `Picture missing: ${why}` }] }],
    });
  };

  it('for want of the scope leaves the alert alone, and says what to add', async () => {
    const token = grant('chat:write', 'channels:read');
    const receipt = await adapter(token).deliver(requestWith());
    expectTextAlert(/^the picture is missing: .*missing_scope.*files:write and files:read/, receipt);
  });

  it.each([
    ['it is gone', async () => undefined, /not stored any more; engine\.images\.put/],
    ['it is empty', async () => new Uint8Array(), /not stored any more/],
    ['nobody reads it', undefined, /not stored any more/],
    ['the storage fails', () => Promise.reject(new Error('disk')), /could not be read/],
  ])('because %s leaves the alert alone', async (_, image, note) => {
    expectTextAlert(note, await adapter().deliver(requestWith({ image })));
    expect(callsOf('files.getUploadURLExternal')).toBe(0);
  });

  it.each([
    [{ type: 'platform-error', method: 'files.getUploadURLExternal', error: 'file_upload_size_restricted' }, /smaller/],
    [{ type: 'platform-error', method: 'files.getUploadURLExternal', error: 'storage_limit_reached' }, /delete some/],
    [
      { type: 'platform-error', method: 'files.getUploadURLExternal', error: 'file_uploads_disabled' },
      /administrators/,
    ],
    [{ type: '429', method: 'files.getUploadURLExternal', retryAfterSeconds: 9 }, /ratelimited/],
    [{ type: 'reset', method: 'files.getUploadURLExternal' }, /reset/],
    [{ type: 'non-json-200', method: 'files.getUploadURLExternal' }, /unreadable_response/],
    [{ type: 'reset', method: 'upload' }, /reset/],
    [{ type: 'http-500', method: 'upload' }, /http_500/],
    [{ type: 'platform-error', method: 'upload', error: 'too_large', statusCode: 413 }, /http_413.*smaller/],
    [
      { type: 'platform-error', method: 'files.completeUploadExternal', error: 'file_update_failed' },
      /file_update_failed/,
    ],
    [{ type: '429', method: 'files.completeUploadExternal', retryAfterSeconds: 9 }, /ratelimited/],
  ] as const)('because of %j leaves the alert alone', async (fault, note) => {
    workspace.fault(fault);
    expectTextAlert(note, await adapter().deliver(requestWith()));
  });

  it('because an upload stalls leaves the alert alone', async () => {
    workspace.fault({ type: 'slow-headers', method: 'upload' });
    expectTextAlert(/timeout/, await adapter(workspace.token, 250).deliver(requestWith()));
  });

  it("because the channel's id is not known leaves the alert alone", async () => {
    const receipt = await adapter(grant('chat:write', 'files:write', 'files:read')).deliver(requestWith());
    expectTextAlert(/^the picture is missing: the channel's id is not known/, receipt);
  });

  it('because the bot is no member leaves the alert alone, and says to invite it', async () => {
    const token = grant('chat:write', 'chat:write.public', 'channels:read', 'files:write', 'files:read');
    const receipt = await adapter(token).deliver(requestWith({ destination: { channel: '#open' } }));
    expect(receipt.note).toMatch(/not_in_channel.*\/invite/);
    expect(shown('open')).toHaveLength(1);
  });

  it('is not tried once more when the layout of its alert was refused', async () => {
    const receipt = await adapter().deliver(requestWith({ attempt: 2, plainText: true }));
    expect(receipt.note).toBe('the picture is missing: its upload failed at an earlier attempt');
    expect(shown()).toMatchObject([{ blocks: [], text: expect.stringContaining('Picture missing: ') }]);
    expect(callsOf('files.getUploadURLExternal')).toBe(0);
  });

  it('and an alert that can not be posted either fails of what the alert fails of', async () => {
    workspace.archive('alerts');
    expect(await faultOf(adapter().deliver(requestWith()))).toMatchObject({ kind: 'channel', reason: 'is_archived' });
    workspace.revokeToken(workspace.token);
    expect(await faultOf(adapter().deliver(requestWith()))).toMatchObject({ kind: 'credential' });
  });

  it('in the thread of a broadcast reply leaves that reply alone', async () => {
    const { channelId = '', messageId = '' } = await adapter().deliver(sampleRequest(integration));
    workspace.fault({ type: 'commit-then-reset', method: 'files.completeUploadExternal' });
    const thread = { channelId, messageId };
    const receipt = await adapter().deliver(requestWith({ deliveryId: 'delivery-2', thread, broadcast: true }));
    expect(receipt).toMatchObject({ note: 'the picture is missing: its upload may have failed (reset)' });
    expect(workspace.ledger.count('delivery-2')).toBe(1);
  });
});
