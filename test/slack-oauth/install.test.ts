import { onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { openHost } from './open-host.js';

describe('connecting Slack by OAuth', () => {
  test('with the scope incoming-webhook makes an integration of the channel chosen, which says so there', async () => {
    const host = await openHost({ scopes: ['incoming-webhook'] });
    const page = await host.install('#random');
    expect(page.status).toBe(200);
    expect(page.text).toContain('It can post to #random in Acme ML.');
    await host.settle();
    expect(await host.list()).toMatchObject([
      {
        type: 'slack',
        name: '#random (Acme ML)',
        entity: 'my-team',
        delivery: 'slack-webhook',
        channelName: 'random',
        channelId: host.workspace.channel('#random').id,
        teamName: 'Acme ML',
        status: 'ok',
      },
    ]);
    expect(host.texts('#random')).toEqual([expect.stringContaining('Integration added')]);
    expect(host.texts('#random')[0]).toContain('Automations of my-team can post in this channel now.');
    expect(host.texts('#alerts')).toEqual([]);
    expect(await host.engine.integrations.list({ channelName: '#random' })).toHaveLength(1);
    expect(await host.engine.integrations.list({ channelName: { contains: 'rand' } })).toHaveLength(1);
  });

  test('with a bot’s scope makes an integration without a channel; channels are searched and connected afterwards', async () => {
    const host = await openHost();
    const page = await host.install();
    expect(page.text).toContain('It can post in Acme ML as soon as a channel is chosen.');
    const [workspace] = await host.list();
    expect(workspace).toMatchObject({
      name: 'Acme ML',
      delivery: 'slack-web-api',
      entity: 'my-team',
      teamName: 'Acme ML',
    });
    expect(workspace).not.toHaveProperty('channel');
    const id = String(workspace?.id);
    const { channels } = await host.oauth.slackChannels(id, { search: 'ALER' });
    expect(channels).toMatchObject([{ name: 'alerts', isPrivate: false, isMember: false }]);

    const first = await host.oauth.connectChannel({ integrationId: id, channel: String(channels[0]?.id) });
    expect(first).toMatchObject({ integration: { id, channelName: 'alerts', teamName: 'Acme ML' }, problems: [] });
    const further = await host.oauth.connectChannel({ integrationId: id, channel: '#random', name: 'for fun' });
    expect(further.problems).toEqual([]);
    expect(further.integration).toMatchObject({
      name: 'for fun',
      entity: 'my-team',
      channelName: 'random',
      teamName: 'Acme ML',
      tokenSecretName: workspace?.type === 'slack' ? workspace.tokenSecretName : '',
    });
    expect(further.integration.id).not.toBe(id);
    const again = await host.oauth.connectChannel({ integrationId: id, channel: '#random' });
    expect(again.integration.id).toBe(further.integration.id);
    await host.settle();
    for (const channel of ['#alerts', '#random']) {
      expect(host.texts(channel)).toEqual([expect.stringContaining('Integration added')]);
    }
    expect(await host.secrets.names()).toHaveLength(1);
  });

  test('with both scopes lets the bot post in the channel chosen, and keeps no webhook', async () => {
    const scopes = ['chat:write', 'channels:read', 'channels:join', 'incoming-webhook'];
    const host = await openHost({ scopes });
    const page = await host.install('#alerts');
    expect(page.text).toContain('It can post to #alerts in Acme ML.');
    await host.settle();
    const [integration, ...more] = await host.list();
    expect(more).toEqual([]);
    const channel = host.workspace.channel('#alerts').id;
    expect(integration).toMatchObject({
      delivery: 'slack-web-api',
      channel,
      channelId: channel,
      channelName: 'alerts',
    });
    expect(host.texts('#alerts')).toEqual([expect.stringContaining('Integration added')]);
    expect((await host.secrets.names()).map(({ name }) => name)).toEqual([expect.stringMatching(/\/bot-token$/)]);
  });

  test('says what is missing when the bot may not join the channel, and posts nothing', async () => {
    const host = await openHost({ scopes: ['chat:write', 'channels:read', 'incoming-webhook'] });
    const page = await host.install('#alerts');
    expect(page.status).toBe(200);
    expect(page.text).toContain('The bot is not in #alerts');
    await host.settle();
    const [integration] = await host.list();
    expect(integration).toMatchObject({ status: 'ok' });
    host.workspace.inviteBot('#alerts');
    expect(await host.engine.integrations.verify(String(integration?.id))).toMatchObject({ ok: true });
  });

  test('posts as the host asked for, also where the workspace has granted more at another time', async () => {
    const host = await openHost();
    await host.install();
    const channelOnly = await openHost({ beside: host, scopes: ['incoming-webhook'] });
    await channelOnly.install('#random');
    expect((await channelOnly.list()).map(({ delivery }) => delivery)).toEqual(['slack-web-api', 'slack-webhook']);
  });

  test('again for the same workspace gives the integration the new token, and wakes what a refused token had stopped', async () => {
    const host = await openHost();
    await host.install();
    const id = String((await host.list())[0]?.id);
    await host.oauth.connectChannel({ integrationId: id, channel: '#alerts' });
    const old = await tokenOf(host, id);
    host.workspace.revokeToken(old);
    await host.engine.integrations.notify(id, { title: 'while it was revoked' });
    await host.settle();
    expect(await host.engine.integrations.get(id)).toMatchObject({ status: 'disabled' });

    await host.install();
    await host.settle();
    expect(await tokenOf(host, id)).not.toBe(old);
    expect(await host.list()).toMatchObject([{ id, status: 'ok', channelName: 'alerts' }]);
    expect(await host.secrets.names()).toHaveLength(1);
    expect(host.texts('#alerts').at(-1)).toContain('while it was revoked');
  });

  test('again leaves what somebody disabled on purpose as it is', async () => {
    const host = await openHost();
    await host.install();
    const id = String((await host.list())[0]?.id);
    await host.engine.integrations.disable(id);
    await host.install();
    expect(await host.list()).toMatchObject([{ id, status: 'disabled' }]);
  });

  test('again with another channel makes a further integration, with the same channel none', async () => {
    for (const scopes of [['incoming-webhook'], ['incoming-webhook', 'chat:write', 'channels:join', 'channels:read']]) {
      const host = await openHost({ scopes });
      for (const channel of ['#alerts', '#random', '#alerts']) await host.install(channel);
      expect((await host.list()).map(({ channelName }) => channelName)).toEqual(['alerts', 'random']);
    }
  });

  test('keeps entities apart: each has its own integration and secret', async () => {
    const host = await openHost();
    await host.install(undefined, 'my-team');
    await host.install(undefined, 'their-team');
    await host.install(undefined, null);
    const integrations = await host.list();
    expect(integrations.map(({ entity }) => entity)).toEqual(['my-team', 'their-team', undefined]);
    expect((await host.secrets.names()).map(({ entity }) => entity)).toEqual([undefined, 'my-team', 'their-team']);
    const [mine, theirs] = integrations;
    if (mine?.type !== 'slack' || theirs?.type !== 'slack') throw new Error('Expected integrations of Slack');
    await host.oauth.disconnect(theirs.id);
    expect(await tokenOf(host, mine.id)).toMatch(/^xoxb/);
    expect((await host.secrets.names()).map(({ entity }) => entity)).toEqual([undefined, 'my-team']);
  });

  test('takes a secret away with the last integration that uses it', async () => {
    const host = await openHost();
    await host.install();
    const id = String((await host.list())[0]?.id);
    await host.oauth.connectChannel({ integrationId: id, channel: '#alerts' });
    const { integration } = await host.oauth.connectChannel({ integrationId: id, channel: '#random' });
    await host.oauth.disconnect(id);
    expect(await host.secrets.names()).toHaveLength(1);
    await host.oauth.disconnect(integration.id);
    expect(await host.secrets.names()).toEqual([]);
    expect(await host.list()).toEqual([]);
  });

  test('takes no secret away when its integration is in use, and none that the host put itself', async () => {
    const host = await openHost();
    await host.install();
    const id = String((await host.list())[0]?.id);
    const { integration } = await host.oauth.connectChannel({ integrationId: id, channel: '#alerts' });
    await host.engine.automations.create({
      name: 'rings',
      event: onRunMetric({ scope: project('my-team', 'p'), filter: runEvent.metric('loss').gt(1) }),
      action: sendNotification(integration),
    });
    await expect(host.oauth.disconnect(id)).rejects.toMatchObject({ code: 'integration_in_use' });
    await host.runtime.advance(1_000_000);
    await host.oauth.cleanUp();
    expect(await host.secrets.names()).toHaveLength(1);
    await host.oauth.disconnect(id, { force: true });
    expect(await host.secrets.names()).toEqual([]);

    await host.secrets.put('OWN', 'xoxb-own', { entity: 'my-team' });
    const own = await host.engine.integrations.create({
      type: 'slack',
      name: 'own',
      entity: 'my-team',
      delivery: 'slack-web-api',
      channel: '#alerts',
      tokenSecretName: 'OWN',
    });
    await host.oauth.disconnect(own.id);
    expect((await host.secrets.names()).map(({ name }) => name)).toEqual(['OWN']);
  });

  test('knows a channel that was chosen on Slack’s page when it is to be connected by its name', async () => {
    const host = await openHost({ scopes: ['chat:write', 'channels:read', 'channels:join', 'incoming-webhook'] });
    await host.install('#alerts');
    const id = String((await host.list())[0]?.id);
    for (const channel of ['#alerts', host.workspace.channel('#alerts').id]) {
      expect(await host.oauth.connectChannel({ integrationId: id, channel })).toMatchObject({ integration: { id } });
    }
    expect(await host.list()).toHaveLength(1);
  });

  test('connects further channels only by a bot token', async () => {
    const host = await openHost({ scopes: ['incoming-webhook'] });
    await host.install('#alerts');
    const id = String((await host.list())[0]?.id);
    await expect(host.oauth.connectChannel({ integrationId: id, channel: '#random' })).rejects.toMatchObject({
      code: 'not_supported',
    });
    await expect(host.oauth.slackChannels(id)).rejects.toMatchObject({ code: 'not_supported' });
    await expect(host.oauth.connectChannel({ integrationId: 'nobody', channel: '#random' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('says what keeps messages from a channel that it connects, and leaves the integration to be put right', async () => {
    const host = await openHost();
    await host.install();
    const id = String((await host.list())[0]?.id);
    host.workspace.archive('#random');
    const { integration, problems } = await host.oauth.connectChannel({ integrationId: id, channel: '#random' });
    expect(problems).toEqual([expect.stringContaining('#random is archived')]);
    await host.settle();
    expect(await host.engine.integrations.get(integration.id)).toMatchObject({ status: 'ok', channel: '#random' });
    expect(host.texts('#random')).toEqual([]);
    await expect(host.oauth.connectChannel({ integrationId: id, channel: '' })).rejects.toMatchObject({
      code: 'invalid_integration',
    });
  });

  test('takes names of any length and script', async () => {
    const teamName = '👩🏽‍🔬'.repeat(60);
    const host = await openHost({ scopes: ['incoming-webhook'], teamName });
    expect((await host.install('#alerts')).status).toBe(200);
    const [integration] = await host.list();
    expect(integration?.name).not.toMatch(/\p{Surrogate}/u);
    expect(integration?.teamName?.length).toBeGreaterThan(80);
    expect(teamName.startsWith(String(integration?.teamName))).toBe(true);
  });

  test('leads on to the host’s own page, tells the host, and survives what the host throws', async () => {
    const installed: string[] = [];
    const host = await openHost({
      onInstalled: ({ integration, isNew }) => {
        installed.push(`${integration.name} ${isNew}`);
        throw new Error('a bug of the host');
      },
      successUrl: ({ integration }) => `https://host.example/slack?id=${integration.id}`,
    });
    const page = await host.install();
    expect(page.status).toBe(303);
    expect(page.headers.get('location')).toBe(`https://host.example/slack?id=${(await host.list())[0]?.id}`);
    await host.install();
    expect(installed).toEqual(['Acme ML true', 'Acme ML false']);
    expect(host.told.join('\n')).toContain('The onInstalled of slackOAuth threw');
    expect(host.told.join('\n')).not.toContain('a bug of the host');
  });

  test('shows the host’s own pages, and its own where the host has none', async () => {
    const host = await openHost({
      page: ({ type, status }) => (type === 'denied' ? new Response('As you like', { status }) : undefined),
    });
    const denied = await host.workspace.consent(await host.link(), { allow: false });
    expect(await host.visit(denied)).toMatchObject({ status: 200, text: 'As you like' });
    expect(await host.install()).toMatchObject({ status: 200, text: expect.stringContaining('Slack is connected') });
  });
});

async function tokenOf(host: Awaited<ReturnType<typeof openHost>>, id: string): Promise<string> {
  const integration = await host.engine.integrations.get(id);
  const name = integration.type === 'slack' ? String(integration.tokenSecretName) : '';
  return String(await host.secrets.resolve({ name, integration }));
}
