import {
  callHandler,
  type Delivery,
  DeliveryError,
  type DeliveryRequest,
  type Engine,
  type Execution,
  onAddArtifactAlias,
  registry,
  sendNotification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';
import { runProgram } from '../support/run-program.js';

/** A delivery to integrations of type `console`. */
function deliveryOf(deliver: (request: DeliveryRequest) => unknown, more: Partial<Delivery> = {}): Delivery {
  return { name: 'console', integrationTypes: ['console'], deliver: deliver as Delivery['deliver'], ...more };
}

const refusal = () => new DeliveryError({ kind: 'credential', reason: 'token_revoked', message: 'No longer valid' });

async function openRinging(deliver: (request: DeliveryRequest) => unknown, more: Partial<Delivery> = {}) {
  const opened = await openEngine({ deliveries: [deliveryOf(deliver, more)] });
  await opened.engine.automations.create({
    name: 'alias',
    event: onAddArtifactAlias({ scope: registry('my-team', 'models') }),
    action: sendNotification(opened.terminal, { title: 'Alias' }),
  });
  return { ...opened, ring: () => ring(opened.engine) };
}

async function ring(engine: Engine): Promise<Execution> {
  const [execution] = (await engine.emit(aliasAdded('production'))).fired;
  if (execution === undefined) throw new Error('It did not ring');
  return execution;
}

describe('a lane that is about to rest', () => {
  test('goes on when its integration is enabled at that very moment', async () => {
    let isRevoked = true;
    const sent: string[] = [];
    const { engine, ring: ringOnce } = await openRinging(({ deliveryId }) => {
      if (isRevoked) throw refusal();
      sent.push(deliveryId);
      return {};
    });
    engine.on('integration-disabled', async ({ id }) => {
      isRevoked = false;
      await engine.integrations.enable(id);
    });
    const { id } = await ringOnce();
    await engine.idle();
    expect(sent).toEqual([id]);
  });

  test('fails what waits when its integration is deleted at that very moment', async () => {
    const {
      engine,
      terminal,
      ring: ringOnce,
    } = await openRinging(async () => {
      await engine.integrations.delete(terminal.id, { force: true });
      throw refusal();
    });
    const { id } = await ringOnce();
    await engine.idle();
    expect(await engine.executions.get(id)).toMatchObject({ status: 'failed', reason: 'integration_deleted' });
  });
});

describe('an adapter that misbehaves', () => {
  test.each([
    ['nothing', undefined],
    ['a text', 'sent'],
    ['junk', { status: 'ok', channelId: 7, note: null }],
  ])('by answering %s has delivered all the same, once', async (_, answer) => {
    let calls = 0;
    const {
      engine,
      runtime,
      ring: ringOnce,
    } = await openRinging(async () => {
      calls += 1;
      return answer;
    });
    const { id } = await ringOnce();
    await engine.idle();
    await runtime.advance(60_000);
    expect(calls).toBe(1);
    expect(await engine.executions.get(id)).toMatchObject({ status: 'finished', receipt: {} });
  });

  test.each<[string, () => unknown]>([
    ['an unknown kind', () => new DeliveryError({ kind: 'cosmic' as never, reason: 7 as never, message: 'Rays' })],
    [
      'a delay that is no number',
      () => new DeliveryError({ kind: 'unavailable', reason: 'x', message: 'x', retryAfterMs: Number.NaN }),
    ],
    ['something that can’t be told', () => Object.create(null)],
    ['nothing', () => undefined],
  ])('by throwing %s is tried again at the usual pace', async (_, make) => {
    let calls = 0;
    const {
      engine,
      runtime,
      ring: ringOnce,
    } = await openRinging(() => {
      calls += 1;
      throw make();
    });
    const { id } = await ringOnce();
    await engine.idle();
    for (let second = 0; second < 60; second += 1) {
      await runtime.advance(1000);
      await engine.idle();
    }
    expect(calls).toBeGreaterThan(3);
    expect(calls).toBeLessThan(8);
    expect((await engine.executions.get(id)).attempts).toHaveLength(calls);
  });

  test('by never coming back is given up, also when it only verifies', async () => {
    const hangs = () => new Promise<never>(() => {});
    const {
      engine,
      runtime,
      ring: ringOnce,
    } = await openRinging(
      () => {
        throw refusal();
      },
      { verify: hangs },
    );
    const { id } = await ringOnce();
    await runtime.advance(30_000);
    await engine.idle();
    expect(await engine.executions.get(id)).toMatchObject({ status: 'pending', attempts: [{ kind: 'credential' }] });
    const closed = engine.close();
    await runtime.advance(60_000);
    await closed;
  });

  test('by changing what it is given changes no record', async () => {
    const { engine, ring: ringOnce } = await openRinging(({ message }) => {
      (message as { title: string }).title = 'Hacked';
      return {};
    });
    const { id } = await ringOnce();
    await engine.idle();
    expect((await engine.executions.get(id)).message?.title).toBe('Alias');
  });
});

describe('a handler', () => {
  test('that spoils its event is called once, and the record stays whole', async () => {
    let calls = 0;
    const { engine } = await openEngine({
      handlers: {
        spoil({ event }) {
          calls += 1;
          (event as { self?: unknown }).self = event;
        },
      },
    });
    const event = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    await engine.automations.create({ name: 'spoil', event, action: callHandler('spoil') });
    const { id } = await ring(engine);
    await engine.idle();
    expect(calls).toBe(1);
    expect(await engine.executions.get(id)).toMatchObject({ status: 'finished', event: { alias: 'production' } });
  });

  test('that fails for one event has all its tries for the next', async () => {
    const attempts: string[] = [];
    const { engine, runtime } = await openEngine({
      handlers: {
        stop({ executionId }) {
          attempts.push(executionId);
          throw new Error('poison');
        },
      },
    });
    const event = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    await engine.automations.create({ name: 'stop', event, action: callHandler('stop') });
    const fired: Execution[] = [];
    for (let count = 0; count < 2; count += 1) {
      fired.push(await ring(engine));
      do await engine.idle();
      while (await runtime.advanceToNextTimer());
    }
    expect(fired.map(({ id }) => attempts.filter((each) => each === id).length)).toEqual([7, 7]);
  });
});

describe('a storage that is out for longer than the lease', () => {
  test.each([false, true])('costs no second delivery (the first was ambiguous: %s)', async (isAmbiguous) => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    let isOut = false;
    const looks: boolean[] = [];
    const { engine, terminal } = await openEngine({
      runtime,
      storage: {
        ...storage,
        commit: (commit) => (isOut ? Promise.reject(new Error('out')) : storage.commit(commit)),
      },
      deliveries: [
        deliveryOf(({ mayHaveArrived }) => {
          looks.push(mayHaveArrived);
          isOut = looks.length === 1;
          if (isAmbiguous && looks.length === 1) {
            throw new DeliveryError({ kind: 'unavailable', reason: 'reset', message: 'Reset', ambiguous: true });
          }
          return {};
        }),
      ],
    });
    const event = onAddArtifactAlias({ scope: registry('my-team', 'models') });
    await engine.automations.create({ name: 'alias', event, action: sendNotification(terminal) });
    const { id } = await ring(engine);
    await runtime.advance(90_000);
    isOut = false;
    await runtime.advance(1000);
    do await engine.idle();
    while (await runtime.advanceToNextTimer());
    expect(looks).toEqual(isAmbiguous ? [false, true] : [false]);
    expect((await engine.executions.get(id)).status).toBe('finished');
  });
});

test('a process that awaits idle, emit or close does not end before', async () => {
  const { exitCode, output, errors } = await runProgram('test/programs/awaits.ts');
  expect(errors).toBe('');
  expect(output.trim().split('\n')).toEqual([
    'digits:v1',
    'digits:v2',
    'digits:v3',
    'idle',
    'storage_unavailable',
    'closed',
  ]);
  expect(exitCode).toBe(0);
}, 30_000);

test('closing with notifications undelivered says that a storage in memory loses them', async () => {
  const { engine, logger, terminal, ring: ringOnce } = await openRinging(async () => ({}));
  await engine.integrations.disable(terminal.id);
  await ringOnce();
  await engine.idle();
  await engine.close();
  expect(logger.lines.filter((line) => line.includes('undelivered_lost'))).toHaveLength(1);
});
