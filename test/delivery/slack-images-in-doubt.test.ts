import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackFault, type SlackWorkspace, type SlackWorkspaceOptions, startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryRequest, Receipt } from '../../src/index.js';
import { atMs, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2, 3]);
const message = sampleMessage({ image: { type: 'stored', handle: 'image-1' } });
const complete = 'files.completeUploadExternal';
const always = 100_000;

const start = async (options: SlackWorkspaceOptions = {}): Promise<SlackWorkspace> => {
  const channels = [{ name: 'alerts' }];
  const workspace = await startSlackWorkspace({ rateLimit: false, clock: () => atMs, channels, ...options });
  onTestFinished(() => workspace.close());
  return workspace;
};
const adapter = ({ token, apiUrl }: SlackWorkspace, timeoutMs = 1_000) =>
  slackWebApi({ token, slackApiUrl: apiUrl, timeoutMs });
const requestIn = (workspace: SlackWorkspace, changes: Partial<DeliveryRequest> = {}): DeliveryRequest => {
  const integration = sampleIntegration({ channel: '#alerts', channelId: workspace.channel('alerts').id });
  return sampleRequest(integration, { message, image: async () => png, ...changes });
};
const again = (request: DeliveryRequest): DeliveryRequest => ({ ...request, attempt: 2, mayHaveArrived: true });
const shown = (workspace: SlackWorkspace) => workspace.channel('alerts').messages;
const uploads = ({ requests }: SlackWorkspace) => requests.filter(({ method }) => method === complete).length;
const withScopes = (...scopes: string[]): SlackWorkspaceOptions => ({ tokens: [{ token: 'xoxb-1', scopes }] });

const expectText = (workspace: SlackWorkspace, receipt: Receipt, note: RegExp): void => {
  expect(receipt.note).toMatch(note);
  const text = expect.stringContaining('Picture missing: ');
  expect(shown(workspace)).toMatchObject([{ ts: receipt.messageId, files: [], blocks: [{ type: 'header' }], text }]);
};

describe('an upload whose outcome is not known', () => {
  it.each(['commit-then-reset', 'commit-then-500', 'stalled-body'] as const)(
    'after %s is found in the same attempt, and the alert is not posted twice',
    async (type) => {
      const workspace = await start();
      workspace.fault({ type, method: complete });
      const receipt = await adapter(workspace).deliver(requestIn(workspace));
      expect(shown(workspace)).toMatchObject([{ ts: receipt.messageId, files: [{ name: 'delivery-1.png' }] }]);
      expect(receipt).not.toHaveProperty('note');
    },
  );

  it.each([0, 4])(
    'is waited for, and told by what Slack says of the file: after %i questions',
    async (shareAfterLooks) => {
      const workspace = await start({ shareAfterLooks, ...withScopes('chat:write', 'files:write', 'files:read') });
      workspace.fault({ type: 'commit-then-reset', method: complete });
      const receipt = await adapter(workspace).deliver(requestIn(workspace));
      expect(shown(workspace)).toMatchObject([{ ts: receipt.messageId, files: [{}] }]);
    },
  );

  it.each<SlackFault>([
    { type: 'platform-error', error: 'fatal_error' },
    { type: 'http-500' },
    { type: 'slow-headers' },
    { type: 'reset' },
    { type: 'non-json-200' },
  ])('because of %j, and that is not there, holds nothing up: the alert goes out at once, as text', async (fault) => {
    const workspace = await start();
    workspace.fault({ ...fault, method: complete, times: always });
    const receipt = await adapter(workspace, 300).deliver(requestIn(workspace));
    expectText(workspace, receipt, /^the picture is missing: its upload may have failed .*may be a duplicate$/);
    expect(uploads(workspace)).toBe(1);
  });

  it('is not taken for absent where nobody may look: the alert goes out, and may be a duplicate', async () => {
    const workspace = await start(withScopes('chat:write', 'files:write'));
    workspace.fault({ type: 'commit-then-reset', method: complete });
    expect((await adapter(workspace).deliver(requestIn(workspace))).note).toContain('may be a duplicate');
    expect(shown(workspace)).toMatchObject([{ files: [{}] }, { files: [], blocks: [{ type: 'header' }] }]);
  });

  it.each<SlackFault>([
    { type: '429', retryAfterSeconds: 5 },
    { type: 'platform-error', error: 'invalid_blocks' },
    { type: 'platform-error', error: 'is_archived' },
  ])('stays in doubt when the alert can not be posted either: %j', async (fault) => {
    const workspace = await start();
    workspace.fault({ type: 'reset', method: complete });
    workspace.fault({ ...fault, method: 'chat.postMessage' });
    expect(await faultOf(adapter(workspace).deliver(requestIn(workspace)))).toMatchObject({ ambiguous: true });
    const receipt = await adapter(workspace).deliver(again(requestIn(workspace)));
    expectText(workspace, receipt, /^the picture is missing: an earlier attempt may have uploaded it/);
    expect(uploads(workspace)).toBe(1);
  });
});

