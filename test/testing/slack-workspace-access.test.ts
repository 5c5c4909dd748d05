import { describe, expect, it } from 'vitest';
import { defaultBotScopes } from '../../testing/slack-workspace/index.js';
import { platformError, refusal, startWorkspace, webClient } from './slack-workspace-clients.js';

describe('tokens of the fake Slack workspace', () => {
  it('tells a good token who it is, with its scopes in the header', async () => {
    const workspace = await startWorkspace({ tokens: [{ token: 'xoxb-1', scopes: ['chat:write', 'channels:read'] }] });
    expect(await webClient(workspace).auth.test()).toMatchObject({
      team: 'Acme ML',
      url: 'https://acme-ml.slack.com/',
      user: 'tocsin',
      response_metadata: { scopes: ['chat:write', 'channels:read'] },
    });
  });

  it('refuses no token, an unknown one and a revoked one, each under its own name', async () => {
    const workspace = await startWorkspace();
    const noToken = webClient(workspace, '');
    expect(await refusal(noToken.auth.test())).toBe('not_authed');
    expect(await refusal(webClient(workspace, 'xoxb-unknown').auth.test())).toBe('invalid_auth');
    workspace.revokeToken(workspace.token);
    expect(await refusal(webClient(workspace).auth.test())).toBe('token_revoked');
    workspace.revokeToken(workspace.token, 'account_inactive');
    expect(await refusal(webClient(workspace).auth.test())).toBe('account_inactive');
    workspace.grantToken({ token: workspace.token });
    await expect(webClient(workspace).auth.test()).resolves.toMatchObject({ ok: true });
  });

  it('says which scope is missing and which are there', async () => {
    const workspace = await startWorkspace({ tokens: [{ token: 'xoxb-1', scopes: ['channels:read', 'chat:write'] }] });
    const { id } = workspace.channel('#alerts');
    const reaction = { channel: id, name: 'eyes', timestamp: '1.000001' };
    expect(await platformError(webClient(workspace).reactions.add(reaction))).toMatchObject({
      error: 'missing_scope',
      needed: 'reactions:write',
      provided: 'channels:read,chat:write',
    });
    const listing = webClient(workspace).conversations.list({ types: 'public_channel,private_channel' });
    expect(await platformError(listing)).toMatchObject({ error: 'missing_scope', needed: 'groups:read' });
  });
});

describe('channels of the fake Slack workspace', () => {
  const channels = [
    { name: 'alerts' },
    { name: 'secret', id: 'C0SECRET', isPrivate: true },
    { name: 'hidden', id: 'C0HIDDEN', isPrivate: true, isMember: false },
    { name: 'elsewhere', isMember: false },
    { name: 'old', isArchived: true },
  ];

  it('takes a public channel by name or ID and a private one by ID only', async () => {
    const client = webClient(await startWorkspace({ channels }));
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'a' });
    await expect(post('alerts')).resolves.toBeTruthy();
    await expect(post('#alerts')).resolves.toBeTruthy();
    await expect(post('C0000000001')).resolves.toBeTruthy();
    await expect(post('C0SECRET')).resolves.toBeTruthy();
    expect(await refusal(post('#secret'))).toBe('channel_not_found');
    expect(await refusal(post('C0HIDDEN'))).toBe('channel_not_found');
    expect(await refusal(post('#nowhere'))).toBe('channel_not_found');
    expect(await refusal(post('#elsewhere'))).toBe('not_in_channel');
    expect(await refusal(post('#old'))).toBe('is_archived');
  });

  it('lets chat:write.public post where the bot is no member', async () => {
    const tokens = [{ token: 'xoxb-1', scopes: [...defaultBotScopes, 'chat:write.public'] }];
    const workspace = await startWorkspace({ channels, tokens });
    await webClient(workspace).chat.postMessage({ channel: '#elsewhere', text: 'a' });
    expect(workspace.channel('#elsewhere').messages).toHaveLength(1);
  });

  it('follows archiving, removal, invitation and creation while it runs', async () => {
    const workspace = await startWorkspace();
    const post = (channel: string) => webClient(workspace).chat.postMessage({ channel, text: 'a' });
    workspace.archive('#alerts');
    expect(await refusal(post('#alerts'))).toBe('is_archived');
    workspace.unarchive('#alerts');
    workspace.removeBot('#alerts');
    expect(await refusal(post('#alerts'))).toBe('not_in_channel');
    workspace.inviteBot('#alerts');
    await expect(post('#alerts')).resolves.toBeTruthy();
    const created = workspace.createChannel({ name: '#fresh' });
    await post(created.id);
    expect(created.messages).toHaveLength(1);
  });

  it('lets the bot join a public channel', async () => {
    const workspace = await startWorkspace({ channels });
    const client = webClient(workspace);
    await client.conversations.join({ channel: workspace.channel('#elsewhere').id });
    await expect(client.chat.postMessage({ channel: '#elsewhere', text: 'a' })).resolves.toBeTruthy();
    const joinArchived = client.conversations.join({ channel: workspace.channel('#old').id });
    expect(await refusal(joinArchived)).toBe('is_archived');
  });

  it('tells a test that misspells a channel which channels there are', async () => {
    const workspace = await startWorkspace();
    expect(() => workspace.channel('#alert')).toThrow('has no channel #alert; it has #general, #alerts.');
  });
});
