import { describe, expect, it } from 'vitest';
import { manualClock, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

describe('posting to the fake Slack workspace', () => {
  it('answers with the channel ID, a ts from the clock and the message, and shows it in the channel', async () => {
    const workspace = await startWorkspace();
    const posted = await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'Loss diverged' });
    expect(posted).toMatchObject({
      ok: true,
      channel: workspace.channel('#alerts').id,
      ts: '1700000000.000100',
      message: { type: 'message', text: 'Loss diverged', username: 'tocsin' },
    });
    expect(workspace.channel('alerts').messages).toMatchObject([
      { ts: '1700000000.000100', text: 'Loss diverged', username: 'tocsin', reactions: [], threadTs: undefined },
    ]);
  });

  it('keeps ts unique and growing over channels while the clock stands, and follows the clock', async () => {
    const clock = manualClock();
    const workspace = await startWorkspace({ clock: clock.now });
    const client = webClient(workspace);
    const first = await client.chat.postMessage({ channel: 'alerts', text: 'a' });
    const second = await client.chat.postMessage({ channel: 'general', text: 'b' });
    clock.advance(2_500);
    const third = await client.chat.postMessage({ channel: 'general', text: 'c' });
    expect([first.ts, second.ts, third.ts]).toEqual(['1700000000.000100', '1700000000.000200', '1700000002.500100']);
  });

  it('takes blocks, attachments and metadata out of the form the SDK sends', async () => {
    const workspace = await startWorkspace();
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Loss*' } }];
    const attachments = [{ color: '#e01e5a', blocks }];
    const metadata = { event_type: 'tocsin_delivery', event_payload: { delivery_id: 'd1' } };
    await webClient(workspace).chat.postMessage({ channel: '#alerts', text: 'Loss', blocks, attachments, metadata });
    expect(workspace.channel('#alerts').messages).toMatchObject([{ text: 'Loss', blocks, attachments, metadata }]);
  });

  it('takes a JSON body as well, and refuses one that is none', async () => {
    const workspace = await startWorkspace();
    const post = async (body: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/json; charset=utf-8' };
      return (await fetch(`${workspace.apiUrl}chat.postMessage`, { method: 'POST', headers, body })).json();
    };
    const message = { channel: '#alerts', text: 'hi', blocks: [{ type: 'divider' }] };
    expect(await post(JSON.stringify(message))).toMatchObject({ ok: true });
    expect(await post('{"channel"')).toEqual({ ok: false, error: 'invalid_arguments' });
    expect(workspace.channel('#alerts').messages).toMatchObject([{ text: 'hi', blocks: [{ type: 'divider' }] }]);
  });

  it('puts replies into the thread, and into the channel as well when they are broadcast', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const { ts } = await client.chat.postMessage({ channel: '#alerts', text: 'parent' });
    const reply = { channel: '#alerts', thread_ts: String(ts) };
    await client.chat.postMessage({ ...reply, text: 'quiet' });
    await client.chat.postMessage({ ...reply, text: 'loud', reply_broadcast: true });
    const channel = workspace.channel('#alerts');
    expect(channel.messages.map(({ text }) => text)).toEqual(['parent', 'loud']);
    expect(channel.replies(String(ts)).map(({ text }) => text)).toEqual(['quiet', 'loud']);
    expect(channel.replies(String(ts))).toMatchObject([{ threadTs: ts }, { threadTs: ts, isBroadcast: true }]);
  });

  it('posts at top level, like Slack, when the thread is gone, and leaves thread_ts out of the answer', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const thread = { channel: '#alerts', text: 'late reply', thread_ts: '1600000000.000100' };
    const posted = await client.chat.postMessage(thread);
    expect(posted.message?.thread_ts).toBeUndefined();
    expect(workspace.channel('#alerts').messages).toMatchObject([{ text: 'late reply', threadTs: undefined }]);
  });

  it('answers two posts of the same client_msg_id with two messages', async () => {
    const workspace = await startWorkspace();
    const message = { channel: '#alerts', text: 'once?', client_msg_id: 'a6f2' };
    await webClient(workspace).apiCall('chat.postMessage', message);
    await webClient(workspace).apiCall('chat.postMessage', message);
    expect(workspace.channel('#alerts').messages).toHaveLength(2);
  });

  it('ignores another name without chat:write.customize, as Slack does', async () => {
    const tokens = [{ token: 'xoxb-plain' }, { token: 'xoxb-custom', scopes: ['chat:write', 'chat:write.customize'] }];
    const workspace = await startWorkspace({ tokens });
    const message = { channel: '#alerts', text: 'hi', username: 'skyline', icon_emoji: ':fire:' };
    const { response_metadata: told } = await webClient(workspace).chat.postMessage(message);
    expect(told?.scopes).not.toContain('chat:write.customize');
    await webClient(workspace, 'xoxb-custom').chat.postMessage(message);
    const [plain, custom] = workspace.channel('#alerts').messages;
    expect([plain?.username, plain?.iconEmoji]).toEqual(['tocsin', undefined]);
    expect([custom?.username, custom?.iconEmoji]).toEqual(['skyline', ':fire:']);
  });
});

