import { describe, expect, it } from 'vitest';
import { manualClock, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

describe('listing channels of the fake Slack workspace', () => {
  const channels = [
    { name: 'a' },
    { name: 'b', isArchived: true },
    { name: 'c', isPrivate: true },
    { name: 'd', isPrivate: true, isMember: false },
    { name: 'e', isMember: false },
  ];
  const namesOf = (list: { channels?: { name?: string }[] }) => list.channels?.map(({ name }) => name);

  it('lists by type, without private channels of others', async () => {
    const client = webClient(await startWorkspace({ channels }));
    expect(namesOf(await client.conversations.list())).toEqual(['a', 'b', 'e']);
    expect(namesOf(await client.conversations.list({ types: 'private_channel' }))).toEqual(['c']);
    const all = await client.conversations.list({ types: 'public_channel,private_channel', exclude_archived: true });
    expect(namesOf(all)).toEqual(['a', 'c', 'e']);
    expect(all.channels?.map((channel) => channel.is_member)).toEqual([true, true, false]);
  });

  it('pages with a cursor, which the SDK follows to the end', async () => {
    const client = webClient(await startWorkspace({ channels }));
    const names: unknown[] = [];
    for await (const page of client.paginate('conversations.list', { limit: 2 })) {
      names.push(namesOf(page as { channels?: { name?: string }[] }));
    }
    expect(names).toEqual([['a', 'b'], ['e']]);
    expect(await refusal(client.conversations.list({ cursor: 'nonsense' }))).toBe('invalid_cursor');
    expect(await refusal(client.conversations.list({ limit: 1_001 }))).toBe('invalid_limit');
    expect(await refusal(client.conversations.list({ types: 'channels' }))).toBe('invalid_types');
  });

  it('describes one channel by ID', async () => {
    const client = webClient(await startWorkspace({ channels }));
    const { channel } = await client.conversations.info({ channel: 'C0000000003', include_num_members: true });
    expect(channel).toMatchObject({ name: 'c', is_private: true, is_member: true, num_members: 1 });
    expect(await refusal(client.conversations.info({ channel: '#a' }))).toBe('channel_not_found');
    expect(await refusal(client.conversations.info({ channel: 'C0000000004' }))).toBe('channel_not_found');
  });
});

describe('reading messages of the fake Slack workspace', () => {
  const startWithMessages = async () => {
    const clock = manualClock();
    const workspace = await startWorkspace({ clock: clock.now });
    const client = webClient(workspace);
    const timestamps: string[] = [];
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      const metadata = { event_type: 'd', event_payload: { delivery_id: text } };
      timestamps.push(String((await client.chat.postMessage({ channel: '#alerts', text, metadata })).ts));
      clock.advance(1_000);
    }
    return { workspace, client, timestamps, channel: workspace.channel('#alerts').id };
  };
  const textsOf = (answer: { messages?: { text?: string }[] }) => answer.messages?.map(({ text }) => text);

  it('answers history newest first, between oldest and latest, their own messages only when inclusive', async () => {
    const { client, channel, timestamps } = await startWithMessages();
    const [, two, , four] = timestamps;
    expect(textsOf(await client.conversations.history({ channel }))).toEqual(['five', 'four', 'three', 'two', 'one']);
    const range = { channel, oldest: String(two), latest: String(four) };
    expect(textsOf(await client.conversations.history(range))).toEqual(['three']);
    expect(textsOf(await client.conversations.history({ ...range, inclusive: true }))).toEqual([
      'four',
      'three',
      'two',
    ]);
    expect(await refusal(client.conversations.history({ channel, oldest: 'yesterday' }))).toBe('invalid_ts_oldest');
  });

  it('pages through history without skipping when new messages arrive in between', async () => {
    const { client, channel } = await startWithMessages();
    const first = await client.conversations.history({ channel, limit: 2 });
    await client.chat.postMessage({ channel, text: 'six' });
    expect(first.has_more).toBe(true);
    const cursor = String(first.response_metadata?.next_cursor);
    const second = await client.conversations.history({ channel, limit: 3, cursor });
    expect([textsOf(first), textsOf(second)]).toEqual([
      ['five', 'four'],
      ['three', 'two', 'one'],
    ]);
    expect(second).toMatchObject({ has_more: false, response_metadata: { next_cursor: '' } });
  });

  it('shows metadata only when asked for it', async () => {
    const { client, channel } = await startWithMessages();
    const plain = await client.conversations.history({ channel, limit: 1 });
    const full = await client.conversations.history({ channel, limit: 1, include_all_metadata: true });
    expect(plain.messages?.[0]?.metadata).toBeUndefined();
    expect(full.messages?.[0]?.metadata).toEqual({ event_type: 'd', event_payload: { delivery_id: 'five' } });
  });

  it('keeps replies out of history and answers them oldest first after their parent', async () => {
    const { client, channel, timestamps } = await startWithMessages();
    const thread = { channel, thread_ts: String(timestamps[0]) };
    const reply = await client.chat.postMessage({ ...thread, text: 'reply 1' });
    await client.chat.postMessage({ ...thread, text: 'reply 2' });
    expect(textsOf(await client.conversations.history({ channel, limit: 1 }))).toEqual(['five']);
    const replies = await client.conversations.replies({ channel, ts: String(timestamps[0]) });
    expect(textsOf(replies)).toEqual(['one', 'reply 1', 'reply 2']);
    expect(replies.messages?.[0]).toMatchObject({ reply_count: 2, thread_ts: timestamps[0] });
    const later = { channel, ts: String(timestamps[0]), oldest: String(reply.ts) };
    expect(textsOf(await client.conversations.replies(later))).toEqual(['one', 'reply 2']);
    expect(await refusal(client.conversations.replies({ channel, ts: '1.000001' }))).toBe('thread_not_found');
  });

  it('refuses history to a bot that is no member', async () => {
    const { workspace, client, channel } = await startWithMessages();
    workspace.removeBot('#alerts');
    expect(await refusal(client.conversations.history({ channel }))).toBe('not_in_channel');
  });
});