describe('an upload that Slack has taken', () => {
  it.each([1, 5, 7])('and shows late is found: after %i looks', async (shareAfterLooks) => {
    const workspace = await start({ shareAfterLooks });
    const receipt = await adapter(workspace).deliver(requestIn(workspace));
    expect(shown(workspace)).toMatchObject([{ ts: receipt.messageId, files: [{}] }]);
  });

  it('and never shows loses no alert', async () => {
    const workspace = await start({ shareAfterLooks: Number.POSITIVE_INFINITY });
    const receipt = await adapter(workspace).deliver(requestIn(workspace));
    expectText(workspace, receipt, /^the picture is missing: Slack took it, but did not show it in time; it may still/);
  });

  it('and shows in the channel, but never in its file, is found', async () => {
    const workspace = await start({ shareAfterCalls: Number.POSITIVE_INFINITY });
    const receipt = await adapter(workspace).deliver(requestIn(workspace));
    expect(shown(workspace)).toMatchObject([{ ts: receipt.messageId, files: [{}] }]);
  });

  it('while Slack fails all questions about it is not believed to stand there', async () => {
    const workspace = await start({ shareAfterLooks: Number.POSITIVE_INFINITY });
    for (const method of ['files.info', 'conversations.history']) {
      workspace.fault({ type: 'http-503', method, times: always });
    }
    expectText(workspace, await adapter(workspace).deliver(requestIn(workspace)), /did not show it in time/);
  });

  it('and that Slack limits all questions about is believed to stand there', async () => {
    const workspace = await start();
    for (const method of ['files.info', 'conversations.history']) {
      workspace.fault({ type: '429', retryAfterSeconds: 30, method, times: always });
    }
    const receipt = await adapter(workspace).deliver(requestIn(workspace));
    expect(receipt.note).toBe('where the message stands is not known (Slack answered ratelimited)');
    expect(shown(workspace)).toMatchObject([{ files: [{}] }]);
  });
});

describe('an attempt after one whose outcome is not known', () => {
  it('finds the upload by the name of its file, in the channel', async () => {
    const workspace = await start();
    const { messageId } = await adapter(workspace).deliver(requestIn(workspace));
    const receipt = await adapter(workspace).deliver(again(requestIn(workspace)));
    expect(receipt).toMatchObject({ messageId, note: 'found after an ambiguous attempt' });
    expect(shown(workspace)).toHaveLength(1);
  });

  it('finds it in its thread', async () => {
    const workspace = await start();
    const { channelId = '', messageId = '' } = await adapter(workspace).deliver(
      requestIn(workspace, { message: sampleMessage() }),
    );
    const request = requestIn(workspace, { deliveryId: 'delivery-2', thread: { channelId, messageId } });
    await adapter(workspace).deliver(request);
    expect((await adapter(workspace).deliver(again(request))).note).toBe('found after an ambiguous attempt');
    expect(workspace.channel('alerts').replies(messageId)).toHaveLength(1);
  });

  it('uploads nothing when it finds nothing, for the upload may only be late: the alert goes out as text', async () => {
    const workspace = await start();
    const receipt = await adapter(workspace).deliver(again(requestIn(workspace)));
    expectText(workspace, receipt, /an earlier attempt may have uploaded it; it may still follow/);
    expect(uploads(workspace)).toBe(0);
  });

  it('uploads what certainly was not uploaded before, as after an outage', async () => {
    const workspace = await start();
    const slack = adapter(workspace);
    const outage = workspace.fault({ type: 'http-503', times: always });
    await faultOf(slack.deliver(requestIn(workspace)));
    await faultOf(slack.deliver(again(requestIn(workspace))));
    outage.cancel();
    expect(await slack.deliver(again(requestIn(workspace)))).not.toHaveProperty('note');
    expect(shown(workspace)).toMatchObject([{ files: [{ name: 'delivery-1.png' }] }]);
  });

  it('tells it from the alert without a picture, which is not posted twice either', async () => {
    const workspace = await start();
    workspace.fault({ type: 'http-500', method: 'upload' });
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    await faultOf(adapter(workspace).deliver(requestIn(workspace)));
    const receipt = await adapter(workspace).deliver(again(requestIn(workspace)));
    expectText(workspace, receipt, /^found after an ambiguous attempt; the picture is missing/);
  });

  it('says that it may be a duplicate where it can not look, and uploads nothing', async () => {
    const workspace = await start(withScopes('chat:write', 'files:write', 'files:read'));
    expectText(workspace, await adapter(workspace).deliver(again(requestIn(workspace))), /^may be a duplicate/);
    expect(uploads(workspace)).toBe(0);
  });
});
