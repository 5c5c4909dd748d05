import { DeliveryError, type DeliveryLagging, type Destination, type Verification } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { integrationOfLane, laneOf } from '../../src/notify/outbox.js';
import { putExecution } from '../../src/record/execution-writes.js';
import { alert, createChat, hourMs, minuteMs, openChatEngine, secondMs, update } from './chat-engine.js';

const skyline = { channel: '#skyline' };
const other = { channel: '#other' };
const ops = { channel: '#default' };

const down = (): never => {
  throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'Nobody answers' });
};

const refuse = (kind: 'channel' | 'credential', reason: string): never => {
  throw new DeliveryError({ kind, reason, message: `Invite the bot: ${reason}` });
};

/** What a destination says that is asked about a channel which it refuses. */
const notIn = async (destination: Destination | undefined): Promise<Verification> =>
  destination?.channel === '#skyline'
    ? { ok: false, problems: [{ kind: 'channel', reason: 'not_in_channel', message: 'Invite the bot' }] }
    : { ok: true, problems: [] };

describe('the lane of a channel', () => {
  const lane = (destination?: Destination) =>
    laneOf({
      action: { type: 'notification', integrationId: '01ABC', title: '', message: '', severity: 'INFO' },
      ...(destination === undefined ? {} : { destination }),
    });

  test('is one for one channel, however it is written, and apart from the integration’s own', () => {
    expect(lane()).toBe('integration/01ABC');
    expect(lane({ channel: '#Ops' })).toBe('integration/01ABC/ops');
    expect(lane({ channel: ' ops ' })).toBe('integration/01ABC/ops');
    expect(lane({ channel: '#ops', username: 'skyline', iconEmoji: ':x:' })).toBe('integration/01ABC/ops');
    expect(lane({ channel: 'C024BE91L' })).toBe('integration/01ABC/C024BE91L');
    expect(lane({ channel: '#ops', channelId: 'C024BE91L' })).toBe('integration/01ABC/C024BE91L');
  });

  test('is a name that any storage takes, whatever the channel is called', () => {
    for (const channel of ['', '/', '#a/b', '名前', '\u{1f600}', 'x'.repeat(10_000), '\ud800']) {
      const name = String(lane({ channel }));
      expect(name).toMatch(/^[\x20-\x7e]{1,512}$/);
      expect(integrationOfLane(name)).toBe('01ABC');
    }
    expect(integrationOfLane('integration/01ABC')).toBe('01ABC');
    expect(integrationOfLane('handler/01ABC')).toBe(undefined);
  });
});

describe('channels of one integration', () => {
  test('keep each its own order, and wait for none of the others', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = (_, channel) => (channel === '#skyline' ? down() : undefined);
    await chat.commit(
      { title: 'a', destination: skyline },
      { title: 'b', destination: other },
      { title: 'c', destination: skyline },
      { title: 'd', destination: other },
      { title: 'e' },
    );
    expect(chat.chat.lines.toSorted()).toEqual([
      expect.stringMatching(/^#ops \d: e$/),
      expect.stringMatching(/^#other \d: b$/),
      expect.stringMatching(/^#other \d: d$/),
    ]);
    expect(chat.engine.stats()).toMatchObject({ undelivered: 1, lanes: 3 });
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines.slice(3)).toEqual(['#skyline 4: a', '#skyline 5: c']);
    expect(chat.engine.stats().undelivered).toBe(0);
  });

  test('are all woken when it is enabled, also those that another process left', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = () => refuse('credential', 'token_revoked');
    await chat.commit({ title: 'a', destination: skyline }, { title: 'b', destination: other }, { title: 'c' });
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'disabled' });
    await chat.engine.close();
    const after = await openChatEngine({ chat: chat.chat, runtime: chat.runtime, storage: chat.storage });
    await chat.runtime.advance(minuteMs);
    chat.chat.answer = () => undefined;
    expect(chat.chat.lines).toEqual([]);
    await after.engine.integrations.enable(chat.ops.id);
    await chat.runtime.advance(0);
    expect(chat.chat.lines.map((line) => line.split(' ')[0]).toSorted()).toEqual(['#ops', '#other', '#skyline']);
  });

  test('are each told of when they lag', async () => {
    const chat = await openChatEngine();
    const told: DeliveryLagging[] = [];
    chat.engine.on('delivery-lagging', (lagging) => told.push(lagging));
    chat.chat.answer = down;
    await chat.commit({ destination: skyline }, { destination: skyline }, {});
    await chat.runtime.advance(3 * minuteMs);
    expect(told.map(({ integrationId, channel, reason }) => [integrationId, channel, reason])).toEqual([
      [chat.ops.id, undefined, 'connection_refused'],
      [chat.ops.id, '#skyline', 'connection_refused'],
    ]);
  });

  test('are called off together with their integration’s', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = down;
    await chat.commit({ destination: skyline }, { destination: other }, {});
    expect(await chat.engine.executions.cancel({ integrationId: chat.ops.id })).toBe(3);
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(hourMs);
    expect(chat.chat.lines).toEqual([]);
    expect(chat.engine.stats().undelivered).toBe(0);
  });

  test('are told to the adapter; one that can’t choose posts to its own channel and says so', async () => {
    const chat = await openChatEngine();
    const destination = { ...skyline, channelId: 'C1', username: 'skyline', iconEmoji: ':x:' };
    await chat.commit({ destination });
    expect(chat.chat.requests).toMatchObject([{ destination }]);
    chat.chat.capabilities = {};
    const [moved] = await chat.commit({ destination });
    expect(chat.chat.requests[1]).not.toHaveProperty('destination');
    expect((await chat.get(moved as never)).receipt?.note).toBe("posted to its own channel: chat can't choose another");
  });
});

