import {
  type Delivery,
  type Engine,
  type Integration,
  type Routing,
  type SavedRouting,
  type SlackRoutingOptions,
  slackRouting,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openTwo } from '../engine/two-engines-sharing.js';
import { openEngine } from '../support/open-engine.js';

/** Reaches every channel, but for those whose name says that they are gone. */
const manyChannels: Delivery = {
  name: 'many-channels',
  integrationTypes: ['slack'],
  capabilities: { channels: true },
  deliver: async () => ({}),
  verify: async ({ destination }) => {
    const channel = destination?.channel ?? 'its own';
    if (!channel.includes('gone')) return { ok: true, problems: [], channelId: `C0${channel.length}` };
    const message = `${channel} is not there: make it, or name another`;
    return { ok: false, problems: [{ kind: 'channel', reason: 'channel_not_found', message }] };
  },
};

/** Posts to one channel, as an incoming webhook does. */
const oneChannel: Delivery = { name: 'one-channel', integrationTypes: ['slack'], deliver: async () => ({}) };

const deliveries = [
  manyChannels,
  oneChannel,
  { name: 'console', integrationTypes: ['console'], deliver: async () => ({}) } satisfies Delivery,
];

function slack(engine: Engine, entity?: string, delivery = 'many-channels'): Promise<Integration> {
  return engine.integrations.create({ type: 'slack', name: 'slack', delivery, channel: '#own', entity });
}

function to(integrationId: string, defaultChannel = '#ops', more: Partial<SlackRoutingOptions> = {}): Routing {
  return slackRouting({ integrationId, defaultChannel, ...more });
}

