import { DeliveryError } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { alert, createChat, hourMs, minuteMs, ofRun, openChatEngine, secondMs, update } from './chat-engine.js';

const down = (): never => {
  throw new DeliveryError({ kind: 'unavailable', reason: 'connection_refused', message: 'Nobody answers' });
};

const refused =
  (reason: string, kind: 'message' | 'channel' | 'credential' = 'message') =>
  (): never => {
    throw new DeliveryError({ kind, reason, message: `It says ${reason}` });
  };

describe('what becomes of an anomaly', () => {
  test('stands in the thread of its alert: replies and reactions, in order', async () => {
    const chat = await openChatEngine();
    const [first] = await chat.commit(
      { title: 'cpu is anomalous', thread: alert },
      { title: 'was viewed', thread: update },
      { reaction: 'eyes', thread: update },
      { title: 'was labelled', thread: update },
    );
    expect(chat.chat.lines).toEqual([
      '#ops 1: cpu is anomalous',
      '#ops 1 > 2: was viewed',
      '#ops 1 +eyes',
      '#ops 1 > 3: was labelled',
    ]);
    expect(await chat.thread(first as never)).toMatchObject({
      openedBy: first?.id,
      openedAt: first?.createdAt,
      location: { channelId: 'id of #ops', messageId: '1' },
    });
  });

  test('waits as long as its alert waits, and never overtakes it', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = down;
    await chat.commit({ thread: alert }, { title: 'was viewed', thread: update }, { reaction: 'eyes', thread: update });
    await chat.runtime.advance(hourMs);
    expect(chat.chat.lines).toEqual([]);
    expect(chat.chat.requests.every(({ deliveryId }) => deliveryId === chat.chat.requests[0]?.deliveryId)).toBe(true);
    chat.chat.answer = () => undefined;
    await chat.runtime.advance(5 * minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: was viewed', '#ops 1 +eyes']);
  });

  test.each(['failed', 'cancelled'] as const)(
    'stands alone and says what it refers to when its alert %s',
    async (how) => {
      const chat = await openChatEngine();
      chat.chat.answer = ({ message }) =>
        message.title === 'alert' ? refused(how === 'failed' ? 'no_text' : 'down')() : undefined;
      if (how === 'cancelled') chat.chat.answer = down;
      const [first] = await chat.commit({ thread: alert }, { title: 'was viewed', thread: update });
      if (how === 'cancelled') {
        await chat.engine.executions.cancel({ id: String(first?.id) });
        chat.chat.answer = () => undefined;
      }
      await chat.runtime.advance(minuteMs);
      expect(await chat.get(first as never)).toMatchObject({ status: how });
      expect(chat.chat.lines).toEqual(['#ops 1: was viewed [Anomaly: cpu at 12]']);
    },
  );

  test('stands alone where no alert is known, and opens no thread', async () => {
    const chat = await openChatEngine();
    const [first] = await chat.commit({ title: 'was viewed', thread: update }, { title: 'again', thread: update });
    expect(chat.chat.lines).toEqual(['#ops 1: was viewed [Anomaly: cpu at 12]', '#ops 2: again [Anomaly: cpu at 12]']);
    expect(await chat.thread(first as never)).toBe(undefined);
  });

  test('is left out where another message stands in for it', async () => {
    const chat = await openChatEngine();
    const [reply, reaction] = await chat.commit(
      { thread: { ...update, onlyInThread: true } },
      { reaction: 'eyes', thread: update },
    );
    expect(chat.chat.requests).toEqual([]);
    expect(await chat.get(reply as never)).toMatchObject({ status: 'skipped', reason: 'no_thread', attempts: [] });
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'skipped', reason: 'no_thread', attempts: [] });
    expect(chat.engine.stats().undelivered).toBe(0);
    expect(chat.announced).toEqual([]);
    await chat.engine.idle();
  });

  test('goes out when it is called for again after its alert has been', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = refused('no_text');
    const [first, reply, reaction] = await chat.commit(
      { thread: alert },
      { title: 'reply', thread: { ...update, onlyInThread: true } },
      { reaction: 'eyes', thread: update },
    );
    chat.chat.answer = () => undefined;
    for (const each of [first, reply, reaction]) await chat.engine.executions.retry(String(each?.id));
    await chat.runtime.advance(secondMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: reply', '#ops 1 +eyes']);
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'finished' });
    expect((await chat.get(reaction as never)).reason).toBe(undefined);
  });

  test('is not told in a thread that is too old', async () => {
    const chat = await openChatEngine();
    const maxAgeMs = 10 * minuteMs;
    await chat.commit({ thread: alert });
    await chat.runtime.advance(maxAgeMs - secondMs);
    await chat.commit({ title: 'in time', thread: { ...update, maxAgeMs } });
    const late = await chat.commit(
      { title: 'late', thread: { ...update, maxAgeMs } },
      { title: 'only there', thread: { ...update, maxAgeMs, onlyInThread: true } },
      { reaction: 'x', thread: { ...update, maxAgeMs } },
    );
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: in time', '#ops 3: late [Anomaly: cpu at 12]']);
    const [, second, third] = await Promise.all(late.map(chat.get));
    expect([second?.reason, third?.reason]).toEqual(['no_thread', 'no_thread']);
  });

  test('stands in the thread of the last alert', async () => {
    const chat = await openChatEngine();
    await chat.commit({ title: 'first', thread: alert }, { title: 'of the first', thread: update });
    const [second] = await chat.commit({ title: 'second', thread: alert }, { title: 'of the second', thread: update });
    expect(chat.chat.lines).toEqual([
      '#ops 1: first',
      '#ops 1 > 2: of the first',
      '#ops 3: second',
      '#ops 3 > 4: of the second',
    ]);
    expect(await chat.thread(second as never)).toMatchObject({ openedBy: second?.id, location: { messageId: '3' } });
  });

  test('survives a restart between alert and update', async () => {
    const before = await openChatEngine();
    await before.commit({ thread: alert });
    await before.engine.close();
    const { chat, runtime, storage } = before;
    const after = await openChatEngine({ chat, runtime, storage });
    await after.commit({ title: 'was viewed', thread: update });
    expect(chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: was viewed']);
  });
});