describe('reactions in the fake Slack workspace', () => {
  it('adds, shows and removes reactions, each once per bot', async () => {
    const workspace = await startWorkspace({ tokens: [{ token: 'xoxb-a' }, { token: 'xoxb-b', botName: 'other' }] });
    const client = webClient(workspace);
    const posted = await client.chat.postMessage({ channel: '#alerts', text: 'a' });
    const eyes = { channel: String(posted.channel), timestamp: String(posted.ts), name: 'eyes' };
    await client.reactions.add(eyes);
    expect(await refusal(client.reactions.add(eyes))).toBe('already_reacted');
    await webClient(workspace, 'xoxb-b').reactions.add(eyes);
    const { message } = await client.reactions.get({ channel: eyes.channel, timestamp: eyes.timestamp });
    expect(message?.reactions).toEqual([{ name: 'eyes', count: 2, users: ['U0000000001', 'U0000000002'] }]);
    await client.reactions.remove(eyes);
    expect(workspace.channel('#alerts').messages[0]?.reactions).toEqual([{ name: 'eyes', users: ['U0000000002'] }]);
    expect(await refusal(client.reactions.remove(eyes))).toBe('no_reaction');
  });

  it('wants the channel ID, a bare emoji name and a message that is there', async () => {
    const workspace = await startWorkspace();
    const client = webClient(workspace);
    const posted = await client.chat.postMessage({ channel: '#alerts', text: 'a' });
    const eyes = { channel: String(posted.channel), timestamp: String(posted.ts), name: 'eyes' };
    expect(await refusal(client.reactions.add({ ...eyes, channel: '#alerts' }))).toBe('channel_not_found');
    expect(await refusal(client.reactions.add({ ...eyes, name: ':eyes:' }))).toBe('invalid_name');
    expect(await refusal(client.reactions.add({ ...eyes, timestamp: '1.000001' }))).toBe('message_not_found');
    expect(await refusal(client.reactions.add({ ...eyes, timestamp: 'now' }))).toBe('bad_timestamp');
    expect(await refusal(client.apiCall('reactions.remove', { name: 'eyes' }))).toBe('no_item_specified');
    workspace.archive('#alerts');
    expect(await refusal(client.reactions.add(eyes))).toBe('is_archived');
  });
});