describe('engine.routing', () => {
  test('stores a routing for whom its integration belongs to', async () => {
    const { engine, runtime } = await openEngine({ deliveries });
    const shared = await slack(engine);
    const own = await slack(engine, 'my-team');
    const nowMs = runtime.now();
    const routing = to(shared.id);
    const saved = await engine.routing.set(routing);
    expect(saved).toEqual({ ...routing, id: 'shared', revision: 1, createdAt: nowMs, updatedAt: nowMs });
    expect(Object.isFrozen(saved)).toBe(true);
    await engine.routing.set(to(own.id, '#team'));
    expect(await engine.routing.get()).toEqual(saved);
    expect(await engine.routing.get('my-team')).toMatchObject({ entity: 'my-team', defaultChannel: '#team' });
    expect((await engine.routing.list()).map(({ entity }) => entity)).toEqual([undefined, 'my-team']);
    await expect(engine.routing.get('other')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('takes what is stored, and JSON from elsewhere', async () => {
    const { engine } = await openEngine({ deliveries });
    const { id } = await slack(engine);
    const saved = await engine.routing.set({ integrationId: id, channels: [['a', '#a']] } as unknown as Routing);
    expect(saved).toMatchObject({ channels: [['a', ['#a']]], threadUpdates: true });
    expect(await engine.routing.set({ ...saved, threadUpdates: false })).toMatchObject({
      revision: 2,
      threadUpdates: false,
    });
  });

  test('replaces the one before, and keeps when it was made', async () => {
    const { engine, runtime } = await openEngine({ deliveries });
    const { id } = await slack(engine);
    const first = await engine.routing.set(to(id));
    await runtime.advance(1000);
    const second = await engine.routing.set(to(id, '#other'));
    expect(second).toMatchObject({ revision: 2, createdAt: first.createdAt, updatedAt: first.createdAt + 1000 });
    expect(await engine.routing.list()).toEqual([second]);
  });

  test('writes nothing for an equal routing, in whatever order it stands', async () => {
    const storage = memoryStorage();
    const { engine } = await openEngine({ deliveries, storage });
    const { id } = await slack(engine);
    const saved = await engine.routing.set(to(id));
    const reversed = Object.fromEntries(Object.entries(to(id)).reverse()) as unknown as Routing;
    expect(await engine.routing.set(reversed)).toBe(saved);
    expect(await engine.routing.set(saved)).toBe(saved);
    expect((await storage.get('routing/shared'))?.revision).toBe(1);
  });

  test('takes two changes at once one after the other', async () => {
    const { engine } = await openEngine({ deliveries });
    const { id } = await slack(engine);
    await Promise.all(Array.from({ length: 5 }, (_, place) => engine.routing.set(to(id, `#ops-${place}`))));
    expect((await engine.routing.get()).revision).toBe(5);
  });

  test('deletes a routing', async () => {
    const { engine } = await openEngine({ deliveries });
    const shared = await slack(engine);
    const own = await slack(engine, 'my-team');
    await engine.routing.set(to(shared.id));
    await engine.routing.set(to(own.id));
    await engine.routing.delete('my-team');
    expect((await engine.routing.list()).map(({ entity }) => entity)).toEqual([undefined]);
    await expect(engine.routing.delete('my-team')).rejects.toMatchObject({ code: 'not_found' });
    await engine.routing.delete();
    await expect(engine.routing.delete()).rejects.toMatchObject({ message: 'There is no shared routing' });
    expect(await engine.routing.set(to(own.id))).toMatchObject({ revision: 1 });
  });

  test('never takes an entity for the shared one', async () => {
    const { engine } = await openEngine({ deliveries });
    await engine.routing.set(to((await slack(engine)).id));
    for (const entity of [null, 5, {}, 'shared', '', 'constructor']) {
      await expect(engine.routing.get(entity as string)).rejects.toMatchObject({ code: 'not_found' });
      await expect(engine.routing.delete(entity as string)).rejects.toMatchObject({ code: 'not_found' });
    }
    for (const entity of ['shared', 'entity/x', 'A/b c', '__proto__']) {
      await engine.routing.set(to((await slack(engine, entity)).id));
      expect(await engine.routing.get(entity)).toMatchObject({ entity });
    }
    expect(await engine.routing.list()).toHaveLength(5);
  });

  test('knows after a restart what it knew before', async () => {
    const storage = memoryStorage();
    const before = await openEngine({ deliveries, storage });
    await before.engine.routing.set(to((await slack(before.engine)).id));
    await before.engine.routing.set(to((await slack(before.engine, 'A/b c')).id));
    const saved = await before.engine.routing.list();
    await before.engine.close();
    const { runtime } = before;
    await runtime.advance(1);
    const after = await openEngine({ deliveries, storage, runtime });
    expect(await after.engine.routing.list()).toEqual(saved);
  });

  test('names what is stored but was never written by it', async () => {
    const storage = memoryStorage();
    await storage.commit({
      steps: [{ write: [{ type: 'put', key: 'routing/shared', value: { formatVersion: 1, record: { id: 'x' } } }] }],
    });
    await expect(openEngine({ deliveries, storage })).rejects.toMatchObject({
      code: 'storage_corrupt',
      message: expect.stringContaining('routing/shared'),
    });
  });
});

describe('a routing is refused', () => {
  test.each<[string, (engine: Engine) => Promise<unknown> | unknown, object]>([
    ['whose integration is not there', () => to('nowhere'), { code: 'unknown_integration', path: 'integrationId' }],
    [
      'whose integration posts to one channel',
      async (engine) => to((await slack(engine, undefined, 'one-channel')).id),
      {
        code: 'integration_type',
        path: 'integrationId',
        message:
          'Expected an integration whose delivery reaches other channels; an integration by "one-channel" such as "slack" posts to its own channel only',
      },
    ],
    ['that is none', () => 'routing', { code: 'invalid_type', path: '' }],
    ['that lacks a part', () => ({ defaultChannel: '#ops' }), { code: 'required', path: 'integrationId' }],
    ['with a key too many', () => ({ ...to('x'), owner: 'me' }), { code: 'unknown_key', path: 'owner' }],
  ])('%s', async (_, make, issue) => {
    const { engine } = await openEngine({ deliveries });
    await expect(engine.routing.set((await make(engine)) as Routing)).rejects.toMatchObject({
      code: 'invalid_options',
      issues: [issue],
    });
    expect(await engine.routing.list()).toEqual([]);
  });
});

describe('an integration by which a routing posts', () => {
  test('is not deleted unless forced, and the routing is named', async () => {
    const { engine } = await openEngine({ deliveries });
    const shared = await slack(engine);
    const own = await slack(engine, 'my-team');
    await engine.routing.set(to(shared.id));
    await engine.routing.set(to(own.id));
    await expect(engine.integrations.delete(shared.id)).rejects.toMatchObject({
      code: 'integration_in_use',
      message: expect.stringContaining('is used by the shared routing'),
    });
    await expect(engine.integrations.delete(own.id)).rejects.toMatchObject({
      message: expect.stringContaining('is used by the routing of my-team'),
    });
    await engine.integrations.delete(own.id, { force: true });
    await engine.routing.delete();
    await engine.integrations.delete(shared.id);
  });
});

describe('engine.routing.verify', () => {
  test('says of each channel whether messages would arrive', async () => {
    const { engine } = await openEngine({ deliveries });
    const { id } = await slack(engine);
    await engine.routing.set(to(id, '#ops', { channels: [['a', ['#gone', '#ops']]] }));
    expect(await engine.routing.verify()).toEqual({
      ok: false,
      channels: [
        { channel: '#ops', ok: true, problems: [], channelId: 'C04' },
        {
          channel: '#gone',
          ok: false,
          problems: [{ kind: 'channel', reason: 'channel_not_found', message: expect.stringContaining('#gone') }],
        },
      ],
    });
    await engine.routing.set(to(id));
    expect(await engine.routing.verify()).toMatchObject({ ok: true });
    await expect(engine.routing.verify('my-team')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('says so when the integration has gone', async () => {
    const { engine } = await openEngine({ deliveries });
    const { id } = await slack(engine);
    await engine.routing.set(to(id));
    await engine.integrations.delete(id, { force: true });
    expect(await engine.routing.verify()).toMatchObject({
      ok: false,
      channels: [{ channel: '#ops', ok: false, problems: [{ reason: 'unknown_integration' }] }],
    });
  });
});

describe('a routing that another process', () => {
  const ids = (routings: readonly SavedRouting[]) => routings.map(({ defaultChannel }) => defaultChannel);

  test.each([200, 1000, 5000])('sets, changes or deletes is so here within %d ms', async (refreshMs) => {
    const { one, other, hearOfIt } = await openTwo({ refreshMs, deliveries });
    const { id } = await slack(one.engine);
    const saved = await one.engine.routing.set(to(id));
    expect(await other.engine.routing.list()).toEqual([]);
    await hearOfIt();
    expect(await other.engine.routing.get()).toEqual(saved);
    await one.engine.routing.set(to(id, '#other'));
    await hearOfIt();
    expect(ids(await other.engine.routing.list())).toEqual(['#other']);
    await one.engine.routing.delete();
    await hearOfIt();
    expect(await other.engine.routing.list()).toEqual([]);
  });

  test('deletes and makes anew is the new one here', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine, 'my team');
    for (const channel of ['#a', '#b', '#c']) await one.engine.routing.set(to(id, channel));
    await hearOfIt();
    await one.engine.routing.delete('my team');
    const anew = await one.engine.routing.set(to(id, '#d'));
    expect(anew.revision).toBe(1);
    await hearOfIt();
    expect(await other.engine.routing.list()).toEqual([anew]);
  });

  test('has set can be set and deleted here before it is heard of', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine);
    await one.engine.routing.set(to(id, '#a'));
    expect(await other.engine.routing.set(to(id, '#b'))).toMatchObject({ revision: 2, defaultChannel: '#b' });
    await one.engine.routing.set(to(id, '#c'));
    await hearOfIt();
    for (const { engine } of [one, other]) expect(ids(await engine.routing.list())).toEqual(['#c']);
  });

  test('has made equal to what this one knew last is made so again', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine);
    await one.engine.routing.set(to(id, '#a'));
    await hearOfIt();
    await other.engine.routing.set(to(id, '#b'));
    await one.engine.routing.set(to(id, '#a'));
    await hearOfIt();
    for (const { engine } of [one, other]) expect(ids(await engine.routing.list())).toEqual(['#a']);
  });

  test('has set is deleted here before it is heard of', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine);
    await one.engine.routing.set(to(id, '#a'));
    await other.engine.routing.delete();
    await hearOfIt();
    for (const { engine } of [one, other]) expect(await engine.routing.list()).toEqual([]);
  });

  test('set at the same moment leaves one, the same for both', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine);
    await hearOfIt();
    await Promise.all([one.engine.routing.set(to(id, '#a')), other.engine.routing.set(to(id, '#b'))]);
    await hearOfIt();
    const [here, there] = [await one.engine.routing.list(), await other.engine.routing.list()];
    expect(here).toEqual(there);
    expect(here).toMatchObject([{ revision: 2 }]);
  });

  test('uses an integration keeps it from being deleted here', async () => {
    const { one, other, hearOfIt } = await openTwo({ deliveries });
    const { id } = await slack(one.engine);
    await hearOfIt();
    await one.engine.routing.set(to(id));
    await expect(other.engine.integrations.delete(id)).rejects.toMatchObject({ code: 'integration_in_use' });
  });
});