describe('a reply', () => {
  test.each([
    ['thread_not_found', 'message'],
    ['message_not_found', 'unavailable'],
    ['restricted_action_thread_locked', 'channel'],
  ] as const)(
    'that is refused as one (%s, %s) stands alone, says what it refers to, and keeps its layout',
    async (reason, kind) => {
      const chat = await openChatEngine();
      await chat.commit({ thread: alert });
      chat.chat.answer = ({ thread }) => {
        if (thread !== undefined) throw new DeliveryError({ kind, reason, message: 'x' });
      };
      const [reply] = await chat.commit({ title: 'was viewed', thread: update });
      expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: was viewed [Anomaly: cpu at 12]']);
      const { attempts } = await chat.get(reply as never);
      expect(attempts).toMatchObject([
        { outcome: 'failed', error: reason, threadRefused: true, retryInMs: 0 },
        { outcome: 'delivered' },
      ]);
      expect(attempts.some(({ plainText }) => plainText)).toBe(false);
      expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'ok' });
    },
  );

  test('whose layout and then whose thread is refused stands alone as plain text', async () => {
    const chat = await openChatEngine();
    await chat.commit({ thread: alert });
    chat.chat.answer = ({ thread, plainText }) => {
      if (!plainText) refused('invalid_blocks')();
      if (thread !== undefined) refused('thread_not_found')();
    };
    const [reply] = await chat.commit({ title: 'was viewed', thread: update });
    const { attempts } = await chat.get(reply as never);
    expect(attempts.map(({ error, plainText = false }) => [error, plainText])).toEqual([
      ['invalid_blocks', false],
      ['thread_not_found', true],
      [undefined, true],
    ]);
  });

  test('that may have arrived is looked for in its thread', async () => {
    const chat = await openChatEngine();
    await chat.commit({ thread: alert });
    chat.chat.answer = ({ attempt }) => {
      if (attempt === 1)
        throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'x', ambiguous: true });
    };
    await chat.commit({ title: 'was viewed', thread: update });
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.requests.slice(1)).toMatchObject([
      { attempt: 1, mayHaveArrived: false, thread: { messageId: '1' } },
      { attempt: 2, mayHaveArrived: true, thread: { messageId: '1' } },
    ]);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: was viewed']);
  });

  test('teaches the integration no channel', async () => {
    const chat = await openChatEngine();
    await chat.commit({ thread: alert }, { title: 'elsewhere', destination: { channel: '#other' } });
    chat.chat.answer = () => ({ channelId: 'another', messageId: '9' });
    await chat.commit({ title: 'was viewed', thread: update });
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ channelId: 'id of #ops' });
  });
});

describe('an alert that may have arrived', () => {
  test('opens its thread where it is found', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = ({ attempt, mayHaveArrived, message }) => {
      if (message.title !== 'alert') return undefined;
      if (attempt === 1)
        throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'x', ambiguous: true });
      expect(mayHaveArrived).toBe(true);
      return { channelId: 'C1', messageId: 'found' };
    };
    await chat.commit({ thread: alert }, { title: 'was viewed', thread: update });
    await chat.runtime.advance(minuteMs);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops found > 2: was viewed']);
  });

  test('and that is called off meanwhile still opens its thread', async () => {
    const chat = await openChatEngine();
    let arrive = (): void => {};
    chat.chat.answer = () =>
      new Promise<void>((resolve) => {
        arrive = resolve;
      });
    const [first] = await chat.commit({ thread: alert });
    await chat.engine.executions.cancel({ id: String(first?.id) });
    arrive();
    await chat.runtime.advance(0);
    chat.chat.answer = () => undefined;
    await chat.commit({ title: 'was viewed', thread: update });
    expect(await chat.get(first as never)).toMatchObject({ status: 'finished' });
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: was viewed']);
  });
});

