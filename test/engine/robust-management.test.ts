import {
  createEngine,
  type Delivery,
  type Integration,
  onRunMetric,
  project,
  runEvent,
  type Storage,
  sendNotification,
  type Verification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../src/notify/redact.js';
import { openDefinitionLog } from '../../src/record/definition-log.js';
import { openIntegrationStore } from '../../src/record/integration-store.js';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const isHigh = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });
const definition = { name: 'high', event: isHigh, action: { type: 'none' }, policy: { cooldown: 0 } } as const;

/** What a faulty storage does with a call. */
type Fate = 'works' | 'fails' | 'answer lost';

/** A storage whose commits and reads meet a fate. */
function faultyStorage(fate: () => Fate): Storage {
  const kept = memoryStorage();
  const meet = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (fate() === 'fails') throw new Error('ECONNREFUSED');
    return call();
  };
  return {
    ...kept,
    async commit(commit) {
      const met = fate();
      const result = await meet(() => kept.commit(commit));
      if (met === 'answer lost') throw new Error('connection lost');
      return result;
    },
    get: (key) => meet(() => kept.get(key)),
    list: (query) => meet(() => kept.list(query)),
  };
}

describe('a storage that fails', () => {
  test('makes every call of the management reject with storage_unavailable', async () => {
    let fate: Fate = 'works';
    const storage = faultyStorage(() => fate);
    const { engine, terminal } = await openEngine({ storage });
    const { automation } = await engine.automations.create(definition);
    fate = 'fails';
    const calls = [
      () => engine.automations.create({ ...definition, name: 'other' }),
      () => engine.automations.disable(automation.id),
      () => engine.automations.delete(automation.id),
      () => engine.integrations.create({ type: 'console', name: 'c', delivery: 'console' }),
      () => engine.integrations.disable(terminal.id),
      () => engine.integrations.delete(terminal.id),
      () => engine.executions.list(),
      () => engine.executions.get('x'),
      () => engine.emit(metricsEvent({ loss: 2 })),
      () => createEngine({ storage }),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'storage_unavailable',
        message: expect.stringMatching(/^The storage failed at (commit|get|list)$/),
        cause: { message: 'ECONNREFUSED' },
      });
    }
  });

  test('and wrote all the same makes a change conflict once, not for ever', async () => {
    let fate: Fate = 'works';
    const { engine, terminal } = await openEngine({ storage: faultyStorage(() => fate) });
    const { automation } = await engine.automations.create(definition);
    const changes = [() => engine.automations.disable(automation.id), () => engine.integrations.disable(terminal.id)];
    for (const change of changes) {
      fate = 'answer lost';
      await expect(change()).rejects.toMatchObject({ code: 'storage_unavailable' });
      fate = 'works';
      await expect(change()).rejects.toMatchObject({ code: 'revision_conflict' });
      await change();
    }
    expect(await engine.automations.get(automation.id)).toMatchObject({ enabled: false });
    expect(await engine.integrations.get(terminal.id)).toMatchObject({ status: 'disabled' });
  });

  test('and wrote all the same is caught up with when a creation or deletion is made again', async () => {
    let fate: Fate = 'works';
    const { engine } = await openEngine({ storage: faultyStorage(() => fate) });
    fate = 'answer lost';
    await expect(engine.automations.create(definition)).rejects.toMatchObject({ code: 'storage_unavailable' });
    fate = 'works';
    const { automation } = await engine.automations.create(definition, { ifExists: 'return' });
    expect((await engine.automations.list()).items).toEqual([automation]);
    fate = 'answer lost';
    await expect(engine.automations.delete(automation.id)).rejects.toMatchObject({ code: 'storage_unavailable' });
    fate = 'works';
    await engine.automations.delete(automation.id);
    expect((await engine.automations.list()).items).toEqual([]);
  });
});

