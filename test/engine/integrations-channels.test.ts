import { type Delivery, DeliveryError } from 'tocsin';
import { envSecrets } from 'tocsin/secrets';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';

const token = 'xoxb-the-token-of-the-bot';
const general = { id: 'C1', name: 'general', isPrivate: false, isMember: true };

/** An engine with one integration of Slack, whose delivery searches channels as the test says. */
async function open(findChannels: Delivery['findChannels'], more: Partial<Delivery> = {}) {
  const slack: Delivery = {
    name: 'slack',
    integrationTypes: ['slack'],
    deliver: async () => ({}),
    ...(findChannels === undefined ? {} : { findChannels }),
    ...more,
  };
  const opened = await openEngine({
    deliveries: [slack, { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) }],
    secrets: envSecrets({ allow: ['TOKEN'], env: { TOKEN: token } }),
  });
  const { integrations } = opened.engine;
  const { id } = await integrations.create({ type: 'slack', name: 'ops', delivery: 'slack', tokenSecretName: 'TOKEN' });
  return { ...opened, integrations, id };
}

describe('engine.integrations.channels', () => {
  test('asks the delivery with the integration’s own secret, and hands on what it finds', async () => {
    const asked: unknown[] = [];
    const { integrations, id } = await open(async ({ integration, secret }, query) => {
      asked.push(integration.name, await secret('TOKEN'), query);
      return { channels: [{ ...general, token }], hasMore: true } as never;
    });
    expect(await integrations.channels(id, { search: '#gen' })).toEqual({ channels: [general], hasMore: true });
    expect(asked).toEqual(['ops', token, { search: '#gen', limit: 100 }]);
  });

  test('never gives more than were asked for', async () => {
    const channels = Array.from({ length: 5000 }, (_, index) => ({ ...general, id: `C${index}` }));
    const { integrations, id } = await open(async () => ({ channels, hasMore: false }));
    const found = await integrations.channels(id, { limit: 3 });
    expect(found.channels.map((channel) => channel.id)).toEqual(['C0', 'C1', 'C2']);
    expect(found.hasMore).toBe(true);
  });

  test('says so when the delivery can’t search, or is not there', async () => {
    const { integrations, id } = await open(undefined);
    await expect(integrations.channels(id)).rejects.toMatchObject({
      code: 'not_supported',
      message: 'Channels can\'t be searched with the integration ops: its delivery "slack" can\'t do that',
    });
    await expect(integrations.channels('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each([{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { search: 5 }, { serch: 'x' }, null])(
    'refuses the query %j',
    async (query) => {
      const { integrations, id } = await open(async () => ({ channels: [], hasMore: false }));
      await expect(integrations.channels(id, query as never)).rejects.toMatchObject({ code: 'invalid_options' });
    },
  );

  test.each([
    undefined,
    null,
    'general',
    [],
    { channels: {} },
    { channels: [general] },
    { channels: [{ id: 'C1' }], hasMore: false },
    { channels: [{ ...general, isMember: 'yes' }], hasMore: false },
  ])('refuses %j as the answer of a delivery', async (answer) => {
    const { integrations, id } = await open(async () => answer as never);
    await expect(integrations.channels(id)).rejects.toMatchObject({
      code: 'delivery_failed',
      message: expect.stringContaining('The findChannels of the delivery "slack" must return channels'),
    });
  });

  test.each([
    new DeliveryError({ kind: 'credential', reason: 'missing_scope', message: `No scope for ${token}` }),
    new Error(`What is ${token}?`),
  ])('tells what went wrong, and no secret: %s', async (error) => {
    const { integrations, id } = await open(async ({ secret }) => {
      await secret('TOKEN');
      throw error;
    });
    const thrown = await integrations.channels(id).catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ code: 'delivery_failed' });
    expect(String(thrown)).toContain('[redacted]');
    expect(String(thrown)).not.toContain(token);
  });

  test('gives up a delivery that never answers', async () => {
    const { integrations, id, runtime } = await open(() => new Promise(() => {}));
    const asked = expect(integrations.channels(id)).rejects.toMatchObject({ reason: 'timeout' });
    while (await runtime.advanceToNextTimer());
    await asked;
  });
});

describe('engine.integrations', () => {
  const slack = { type: 'slack', name: 'ops', delivery: 'slack', channel: 'C1', tokenSecretName: 'TOKEN' } as const;

  test('keep what is known of a destination when they are created, and are found by it', async () => {
    const { integrations } = await open(undefined);
    const learnt = { channelId: 'C1', channelName: 'general', teamName: 'Acme' };
    const { id } = await integrations.create(slack, { learnt });
    expect(await integrations.get(id)).toMatchObject(learnt);
    expect(await integrations.list({ channelName: '#general' })).toMatchObject([{ id }]);
    expect(await integrations.list({ channelName: { contains: 'gene' } })).toMatchObject([{ id }]);
    expect(await integrations.list({ channelName: 'C1' })).toEqual([]);
    const plain = await integrations.create(slack, { learnt: { teamName: undefined } });
    expect(plain).not.toHaveProperty('teamName');
  });

  test.each([{ learnt: { channel: 'C1' } }, { learnt: { teamName: '' } }, { learnt: 'C1' }, { lernt: {} }])(
    'are not created with the options %j',
    async (options) => {
      const { integrations } = await open(undefined);
      await expect(integrations.create(slack, options as never)).rejects.toMatchObject({ code: 'invalid_options' });
      expect(await integrations.list({ type: 'slack' })).toHaveLength(1);
    },
  );

  test('of another channel of the same workspace still know the workspace, with another token not', async () => {
    const { integrations } = await open(undefined);
    const learnt = { channelId: 'C1', channelName: 'general', teamName: 'Acme' };
    const { id } = await integrations.create(slack, { learnt });
    const moved = await integrations.update(id, { channel: '#random' });
    expect(moved).toMatchObject({ teamName: 'Acme' });
    expect(moved.channelId).toBeUndefined();
    expect(moved.channelName).toBeUndefined();
    expect((await integrations.update(id, { tokenSecretName: 'OTHER' })).teamName).toBeUndefined();
  });

  test('tell the notes of a verification without secrets, and refuse what are no notes', async () => {
    let notes: unknown = ['Without files:write pictures are left out', `and ${token}`];
    const verify: Delivery['verify'] = async ({ secret }) => {
      await secret('TOKEN');
      return { ok: true, problems: [], notes: notes as string[] };
    };
    const { integrations, id } = await open(undefined, { verify });
    expect(await integrations.verify(id)).toMatchObject({
      notes: ['Without files:write pictures are left out', 'and [redacted]'],
    });
    for (const wrong of ['a text', [5], {}]) {
      notes = wrong;
      await expect(integrations.verify(id)).rejects.toMatchObject({ code: 'delivery_failed' });
    }
  });
});
