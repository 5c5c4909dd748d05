import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { type SlackWorkspace, startSlackWorkspace } from 'tocsin/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemory } from '../../adapters/delivery/slack-web-api/memory.js';
import type { ChannelQuery, Destination, Integration } from '../../src/index.js';
import { atMs, expectNoSecret, faultOf, sampleIntegration, sampleMessage, sampleRequest } from './slack-samples.js';

let workspace: SlackWorkspace;

beforeEach(async () => {
  workspace = await startSlackWorkspace({
    rateLimit: false,
    clock: () => atMs,
    channels: [
      { name: 'ops' },
      { name: 'alerts' },
      { name: 'alerts-private', isPrivate: true },
      { name: 'alerts-hidden', isPrivate: true, isMember: false },
      { name: 'alerts-old', isArchived: true },
      { name: 'ml-alerts', isMember: false },
    ],
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await workspace.close();
});

const adapter = (token = workspace.token) => slackWebApi({ token, slackApiUrl: workspace.apiUrl, timeoutMs: 5_000 });
const grant = (...scopes: string[]): string => {
  const token = `xoxb-${scopes.join('-')}`;
  workspace.grantToken({ token, scopes });
  return token;
};
const idOf = (channel: string): string => workspace.channel(channel).id;
const own = () => sampleIntegration({ channel: '#ops', channelId: idOf('ops'), channelName: 'ops' });
const to = (destination: Destination, integration: Integration = own()) => sampleRequest(integration, { destination });
const callsOf = (name: string) => workspace.requests.filter(({ method }) => method === name);

describe('a destination', () => {
  it.each([
    ['its name', () => ({ channel: '#alerts' })],
    ['its id', () => ({ channel: idOf('alerts') })],
    ['a name whose id is known', () => ({ channel: '#renamed', channelId: idOf('alerts') })],
  ])("wins over the integration's own channel, by %s", async (_, destination) => {
    const receipt = await adapter().deliver(to(destination()));
    expect(receipt).toMatchObject({ channelId: idOf('alerts'), status: 200 });
    expect(workspace.ledger.inChannel('ops')).toHaveLength(0);
    expect(workspace.ledger.inChannel('alerts')).toHaveLength(1);
  });

  it('needs no channel of the integration', async () => {
    const receipt = await adapter().deliver(to({ channel: '#alerts' }, sampleIntegration()));
    expect(receipt).toMatchObject({ channelId: idOf('alerts'), channelName: 'alerts' });
  });

  it('that is private is found by its name, once for all messages', async () => {
    const slack = adapter();
    const request = to({ channel: '#alerts-private' });
    for (const deliveryId of ['delivery-1', 'delivery-2', 'delivery-3']) {
      expect(await slack.deliver({ ...request, deliveryId })).toMatchObject({ channelId: idOf('alerts-private') });
    }
    expect(callsOf('conversations.list')).toHaveLength(1);
    expect(callsOf('chat.postMessage')).toHaveLength(4);
  });

  it('that is public and refused by its name all the same is posted to by its id', async () => {
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'channel_not_found' });
    const receipt = await adapter().deliver(to({ channel: '#alerts' }));
    expect(receipt).toMatchObject({ channelId: idOf('alerts'), channelName: 'alerts' });
    expect(callsOf('chat.postMessage').map(({ arguments: sent }) => sent['channel'])).toEqual([
      '#alerts',
      idOf('alerts'),
    ]);
  });

  it('that is refused by its id as well blames the channel', async () => {
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'channel_not_found', times: 2 });
    expect(await faultOf(adapter().deliver(to({ channel: '#alerts' })))).toMatchObject({ kind: 'channel' });
    expect(callsOf('chat.postMessage')).toHaveLength(2);
  });

  it.each(['#Alerts', 'ALERTS', ' #ALERTS '])('written as %j means the name in lower case', async (channel) => {
    const receipt = await adapter().deliver(to({ channel }));
    expect(receipt).toMatchObject({ channelId: idOf('alerts'), channelName: 'alerts' });
    const own = await adapter().deliver(sampleRequest(sampleIntegration({ channel })));
    expect(own).toMatchObject({ channelId: idOf('alerts'), channelName: 'alerts' });
    expect(callsOf('conversations.list')).toHaveLength(0);
  });

  it.each([
    ['GPU', 'gpu'],
    ['C1234567', 'c1234567'],
    ['#GPUALERTS', '#gpualerts'],
    ['GPUALERTS', 'GPUALERTS'],
    ['C024BE91L', 'C024BE91L'],
  ])('is a name unless it is as long as an id: %s', (channel, posted) => {
    const preview = adapter().preview?.({ integration: own(), destination: { channel }, message: sampleMessage() });
    expect(preview).toMatchObject({ channel: posted });
  });

  it('that is nowhere blames the channel', async () => {
    expect(await faultOf(adapter().deliver(to({ channel: '#nowhere' })))).toMatchObject({
      kind: 'channel',
      reason: 'channel_not_found',
    });
  });

  it('is looked into after an ambiguous attempt, though only its name is known', async () => {
    const slack = adapter();
    workspace.fault({ type: 'commit-then-reset', method: 'chat.postMessage' });
    await faultOf(slack.deliver(to({ channel: '#alerts' })));
    const receipt = await slack.deliver({ ...to({ channel: '#alerts' }), attempt: 2, mayHaveArrived: true });
    expect(receipt).toMatchObject({ note: 'found after an ambiguous attempt', channelId: idOf('alerts') });
    expect(workspace.ledger.duplicates()).toEqual([]);
  });

  it('and no channel of the integration either is refused before a request, with what to do', async () => {
    const error = await faultOf(adapter().deliver(sampleRequest(sampleIntegration())));
    expect(error).toMatchObject({ kind: 'channel', reason: 'no_channel' });
    expect(error.message).toContain('engine.integrations.channels(id)');
    expect(workspace.requests).toHaveLength(0);
  });
});

