import type { Storage } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { type Host, openHost } from './open-host.js';

const bothScopes = ['chat:write', 'channels:read', 'channels:join', 'incoming-webhook'];

/** As if it were on a disk that several processes use. */
const shared = (storage: Storage): Storage => ({
  ...storage,
  capabilities: { durable: true, shared: true },
  close: async () => {},
});

async function openTwo(options: Parameters<typeof openHost>[0] = {}): Promise<[Host, Host]> {
  const host = await openHost({ ...options, wrap: shared });
  return [host, await openHost({ ...options, beside: host, wrap: shared })];
}

async function installed(host: Host): Promise<string> {
  await host.install();
  return String((await host.list())[0]?.id);
}

const channelsOf = async (host: Host) =>
  (await host.list()).map((integration) => (integration.type === 'slack' ? integration.channelName : '')).sort();

/** Processes that share a storage look for news for ever, so their timers never end. */
const settleBoth = (host: Host) => host.runtime.advance(5000);

const added = expect.stringContaining('Integration added');

describe('a channel that is connected twice at once', () => {
  test('is one integration with one first message, and both clicks get it', async () => {
    const host = await openHost();
    const integrationId = await installed(host);
    await host.oauth.connectChannel({ integrationId, channel: '#alerts' });
    const { id: random } = host.workspace.channel('#random');
    const connected = await Promise.all(
      ['#random', random, '#random', 'random'].map((channel) => host.oauth.connectChannel({ integrationId, channel })),
    );
    await host.settle();
    expect(new Set(connected.map(({ integration }) => integration.id)).size).toBe(1);
    expect(connected.flatMap(({ problems }) => problems)).toEqual([]);
    expect(await channelsOf(host)).toEqual(['alerts', 'random']);
    expect(host.texts('#random')).toEqual([added]);
    expect(host.told.join('\n')).not.toContain('first message was not sent');
  });

  test('by two processes is one integration with one first message too', async () => {
    const [host, other] = await openTwo();
    const integrationId = await installed(host);
    const connected = await Promise.all(
      [host, other].map(({ oauth }) => oauth.connectChannel({ integrationId, channel: '#alerts' })),
    );
    const further = await Promise.all(
      [other, host].map(({ oauth }) => oauth.connectChannel({ integrationId, channel: '#random' })),
    );
    await settleBoth(host);
    expect(connected.map(({ integration }) => integration.id)).toEqual([integrationId, integrationId]);
    expect(new Set(further.map(({ integration }) => integration.id)).size).toBe(1);
    expect(await channelsOf(host)).toEqual(['alerts', 'random']);
    expect(await channelsOf(other)).toEqual(['alerts', 'random']);
    expect([host.texts('#alerts'), host.texts('#random')]).toEqual([[added], [added]]);
  });

  test('can be connected again after it was disconnected', async () => {
    const host = await openHost();
    const integrationId = await installed(host);
    await host.oauth.connectChannel({ integrationId, channel: '#alerts' });
    for (let times = 0; times < 2; times += 1) {
      const { integration } = await host.oauth.connectChannel({ integrationId, channel: '#random' });
      await host.settle();
      await host.oauth.disconnect(integration.id);
    }
    expect(await channelsOf(host)).toEqual(['alerts']);
    expect(host.texts('#random')).toEqual([added, added]);
  });
});

test.each([1, 2])('two first channels at once, in %i processes, are both connected', async (processes) => {
  const [host, other] = processes === 1 ? [await openHost()] : await openTwo();
  const integrationId = await installed(host);
  const connected = await Promise.all([
    host.oauth.connectChannel({ integrationId, channel: '#alerts' }),
    (other ?? host).oauth.connectChannel({ integrationId, channel: '#random' }),
  ]);
  await (other === undefined ? host.settle() : settleBoth(host));
  expect(connected.flatMap(({ problems }) => problems)).toEqual([]);
  expect(await channelsOf(host)).toEqual(['alerts', 'random']);
  expect([host.texts('#alerts'), host.texts('#random')]).toEqual([[added], [added]]);
});

test.each([1, 2])(
  'two people who install one channel at once, in %i processes, get one integration and one first message',
  async (processes) => {
    const options = { scopes: bothScopes };
    const [host, other] = processes === 1 ? [await openHost(options)] : await openTwo(options);
    const { workspace } = host;
    const [ada, bob] = [await host.link('ada'), await (other ?? host).link('bob')];
    const back = [
      await workspace.consent(ada, { channel: '#alerts' }),
      await workspace.consent(bob, { channel: '#alerts' }),
    ];
    const pages = await Promise.all([
      host.visit(String(back[0]), 'ada'),
      (other ?? host).visit(String(back[1]), 'bob'),
    ]);
    await (other === undefined ? host.settle() : settleBoth(host));
    expect(pages.map(({ status }) => status)).toEqual([200, 200]);
    expect(await channelsOf(host)).toEqual(['alerts']);
    expect(host.texts('#alerts')).toEqual([added]);
    expect([...host.told, ...(other?.told ?? [])].join('\n')).not.toContain('first message was not sent');
  },
);

test('a workspace that another process has just connected is not connected once more', async () => {
  const [host, other] = await openTwo({ scopes: bothScopes });
  await host.install('#alerts');
  await other.install('#alerts');
  expect(await host.list()).toHaveLength(1);
});

test('a secret stays as long as an integration uses it that another process has just made', async () => {
  const [host, other] = await openTwo();
  const integrationId = await installed(host);
  await host.oauth.connectChannel({ integrationId, channel: '#alerts' });
  await other.list();
  const { integration } = await host.oauth.connectChannel({ integrationId, channel: '#random' });
  await other.oauth.disconnect(integrationId);
  expect(await host.secrets.names()).toHaveLength(1);
  expect(await host.engine.integrations.verify(integration.id)).toMatchObject({ ok: true });
});

describe('a channel that the bot may not join', () => {
  test('is found by its name all the same, and bears it', async () => {
    const host = await openHost({ scopes: ['chat:write', 'channels:read'] });
    const integrationId = await installed(host);
    const [alerts, random] = ['#alerts', '#random'].map((channel) => host.workspace.channel(channel).id);
    const first = await host.oauth.connectChannel({ integrationId, channel: String(alerts) });
    expect(first.problems).toEqual([expect.stringContaining('The bot is not in #alerts')]);
    await host.oauth.connectChannel({ integrationId, channel: String(random) });
    const { list } = host.engine.integrations;
    expect(await list({ channelName: 'alerts' })).toMatchObject([{ id: integrationId, teamName: 'Acme ML' }]);
    expect(await list({ channelName: '#random' })).toMatchObject([
      { name: '#random (Acme ML)', channel: random, channelId: random },
    ]);
    // A second click says again what to do.
    const again = await host.oauth.connectChannel({ integrationId, channel: '#random' });
    expect(again.problems).toEqual([expect.stringContaining('The bot is not in #random')]);
    expect(await list()).toHaveLength(2);
  });

  test('and whose name Slack does not tell is connected by its id', async () => {
    const host = await openHost({ scopes: ['chat:write', 'channels:read'] });
    const integrationId = await installed(host);
    host.workspace.fault({ type: 'http-503', method: 'conversations.info' });
    const channel = host.workspace.channel('#alerts').id;
    const { integration } = await host.oauth.connectChannel({ integrationId, channel });
    expect(integration).toMatchObject({ id: integrationId, channel });
    await expect(host.oauth.connectChannel({ integrationId, channel: undefined as never })).rejects.toMatchObject({
      code: 'invalid_options',
    });
  });
});
