import { IncomingWebhook, IncomingWebhookHTTPError } from '@slack/webhook';
import { describe, expect, it } from 'vitest';
import { startWorkspace } from './slack-workspace-clients.js';

const refusedWith = async (sending: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await sending.catch((reason: unknown) => reason);
  if (!(error instanceof IncomingWebhookHTTPError)) throw error;
  return [error.statusCode, error.body];
};

describe('incoming webhooks of the fake Slack workspace', () => {
  it('posts into its channel, private or not, and answers ok', async () => {
    const workspace = await startWorkspace({ channels: [{ name: 'secret', isPrivate: true, isMember: false }] });
    const webhook = new IncomingWebhook(workspace.webhookUrl('#secret'));
    expect(await webhook.send({ text: 'hello', username: 'ignored' })).toEqual({ text: 'ok' });
    expect(workspace.channel('#secret').messages).toMatchObject([
      { text: 'hello', username: 'tocsin', userId: undefined },
    ]);
  });

  it('replies in a thread whose ts it is given', async () => {
    const workspace = await startWorkspace();
    const webhook = new IncomingWebhook(workspace.webhookUrl('#alerts'));
    await webhook.send('parent');
    const { ts } = workspace.channel('#alerts').messages[0] ?? { ts: '' };
    await webhook.send({ text: 'reply', thread_ts: ts } as { text: string });
    expect(workspace.channel('#alerts').replies(ts)).toMatchObject([{ text: 'reply' }]);
  });

  it('refuses in plain words under the status that Slack uses', async () => {
    const workspace = await startWorkspace();
    const url = workspace.webhookUrl('#alerts');
    const webhook = new IncomingWebhook(url);
    const longSection = { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } };
    expect(await refusedWith(webhook.send({}))).toEqual([400, 'no_text']);
    expect(await refusedWith(webhook.send({ blocks: [longSection] }))).toEqual([400, 'invalid_blocks']);
    expect(await refusedWith(webhook.send({ text: 1 } as unknown as string))).toEqual([400, 'invalid_payload']);
    expect(await refusedWith(new IncomingWebhook(`${url}x`).send('a'))).toEqual([403, 'invalid_token']);
    const unknown = url.replace(/B\d+/, 'B9999999999');
    expect(await refusedWith(new IncomingWebhook(unknown).send('a'))).toEqual([404, 'no_service']);
    workspace.archive('#alerts');
    expect(await refusedWith(webhook.send('a'))).toEqual([410, 'channel_is_archived']);
  });

  it('answers no_service once it is revoked, and a new URL works', async () => {
    const workspace = await startWorkspace();
    const url = workspace.webhookUrl('#alerts');
    expect(workspace.webhookUrl('#alerts')).toBe(url);
    workspace.revokeWebhook('#alerts');
    expect(await refusedWith(new IncomingWebhook(url).send('a'))).toEqual([404, 'no_service']);
    await expect(new IncomingWebhook(workspace.webhookUrl('#alerts')).send('a')).resolves.toEqual({ text: 'ok' });
  });

  it('refuses a body that is not JSON', async () => {
    const workspace = await startWorkspace();
    const response = await fetch(workspace.webhookUrl('#alerts'), { method: 'POST', body: '{"text"' });
    expect([response.status, await response.text()]).toEqual([400, 'invalid_payload']);
  });

  it('fails as a scripted fault says', async () => {
    const workspace = await startWorkspace();
    const webhook = new IncomingWebhook(workspace.webhookUrl('#alerts'));
    workspace.fault({ type: 'platform-error', error: 'rollup_error', method: 'webhook', channel: '#alerts' });
    expect(await refusedWith(webhook.send('a'))).toEqual([500, 'rollup_error']);
    workspace.fault({ type: 'non-json-200', commit: true, method: 'webhook', body: '<html>' });
    expect(await webhook.send('b')).toEqual({ text: '<html>' });
    expect(workspace.channel('#alerts').messages).toMatchObject([{ text: 'b' }]);
  });
});