describe('name and icon', () => {
  const persona = { channel: '#alerts', username: 'skyline', iconEmoji: 'chart_with_upwards_trend' };
  const leftOut = 'username and icon left out: the app lacks the scope chat:write.customize';

  it.each(['chart_with_upwards_trend', ':chart_with_upwards_trend:'])('are those of the routing: %s', async (icon) => {
    const receipt = await adapter(grant('chat:write', 'chat:write.customize')).deliver(
      to({ ...persona, iconEmoji: icon }),
    );
    expect(receipt).not.toHaveProperty('note');
    expect(workspace.channel('alerts').messages[0]).toMatchObject({
      username: 'skyline',
      iconEmoji: ':chart_with_upwards_trend:',
    });
  });

  it('are left out by Slack where the app may not, without a word, and the receipt says so', async () => {
    const slack = adapter();
    for (const deliveryId of ['delivery-1', 'delivery-2']) {
      expect((await slack.deliver({ ...to(persona), deliveryId })).note).toBe(leftOut);
    }
    expect(callsOf('chat.postMessage')).toHaveLength(2);
    expect(workspace.channel('alerts').messages).toMatchObject([{ username: 'tocsin' }, { username: 'tocsin' }]);
  });

  it('are no reason to say anything where none are asked for', async () => {
    expect(await adapter().deliver(to({ channel: '#alerts' }))).not.toHaveProperty('note');
  });

  it('are left out where Slack refuses them, and the alert goes out; only the first one costs two calls', async () => {
    const slack = adapter();
    workspace.fault({ type: 'platform-error', method: 'chat.postMessage', error: 'missing_scope' });
    for (const deliveryId of ['delivery-1', 'delivery-2']) {
      expect((await slack.deliver({ ...to(persona), deliveryId })).note).toBe(leftOut);
    }
    expect(callsOf('chat.postMessage')).toHaveLength(3);
    expect(workspace.channel('alerts').messages).toMatchObject([{ username: 'tocsin' }, { username: 'tocsin' }]);
  });

  it('do not excuse a token that may not post at all', async () => {
    const error = await faultOf(adapter(grant('channels:read')).deliver(to(persona)));
    expect(error).toMatchObject({ kind: 'credential', reason: 'missing_scope' });
  });

  it.each([
    ['no emoji', { iconEmoji: 'https://evil.example/x.png' }, undefined],
    ['nothing', { iconEmoji: ' : ', username: ' \u0000 ' }, undefined],
    ['a mention', { username: '<!channel> \u202Eops' }, '!channel ops'],
    ['a long name', { username: 'x'.repeat(500) }, `${'x'.repeat(79)}…`],
  ])('that are %s do no harm', async (_, changes, username) => {
    await adapter(grant('chat:write', 'chat:write.customize')).deliver(to({ channel: '#alerts', ...changes }));
    const sent = callsOf('chat.postMessage')[0]?.arguments;
    expect(sent).not.toHaveProperty('icon_emoji');
    expect(sent?.['username']).toBe(username);
  });

  it('stand in the preview with the channel', () => {
    const preview = adapter().preview?.({ integration: own(), destination: persona, message: sampleMessage() });
    expect(preview).toMatchObject({
      channel: '#alerts',
      username: 'skyline',
      icon_emoji: ':chart_with_upwards_trend:',
      blocks: [{ type: 'header' }],
    });
  });
});