describe('a channel that routing chose and that takes nothing', () => {
  const open = async (verify: typeof notIn | undefined = notIn) => {
    const own = createChat();
    own.verify = verify;
    const chat = await openChatEngine({ chat: own });
    own.answer = (_, channel) => (channel === '#skyline' ? refuse('channel', 'not_in_channel') : undefined);
    return chat;
  };

  test('sends its message to the default channel, and disables nothing', async () => {
    const chat = await open();
    const disabled: unknown[] = [];
    chat.engine.on('integration-disabled', (integration) => disabled.push(integration));
    const [refused] = await chat.commit({ destination: skyline, defaultDestination: ops });
    expect(chat.chat.lines).toEqual(['#default 1: alert']);
    const ended = await chat.get(refused as never);
    expect(ended).toMatchObject({
      status: 'failed',
      reason: 'channel_refused',
      detail: '#skyline: Invite the bot',
      attempts: [{ error: 'not_in_channel', kind: 'channel' }],
    });
    const brought = await chat.get({ id: String(ended.fallbackExecutionId) });
    expect(brought).toMatchObject({
      status: 'finished',
      fallbackOf: refused?.id,
      destination: ops,
      message: { text: 'It could not be posted to #skyline; sent here instead' },
    });
    expect(brought.defaultDestination).toBe(undefined);
    expect(disabled).toEqual([]);
    expect(chat.announced).toEqual(['execution-failed', 'execution-created', 'execution-finished']);
    expect(chat.engine.stats().undelivered).toBe(0);
  });

  test('and has no other default fails, and what is behind it goes on', async () => {
    const chat = await open();
    const all = await chat.commit(
      { destination: skyline },
      { destination: skyline, defaultDestination: { channel: 'Skyline' } },
      { destination: other },
    );
    expect(chat.chat.lines).toEqual(['#other 1: alert']);
    const ended = await Promise.all(all.map(chat.get));
    expect(ended.map(({ status, fallbackExecutionId }) => [status, fallbackExecutionId])).toEqual([
      ['failed', undefined],
      ['failed', undefined],
      ['finished', undefined],
    ]);
  });

  test('has its message fail where the default channel takes nothing either', async () => {
    const chat = await open(async () => ({ ok: false, problems: [] }));
    chat.chat.answer = () => refuse('channel', 'is_archived');
    const [refused] = await chat.commit({ destination: skyline, defaultDestination: ops });
    const { fallbackExecutionId } = await chat.get(refused as never);
    const brought = await chat.get({ id: String(fallbackExecutionId) });
    expect(brought).toMatchObject({ status: 'failed', reason: 'channel_refused' });
    expect(brought.fallbackExecutionId).toBe(undefined);
    expect((await chat.engine.executions.list()).items).toHaveLength(2);
  });

  test('is tried again as long as the destination says that it takes messages', async () => {
    const chat = await open(async () => ({ ok: true, problems: [] }));
    const [refused] = await chat.commit({ destination: skyline, defaultDestination: ops });
    expect(await chat.get(refused as never)).toMatchObject({ status: 'pending' });
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines).toEqual(['#skyline 1: alert']);
  });

  test('is believed after three refusals, and at once where the destination can’t be asked', async () => {
    for (const verify of [async () => ({ ok: true, problems: [] }), undefined]) {
      const own = createChat();
      own.verify = verify;
      const chat = await openChatEngine({ chat: own });
      own.answer = (_, channel) => (channel === '#skyline' ? refuse('channel', 'not_in_channel') : undefined);
      const [refused] = await chat.commit({ destination: skyline, defaultDestination: ops });
      await chat.runtime.advance(minuteMs);
      expect((await chat.get(refused as never)).attempts).toHaveLength(verify === undefined ? 1 : 3);
      expect(own.lines).toEqual(['#default 1: alert']);
      expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'ok' });
    }
  });

  test('goes on when the bot has been invited and it is called for again', async () => {
    const chat = await open();
    const [refused] = await chat.commit({ destination: skyline });
    chat.chat.answer = () => undefined;
    await chat.engine.executions.retry(String(refused?.id));
    await chat.runtime.advance(0);
    expect(chat.chat.lines).toEqual(['#skyline 1: alert']);
    expect(await chat.get(refused as never)).toMatchObject({ status: 'finished' });
    expect(await chat.get(refused as never)).not.toHaveProperty('detail');
  });

  test('takes its thread along to the default channel', async () => {
    const chat = await open();
    await chat.commit({ destination: skyline, defaultDestination: ops, thread: alert });
    await chat.commit({ title: 'was viewed', destination: ops, thread: update });
    expect(chat.chat.lines).toEqual(['#default 1: alert', '#default 1 > 2: was viewed']);
  });

  test('disables its integration when it is the credential that is at fault', async () => {
    const chat = await open(async () => ({
      ok: false,
      problems: [{ kind: 'credential', reason: 'account_inactive', message: 'Install the app again' }],
    }));
    const [refused] = await chat.commit({ destination: skyline, defaultDestination: ops });
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({
      status: 'disabled',
      statusReason: 'Install the app again',
    });
    expect(await chat.get(refused as never)).toMatchObject({ status: 'pending' });
    expect(chat.chat.lines).toEqual([]);
  });

  test('sends its message on once, though the answer of the storage is lost', async () => {
    const first = await open();
    let losses = 1;
    const { storage, chat, runtime } = first;
    await first.engine.close();
    const engine = await openChatEngine({
      chat,
      runtime,
      storage: {
        ...storage,
        capabilities: { durable: true, shared: false },
        async commit(commit) {
          const result = await storage.commit(commit);
          const isRedirect = JSON.stringify(commit).includes('channel_refused');
          if (isRedirect && losses > 0) {
            losses -= 1;
            throw new Error('reset');
          }
          return result;
        },
      },
    });
    const { id } = await engine.engine.executions.retry(await failed(engine));
    await runtime.advance(minuteMs);
    expect(losses).toBe(0);
    expect(chat.lines).toEqual(['#default 1: alert']);
    expect(await engine.get({ id })).toMatchObject({ status: 'failed', reason: 'channel_refused' });
  });
});

