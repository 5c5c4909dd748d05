import type { Delivery, Execution } from 'tocsin';
import { DeliveryError, doNothing, onRunMetric, project, runEvent, sendNotification, sendWebhook } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { expectNoSecret } from '../delivery/slack-samples.js';
import { executionAt, longAgoMs, record } from '../record/executions.js';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const low = onRunMetric({ scope, filter: runEvent.metric('accuracy').avg(2).lt(0.5) });

describe('engine.executions.list', () => {
  test('finds by automation, status and time, newest first, and reads on from a cursor', async () => {
    const storage = memoryStorage();
    const executions = Array.from({ length: 60 }, (_, index) =>
      executionAt(longAgoMs + index, index % 2 === 0 ? 'finished' : 'failed', `automation-${index % 3}`),
    );
    await record(storage, executions);
    const { engine } = await openEngine({ storage });
    const query = {
      automationId: 'automation-1',
      status: 'failed',
      since: longAgoMs + 10,
      until: longAgoMs + 50,
    } as const;
    const wanted = executions
      .filter(({ automationId, status }) => automationId === 'automation-1' && status === 'failed')
      .filter(({ createdAt }) => createdAt >= longAgoMs + 10 && createdAt < longAgoMs + 50)
      .reverse();
    const first = await engine.executions.list({ ...query, limit: 4 });
    const second = await engine.executions.list({ ...query, limit: 4, cursor: first.cursor });
    expect([...first.items, ...second.items]).toEqual(wanted);
    expect([first.items.length, second.cursor]).toEqual([4, undefined]);
  });

  test('gives the last 100 of all when it is asked for nothing else', async () => {
    const storage = memoryStorage();
    const executions = Array.from({ length: 120 }, (_, index) => executionAt(longAgoMs + index));
    await record(storage, executions);
    const { engine } = await openEngine({ storage });
    const { items } = await engine.executions.list();
    expect(items).toEqual(executions.slice(-100).reverse());
  });

  test.each([0, -5, 2.9, 1001, 1e9, Number.POSITIVE_INFINITY, Number.NaN, '5', null])(
    'refuses %s as a number of executions, in place of taking another one',
    async (limit) => {
      const { engine } = await openEngine();
      await expect(engine.executions.list({ limit } as never)).rejects.toMatchObject({
        code: 'invalid_options',
        message: expect.stringMatching(/^executions\.list: Expected .* at limit$/),
      });
    },
  );

  test('says from where to where the number of executions may be', async () => {
    const { engine } = await openEngine();
    await expect(engine.executions.list({ limit: 0 })).rejects.toThrow(
      'Expected a whole number from 1 to 1000, got 0 at limit',
    );
  });

  test('gives up to a thousand at once', async () => {
    const storage = memoryStorage();
    await record(
      storage,
      Array.from({ length: 1100 }, (_, index) => executionAt(longAgoMs + index)),
    );
    const { engine } = await openEngine({ storage });
    for (const limit of [1, 2, 1000]) {
      expect((await engine.executions.list({ limit })).items).toHaveLength(limit);
    }
  });

  test('after a day without an answer a page of a hundred failed messages is small', async () => {
    const delivery: Delivery = {
      name: 'console',
      integrationTypes: ['console'],
      async deliver() {
        const body = `<html>${'x'.repeat(5000)}`;
        throw new DeliveryError({ kind: 'unavailable', reason: 'http_503', message: 'Down', status: 503, body });
      },
    };
    const { engine, runtime, terminal } = await openEngine({
      deliveries: [delivery],
      logger: { warn() {}, error() {} },
    });
    await engine.automations.create({ name: 'low', event: low, action: sendNotification(terminal) });
    for (let step = 0; step < 2; step += 1) await engine.emit(metricsEvent({ accuracy: 0.25 }, { step }));
    await runtime.advance(25 * 3_600_000);
    const [failed] = (await engine.executions.list({ status: 'failed' })).items;
    expect(failed?.attempts.length).toBeGreaterThan(280);
    expect(100 * JSON.stringify(failed).length).toBeLessThan(6_000_000);
  });

  test.each([
    ['x', 'x'],
    ['an empty text', ''],
    ['a key', 'execution/01JGFJJZ00AAAAAAAAAAAAAAAA'],
    ['an id in small letters', '01jgfjjz00aaaaaaaaaaaaaaaa'],
    ['an id beyond all times', '91JGFJJZ00AAAAAAAAAAAAAAAA'],
    ['a path', '../../automation/x'],
    ['a long text', 'x'.repeat(3000)],
    ['a number', 7],
    ['null', null],
  ])('refuses %s as a cursor, which no page gave', async (_, cursor) => {
    const { engine } = await openEngine();
    await expect(engine.executions.list({ cursor } as never)).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining('cursor'),
    });
  });

  test('a cursor goes on where it stood, also when its execution is gone by now', async () => {
    const storage = memoryStorage();
    const executions = Array.from({ length: 9 }, (_, index) => executionAt(longAgoMs + index));
    await record(storage, executions);
    const { engine } = await openEngine({ storage });
    const { cursor } = await engine.executions.list({ limit: 3 });
    await storage.deleteRange({ prefix: `execution/${cursor}`, limit: 1 });
    expect((await engine.executions.list({ cursor })).items).toEqual(executions.slice(0, 6).reverse());
  });

  test.each([undefined, null, 7, {}, 'x', '', 'execution/', 'x'.repeat(100_000)].map((id) => ({ id })))(
    'an execution with an id that none has is not found',
    async ({ id }) => {
      const { engine } = await openEngine();
      await expect(engine.executions.get(id as never)).rejects.toMatchObject({ code: 'not_found' });
    },
  );
});