describe('searching channels', () => {
  const search = (query: ChannelQuery, token = workspace.token) =>
    adapter(token).findChannels?.(sampleRequest(sampleIntegration()), query) ?? Promise.reject(new Error('none'));
  const namesOf = async (query: ChannelQuery, token?: string) =>
    (await search(query, token)).channels.map(({ name }) => name);

  it('names those that can be posted to, sorted, none that is archived or hidden', async () => {
    expect(await search({ limit: 10 })).toEqual({
      channels: [
        { id: idOf('alerts'), name: 'alerts', isPrivate: false, isMember: true },
        { id: idOf('alerts-private'), name: 'alerts-private', isPrivate: true, isMember: true },
        { id: idOf('ml-alerts'), name: 'ml-alerts', isPrivate: false, isMember: false },
        { id: idOf('ops'), name: 'ops', isPrivate: false, isMember: true },
      ],
      hasMore: false,
    });
  });

  it.each(['alerts', '#ALERTS', ' alerts '])('by a part of the name: %j', async (text) => {
    expect(await namesOf({ search: text, limit: 10 })).toEqual(['alerts', 'alerts-private', 'ml-alerts']);
  });

  it('names as many as are asked for, and says that there are more', async () => {
    expect(await search({ limit: 2 })).toMatchObject({
      channels: [{ name: 'alerts' }, { name: 'alerts-private' }],
      hasMore: true,
    });
  });

  it('turns pages', async () => {
    for (let number = 0; number < 700; number += 1) workspace.createChannel({ name: `zz-${number}` });
    workspace.createChannel({ name: 'aa-last' });
    expect((await namesOf({ limit: 3 }))[0]).toBe('aa-last');
    expect(callsOf('conversations.list')).toHaveLength(2);
  });

  it('waits for Slack when it limits the first page', async () => {
    workspace.fault({ type: '429', method: 'conversations.list', retryAfterSeconds: 30 });
    expect(await faultOf(search({ limit: 9 }))).toMatchObject({ kind: 'unavailable', retryAfterMs: 30_000 });
  });

  it('shows what it has when Slack limits the second page', async () => {
    for (let number = 0; number < 700; number += 1) workspace.createChannel({ name: `zz-${number}` });
    const { fetch } = globalThis;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (...sent) => {
      const answer = await fetch(...sent);
      if (callsOf('conversations.list').length === 1) {
        workspace.fault({ type: '429', method: 'conversations.list', retryAfterSeconds: 30 });
      }
      return answer;
    });
    const { channels, hasMore } = await search({ search: 'alerts', limit: 9 });
    expect(channels.map(({ name }) => name)).toEqual(['alerts', 'alerts-private', 'ml-alerts']);
    expect(hasMore).toBe(true);
  });

  it('names public ones only where it may not list private ones', async () => {
    expect(await namesOf({ limit: 9 }, grant('channels:read'))).toEqual(['alerts', 'ml-alerts', 'ops']);
  });

  it('counts a public channel as reachable where the bot may post uninvited', async () => {
    const token = grant('channels:read', 'chat:write.public');
    expect(await search({ search: 'ml', limit: 9 }, token)).toMatchObject({ channels: [{ isMember: true }] });
  });

  it('says which scope is missing', async () => {
    const error = await faultOf(search({ limit: 9 }, grant('chat:write')));
    expect(error).toMatchObject({ kind: 'message', reason: 'missing_scope' });
    expect(error.message).toContain('channels:read');
  });

  it('with a token that is refused says so, and does not quote it', async () => {
    workspace.revokeToken(workspace.token);
    const error = await faultOf(search({ limit: 9 }));
    expect(error).toMatchObject({ kind: 'credential', reason: 'token_revoked' });
    expectNoSecret(error, workspace.token);
  });
});

describe('what is learnt of a token', () => {
  it('is forgotten in time, is bounded, and does not mix up tokens and names', () => {
    let nowMs = 0;
    const memory = createMemory<number>({ forMs: 100, maxEntries: 2 }, () => nowMs);
    memory.set('a', 'x', 1);
    memory.set('a', 'y', 2);
    expect([memory.get('a', 'x'), memory.get('a', 'y'), memory.get('b', 'x')]).toEqual([1, 2, undefined]);
    memory.set('b', 'x', 3);
    expect(memory.get('a', 'x')).toBeUndefined();
    nowMs = 99;
    expect(memory.get('b', 'x')).toBe(3);
    nowMs = 100;
    expect(memory.get('b', 'x')).toBeUndefined();
    memory.set('b', 'x', 4);
    memory.delete('b', 'x');
    expect(memory.get('b', 'x')).toBeUndefined();
  });
});