describe('notifications of a run', () => {
  test('stand under the first of them; an ERROR is shown in the channel as well', async () => {
    const chat = await openChatEngine();
    await chat.commit(
      { title: 'first', severity: 'ERROR', thread: ofRun },
      { title: 'second', thread: ofRun },
      { title: 'third', severity: 'ERROR', thread: ofRun },
      { title: 'of another run', thread: { ...ofRun, subject: 'another' } },
      { reaction: 'white_check_mark', thread: { ...ofRun, role: 'update' } },
    );
    expect(chat.chat.lines).toEqual([
      '#ops 1: first',
      '#ops 1 > 2: second',
      '#ops 1 >! 3: third',
      '#ops 4: of another run',
      '#ops 1 +white_check_mark',
    ]);
  });

  test('stand under the first that arrives', async () => {
    const chat = await openChatEngine();
    chat.chat.answer = ({ message }) => (message.title === 'first' ? refused('no_text')() : undefined);
    const [, second] = await chat.commit(
      { title: 'first', thread: ofRun },
      { title: 'second', thread: ofRun },
      { title: 'third', thread: ofRun },
    );
    expect(chat.chat.lines).toEqual(['#ops 1: second', '#ops 1 > 2: third']);
    expect(await chat.thread(second as never)).toMatchObject({ openedBy: second?.id });
  });

  test('stand under the next one when the first has been deleted', async () => {
    const chat = await openChatEngine();
    await chat.commit({ title: 'first', thread: ofRun });
    chat.chat.answer = ({ thread }) => (thread?.messageId === '1' ? refused('thread_not_found')() : undefined);
    await chat.commit({ title: 'second', thread: ofRun }, { title: 'third', thread: ofRun });
    expect(chat.chat.lines).toEqual(['#ops 1: first', '#ops 2: second', '#ops 2 > 3: third']);
  });
});

describe('at a destination without threads and reactions', () => {
  test('a reply stands alone and says so, and a reaction is left out', async () => {
    const chat = await openChatEngine();
    chat.chat.capabilities = {};
    chat.chat.answer = () => ({ status: 200, note: 'may be a duplicate' });
    const [first, reply, reaction, only] = await chat.commit(
      { thread: alert },
      { title: 'was viewed', thread: update },
      { reaction: 'eyes', thread: update },
      { title: 'only there', thread: { ...update, onlyInThread: true } },
    );
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 2: was viewed [Anomaly: cpu at 12]']);
    expect(await chat.get(first as never)).toMatchObject({ receipt: { note: 'may be a duplicate' } });
    expect(await chat.get(reply as never)).toMatchObject({
      receipt: { note: 'may be a duplicate; posted on its own: chat has no threads' },
      attempts: [{ mayBeDuplicate: true }],
    });
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'skipped', reason: 'not_supported' });
    expect(await chat.get(only as never)).toMatchObject({ status: 'skipped', reason: 'not_supported' });
    expect(await chat.thread(first as never)).toMatchObject({ location: {} });
  });

  test('the first notification of a run says nothing of threads, the later ones do', async () => {
    const chat = await openChatEngine();
    chat.chat.capabilities = {};
    chat.chat.answer = () => ({});
    const all = await chat.commit({ thread: ofRun }, { thread: ofRun });
    const [first, second] = await Promise.all(all.map(chat.get));
    expect(first?.receipt).toEqual({});
    expect(second?.receipt).toEqual({ note: 'posted on its own: chat has no threads' });
  });
});

describe('a reaction', () => {
  test.each([
    ['message', 'missing_scope', 'message_refused'],
    ['channel', 'not_in_channel', 'channel_refused'],
  ] as const)('that is refused (%s) fails once, and stops no message', async (kind, reason, end) => {
    const chat = await openChatEngine();
    chat.chat.answerReaction = refused(reason, kind);
    const [, reaction] = await chat.commit(
      { thread: alert },
      { reaction: 'eyes', thread: update },
      { title: 'was viewed', thread: update },
    );
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 > 2: was viewed']);
    const { status, reason: why, attempts } = await chat.get(reaction as never);
    expect([status, why, attempts.length]).toEqual(['failed', end, 1]);
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'ok' });
    chat.chat.answerReaction = () => undefined;
    await chat.engine.executions.retry(String(reaction?.id));
    await chat.runtime.advance(secondMs);
    expect(chat.chat.lines.at(-1)).toBe('#ops 1 +eyes');
  });

  test('whose credential is refused, also when it is asked for, waits until the integration is enabled', async () => {
    const own = createChat();
    own.verify = async () => ({
      ok: false,
      problems: [{ kind: 'credential', reason: 'token_revoked', message: 'Gone' }],
    });
    const chat = await openChatEngine({ chat: own });
    chat.chat.answerReaction = refused('token_revoked', 'credential');
    const [, reaction] = await chat.commit({ thread: alert }, { reaction: 'eyes', thread: update });
    expect(await chat.engine.integrations.get(chat.ops.id)).toMatchObject({ status: 'disabled' });
    expect(await chat.get(reaction as never)).toMatchObject({ status: 'pending' });
    chat.chat.answerReaction = () => undefined;
    await chat.engine.integrations.enable(chat.ops.id);
    await chat.runtime.advance(0);
    expect(chat.chat.lines).toEqual(['#ops 1: alert', '#ops 1 +eyes']);
  });
});