describe('changing messages in the fake Slack workspace', () => {
  it('updates a message in place; a new text without blocks takes the old blocks away, attachments stay', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const blocks = [{ type: 'divider' }];
    const attachments = [{ text: 'kept' }];
    const posted = await client.chat.postMessage({ channel: '#alerts', text: 'old', blocks, attachments });
    const target = { channel: String(posted.channel), ts: String(posted.ts) };
    const updated = await client.chat.update({ ...target, text: 'new' });
    expect(updated).toMatchObject({ ok: true, ts: posted.ts, text: 'new' });
    const [message] = workspace.channel('#alerts').messages;
    expect(message).toMatchObject({ ts: posted.ts, text: 'new', blocks: [], attachments });
    expect(message?.edited?.ts).toBe('1700000000.000200');
  });

  it('refuses an update by channel name, of an unknown ts, over 4,000 characters, and of another app', async () => {
    const workspace = await startWorkspace({ tokens: [{ token: 'xoxb-a' }, { token: 'xoxb-b', botName: 'other' }] });
    const client = webClient(workspace);
    const posted = await client.chat.postMessage({ channel: '#alerts', text: 'mine' });
    const target = { channel: String(posted.channel), ts: String(posted.ts), text: 'new' };
    const other = webClient(workspace, 'xoxb-b');
    expect(await refusal(client.chat.update({ ...target, channel: '#alerts' }))).toBe('channel_not_found');
    expect(await refusal(client.chat.update({ ...target, ts: '1.000001' }))).toBe('message_not_found');
    expect(await refusal(client.chat.update({ ...target, text: 'x'.repeat(4_001) }))).toBe('msg_too_long');
    expect(await refusal(other.chat.update(target))).toBe('cant_update_message');
    workspace.archive('#alerts');
    expect(await refusal(client.chat.update(target))).toBe('is_inactive');
  });

  it('deletes a reply without its thread, and no message of another app', async () => {
    const workspace = await startWorkspace({ tokens: [{ token: 'xoxb-a' }, { token: 'xoxb-b', botName: 'other' }] });
    const client = webClient(workspace);
    const { ts, channel = '' } = await client.chat.postMessage({ channel: '#alerts', text: 'parent' });
    const reply = await client.chat.postMessage({ channel, text: 'reply', thread_ts: String(ts) });
    const target = { channel, ts: String(reply.ts) };
    expect(await refusal(webClient(workspace, 'xoxb-b').chat.delete(target))).toBe('cant_delete_message');
    await client.chat.delete(target);
    expect(workspace.channel('#alerts').replies(String(ts))).toEqual([]);
    expect(workspace.channel('#alerts').messages).toHaveLength(1);
  });

  it('deletes a message once', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const posted = await client.chat.postMessage({ channel: '#alerts', text: 'x' });
    const target = { channel: String(posted.channel), ts: String(posted.ts) };
    await client.chat.delete(target);
    expect(workspace.channel('#alerts').messages).toEqual([]);
    expect(await refusal(client.chat.delete(target))).toBe('message_not_found');
  });

  it('links to a message and to a reply', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const parent = await client.chat.postMessage({ channel: '#alerts', text: 'p' });
    const reply = await client.chat.postMessage({ channel: '#alerts', text: 'r', thread_ts: String(parent.ts) });
    const link = async (ts: unknown) =>
      (await client.chat.getPermalink({ channel: String(parent.channel), message_ts: String(ts) })).permalink;
    expect(await link(parent.ts)).toBe('https://acme-ml.slack.com/archives/C0000000002/p1700000000000100');
    expect(await link(reply.ts)).toContain('?thread_ts=1700000000.000100&cid=C0000000002');
  });

  it('finds a message and a reply again by their links, and nothing by any other', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const parent = await client.chat.postMessage({ channel: '#alerts', text: 'p' });
    const reply = await client.chat.postMessage({ channel: '#alerts', text: 'r', thread_ts: String(parent.ts) });
    for (const { ts, channel, message } of [parent, reply]) {
      const { permalink } = await client.chat.getPermalink({ channel: String(channel), message_ts: String(ts) });
      expect(workspace.messageAt(String(permalink))?.text).toBe(message?.text);
      expect(workspace.messageAt(String(permalink).replace('acme-ml', 'other'))).toBeUndefined();
      expect(workspace.messageAt(String(permalink).replace('/p17', '/p27'))).toBeUndefined();
    }
    expect(workspace.messageAt('https://acme-ml.slack.com/archives/C0000000009/p1700000000000100')).toBeUndefined();
    expect(workspace.messageAt('')).toBeUndefined();
  });
});