test('an execution tells the whole story: event, conditions with their values, message, attempts, answer, times', async () => {
  let attempts = 0;
  const delivery: Delivery = {
    name: 'console',
    integrationTypes: ['console'],
    async deliver() {
      await runtime.advance(40);
      attempts += 1;
      if (attempts === 1) {
        throw new DeliveryError({
          kind: 'unavailable',
          reason: 'http_503',
          message: 'It is overloaded',
          status: 503,
          body: 'b'.repeat(10_000),
        });
      }
      return { channelId: 'C1', channelName: '#ops', messageId: '17.5', status: 200, body: 'a'.repeat(10_000) };
    },
  };
  const { engine, runtime, terminal } = await openEngine({ deliveries: [delivery] });
  const { automation } = await engine.automations.create({
    name: 'low-accuracy',
    event: low,
    action: sendNotification(terminal, { title: 'Low', severity: 'WARN' }),
  });
  const startedMs = runtime.now();
  await engine.emit(metricsEvent({ accuracy: 0.5 }, { step: 1 }));
  await engine.emit(metricsEvent({ accuracy: 0.25 }, { step: 2, metrics: { accuracy: 0.25, loss: Number.NaN } }));
  await engine.idle();
  await runtime.advance(5000);
  await engine.idle();
  const [execution] = (await engine.executions.list()).items;
  expect(execution).toMatchObject({
    automationId: automation.id,
    automationName: 'low-accuracy',
    automationRevision: 1,
    status: 'finished',
    count: 1,
    createdAt: startedMs,
    event: { type: 'run.metrics', step: 2, metrics: { accuracy: 0.25, loss: 'NaN' } },
    action: { type: 'notification', integrationId: terminal.id },
    message: { title: 'Low', severity: 'WARN', automationName: 'low-accuracy' },
    attempts: [
      {
        at: startedMs,
        durationMs: 40,
        outcome: 'failed',
        kind: 'unavailable',
        error: 'http_503',
        message: 'It is overloaded',
        status: 503,
        body: 'b'.repeat(4096),
        retryInMs: expect.any(Number),
      },
      { durationMs: expect.any(Number), outcome: 'delivered', status: 200 },
    ],
    receipt: { channelId: 'C1', channelName: '#ops', messageId: '17.5', status: 200, body: 'a'.repeat(4096) },
  });
  const last = execution?.attempts.at(-1);
  expect(execution?.updatedAt).toBe(Number(last?.at) + Number(last?.durationMs));
  // json-rules-engine's own result: what was compared with what, and how it came out.
  expect(JSON.stringify(execution?.conditions)).toContain('"factResult":0.375');
  expect(JSON.stringify(execution?.conditions)).toContain('"value":0.5');
  expect(JSON.stringify(execution?.conditions)).toContain('"result":true');
});