/** The id of one that failed for good, and can be called for again. */
async function failed(engine: Awaited<ReturnType<typeof openChatEngine>>): Promise<string> {
  const [execution] = await engine.commit({ status: 'failed', destination: skyline, defaultDestination: ops });
  return String(execution?.id);
}

describe('what waits too long in a channel', () => {
  test('goes to the fallback’s own channel; a reaction and a reply that others stand in for go nowhere', async () => {
    const chat = await openChatEngine();
    const backup = await chat.addIntegration('#backup');
    await chat.engine.integrations.update(chat.ops.id, { fallbackIntegrationId: backup.id });
    chat.chat.answer = ({ integration }) => (integration.name === '#ops' ? down() : undefined);
    const [first, reaction, only] = await chat.commit(
      { destination: skyline, defaultDestination: other, thread: alert },
      { destination: skyline, reaction: 'eyes', thread: update },
      { destination: skyline, title: 'only there', thread: { ...update, onlyInThread: true } },
      { destination: skyline, title: 'was viewed', thread: update },
    );
    await chat.runtime.advance(11 * minuteMs);
    // Where the alert is now, there its thread is.
    expect(chat.chat.lines).toEqual(['#backup 1: alert', '#backup 1 > 2: was viewed']);
    const moved = await chat.get({ id: String((await chat.get(first as never)).fallbackExecutionId) });
    expect(moved).not.toHaveProperty('destination');
    expect(moved).not.toHaveProperty('defaultDestination');
    expect(moved.message?.text).toBe('It has waited for #skyline for 10 minutes; sent here instead');
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(10 * minuteMs);
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'skipped', reason: 'no_thread' });
    expect(await chat.get(only as never)).toMatchObject({ status: 'skipped', reason: 'no_thread' });
    expect(chat.chat.lines).toHaveLength(2);
  });

  test('stands alone at the fallback when its alert has arrived, and says what it refers to', async () => {
    const chat = await openChatEngine();
    const backup = await chat.addIntegration('#backup');
    await chat.engine.integrations.update(chat.ops.id, { fallbackIntegrationId: backup.id });
    await chat.commit({ thread: alert });
    chat.chat.answer = ({ integration }) => (integration.name === '#ops' ? down() : undefined);
    await chat.commit({ title: 'was viewed', thread: update });
    await chat.runtime.advance(11 * minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#backup 2: was viewed [Anomaly: cpu at 12]']);
  });

  test('stands in a lane as the version before wrote it', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = () => undefined;
    const old = chat.execution({});
    const value = { executionId: old.id, waitingSince: old.createdAt, isFallback: true };
    await chat.storage.commit({
      steps: [
        {
          write: [...putExecution(old), { type: 'append', lane: `integration/${chat.ops.id}`, id: old.id, value }],
        },
      ],
    });
    await chat.runtime.advance(secondMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert']);
  });
});