describe('changes at once', () => {
  test('a deletion after a renaming frees the new name as well', async () => {
    const { engine } = await openEngine();
    const { automation } = await engine.automations.create(definition);
    await Promise.all([
      engine.automations.update(automation.id, { name: 'renamed' }),
      engine.automations.delete(automation.id),
    ]);
    expect((await engine.automations.list()).items).toEqual([]);
    for (const name of ['high', 'renamed']) await engine.automations.create({ ...definition, name });
  });

  test('two creations of one name that may exist answer the same automation', async () => {
    const { engine } = await openEngine();
    const [first, second] = await Promise.all(
      [1, 2].map(() => engine.automations.create(definition, { ifExists: 'return' })),
    );
    expect(second?.automation).toEqual(first?.automation);
    expect((await engine.automations.list()).items).toHaveLength(1);
  });

  test('disabling an automation never calls off what has been delivered', async () => {
    const kept = memoryStorage();
    const storage: Storage = {
      ...kept,
      async get(key) {
        for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return kept.get(key);
      },
    };
    const { engine, delivery, terminal } = await openEngine({ storage });
    const action = sendNotification(terminal, { title: 'High' });
    const { automation } = await engine.automations.create({ ...definition, action });
    await Promise.all(Array.from({ length: 40 }, () => engine.emit(metricsEvent({ loss: 2 }))));
    await engine.automations.disable(automation.id);
    await engine.idle();
    const { items: executions } = await engine.executions.list();
    const delivered = new Set(delivery.delivered.map(({ executionId }) => executionId));
    expect(delivered.size).toBeLessThan(40);
    for (const { id, status, attempts } of executions) {
      const isDelivered = delivered.has(id);
      expect([status, attempts.length]).toEqual(isDelivered ? ['finished', 1] : ['cancelled', 0]);
    }
  });

  test('a channel that is learnt of an earlier destination is not kept', async () => {
    const storage = memoryStorage();
    const store = await openIntegrationStore(storage, await openDefinitionLog(storage));
    const state = { revision: 1, createdAt: 0, updatedAt: 0, status: 'ok' } as const;
    const used: Integration = { id: 'i', type: 'slack', name: 's', delivery: 'slack', channel: '#old', ...state };
    await store.put(used);
    await store.put({ ...used, channel: '#new', revision: 2 });
    await store.learn('i', { channelId: 'COLD' }, used);
    expect(store.get('i')).not.toHaveProperty('channelId');
    await store.learn('i', { channelId: 'CNEW' }, store.get('i'));
    expect(store.get('i')).toMatchObject({ channelId: 'CNEW', revision: 3 });
  });
});

describe('secrets', () => {
  const secret = 'xtoken-12345';

  async function verifyWith(answer: (value: string) => Verification): Promise<Verification> {
    const delivery: Delivery = {
      name: 'console',
      integrationTypes: ['console'],
      deliver: async () => ({}),
      verify: async (target) => answer(await target.secret('TOKEN')),
    };
    const { engine, terminal } = await openEngine({ deliveries: [delivery], secrets: { resolve: async () => secret } });
    return engine.integrations.verify(terminal.id);
  }

  test('are taken out of whatever an adapter throws or answers when it verifies', async () => {
    const thrown = verifyWith((value) => {
      throw new Error(`401 for ${value}`);
    });
    await expect(thrown).rejects.toMatchObject({
      code: 'delivery_failed',
      kind: 'unavailable',
      message: '401 for [redacted]',
    });
    await expect(thrown).rejects.not.toHaveProperty('cause');
    const problem = { kind: 'credential', reason: 'revoked' } as const;
    const answered = await verifyWith((value) => ({ ok: false, problems: [{ ...problem, message: `bad ${value}` }] }));
    expect(answered.problems).toEqual([{ ...problem, message: 'bad [redacted]' }]);
  });

  test('are taken out whole where one begins with another', () => {
    const redactor = createRedactor();
    for (const value of ['s3cr3t', 's3cr3t-and-the-rest']) redactor.add(value);
    expect(redactor.text('bad s3cr3t-and-the-rest, s3cr3t')).toBe('bad [redacted], [redacted]');
  });

  test('are remembered up to a bound, and those in use longest', () => {
    const redactor = createRedactor();
    redactor.add('always-used');
    for (let index = 0; index < 1000; index += 1) {
      redactor.add(`rotated-${index}.`);
      redactor.add('always-used');
    }
    expect(redactor.text('rotated-0. rotated-999. always-used')).toBe('rotated-0. [redacted] [redacted]');
  });
});

describe('pacing', () => {
  test.each([
    ['burst', { messagesPerSecond: 1, burst: 0 }],
    ['burst', { messagesPerSecond: 1, burst: Number.NaN }],
    ['messagesPerSecond', { messagesPerSecond: 0, burst: 1 }],
    ['messagesPerSecond', { messagesPerSecond: Number.NaN, burst: 1 }],
    ['messagesPerSecond', { messagesPerSecond: '1' as never, burst: 1 }],
  ])('with a nonsensical %s is refused, naming the delivery: %j', async (option, pacing) => {
    const delivery: Delivery = {
      name: 'pager',
      integrationTypes: ['console'],
      pacing,
      deliver: async () => ({}),
    };
    await expect(createEngine({ storage: memoryStorage(), deliveries: [delivery] })).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringMatching(new RegExp(`${option} in the pacing of the delivery pager`)),
    });
  });
});