test('matches that a cooldown skips are one record with their number', async () => {
  const { engine, runtime } = await openEngine();
  await engine.automations.create({ name: 'low', event: low, action: doNothing() });
  for (let step = 0; step < 12; step += 1) {
    await engine.emit(metricsEvent({ accuracy: 0.25 }, { step }));
    await runtime.advance(500);
  }
  await engine.idle();
  const { items } = await engine.executions.list();
  expect(items.map(({ status, reason, count }) => [status, reason, count])).toEqual([
    ['skipped', 'cooldown', 10],
    ['finished', undefined, 1],
  ]);
  expect((await engine.executions.list({ status: 'skipped' })).items).toEqual([items[0]]);
});

describe('a secret', () => {
  const secret = 'topsecret/"token"';

  /** Fires once with the secret wherever an event, an author or a destination can put it, and delivers at the second attempt. */
  async function ringWithSecret() {
    let attempts = 0;
    const answer = async (read: Promise<string>) => {
      await read;
      attempts += 1;
      const echoed = `you sent ${secret} and ${encodeURIComponent(secret)} and ${JSON.stringify({ secret })}`;
      if (attempts % 2 === 1) {
        throw new DeliveryError({ kind: 'unavailable', reason: secret, message: echoed, status: 500, body: echoed });
      }
      return { channelId: secret, channelName: secret, messageId: secret, status: 200, body: echoed, note: echoed };
    };
    const { engine, runtime, logger } = await openEngine({
      deliveries: [
        {
          name: 'console',
          integrationTypes: ['webhook', 'console'],
          deliver: async ({ secret: read }) => answer(read('TOKEN')),
          deliverPayload: async ({ secret: read }) => answer(read('TOKEN')),
        },
      ],
      secrets: { resolve: async () => secret },
    });
    const hook = await engine.integrations.create({
      type: 'webhook',
      name: 'hook',
      delivery: 'console',
      url: 'https://hook.example/',
      accessTokenSecretName: 'TOKEN',
    });
    const actions = [
      sendNotification(hook, { title: `Low ${secret}`, fields: [{ name: secret, value: secret }] }),
      sendWebhook(hook, { payload: { [secret]: [secret, { run: '${run_name}' }] }, headers: { 'X-Key': secret } }),
    ];
    for (const [index, action] of actions.entries()) {
      await engine.automations.create({ name: `${index} ${secret}`, event: low, action });
    }
    const run = { id: secret, name: secret, tags: [secret], config: { [secret]: secret } };
    await engine.emit({ ...metricsEvent({ accuracy: 0.25, [secret]: 1 }), run });
    await engine.emit({ ...metricsEvent({ accuracy: 0.25, [secret]: 1 }), run });
    do await engine.idle();
    while (attempts < 4 && (await runtime.advanceToNextTimer()));
    return { engine, logger };
  }

  test('that has been used stands in no record, wherever it came from', async () => {
    const { engine } = await ringWithSecret();
    const { items } = await engine.executions.list();
    expect(items.map(({ status, attempts }) => [status, attempts.length])).toEqual([
      ['finished', 2],
      ['finished', 2],
    ]);
    expect(items[0]).toMatchObject({ event: { run: { name: '[redacted]', tags: ['[redacted]'] } } });
    const read = await Promise.all(items.map(({ id }) => engine.executions.get(id)));
    const exported: string[] = [];
    for await (const line of engine.executions.export()) exported.push(line);
    expect(exported.map((line) => JSON.parse(line) as Execution)).toEqual([...items].reverse());
    for (const text of [items, read, exported]) {
      expectNoSecret(text, 'topsecret');
    }
  });

  test('that is like one of our own names does not make an execution of another status', async () => {
    const { engine, runtime } = await openEngine({
      deliveries: [
        {
          name: 'console',
          integrationTypes: ['webhook', 'console'],
          deliver: async ({ secret: read }) => ({ body: await read('TOKEN') }),
        },
      ],
      secrets: { resolve: async () => 'finished' },
    });
    const hook = await engine.integrations.create({
      type: 'webhook',
      name: 'hook',
      delivery: 'console',
      url: 'https://hook.example/',
      accessTokenSecretName: 'TOKEN',
    });
    await engine.automations.create({ name: 'low', event: low, action: sendNotification(hook) });
    for (let step = 0; step < 2; step += 1) await engine.emit(metricsEvent({ accuracy: 0.25 }, { step }));
    await engine.idle();
    await runtime.advance(1);
    const { items } = await engine.executions.list({ status: 'finished' });
    expect(items).toMatchObject([{ status: 'finished', receipt: { body: '[redacted]' } }]);
  });
});
