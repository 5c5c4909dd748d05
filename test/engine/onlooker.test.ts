import {
  callHandler,
  createEngine,
  type Delivery,
  type Engine,
  type Execution,
  onEvent,
  type Storage,
  sendNotification,
  team,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { minuteMs, secondMs } from './waiting-lane.js';

const hourMs = 60 * minuteMs;
const giveUpAfterMs = hourMs;
const logger = { warn() {}, error() {} };

/** A service that pages and posts, on a storage that others share, and which can be killed. */
function openWorld() {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  const done: string[] = [];
  const storageOf = (life: { isOver: boolean }): Storage => {
    const alive = { ...kept, capabilities: { durable: true, shared: true }, close: async () => {} };
    return new Proxy(alive, {
      get(target, name: keyof Storage) {
        const member = target[name];
        if (typeof member !== 'function') return member;
        const call = member as (...given: unknown[]) => unknown;
        return (...given: unknown[]) => (life.isOver ? new Promise(() => {}) : call(...given));
      },
    });
  };
  const delivery: Delivery = {
    name: 'channel',
    integrationTypes: ['custom'],
    async deliver() {
      done.push('posted');
      return {};
    },
  };
  const open = (more: Partial<Parameters<typeof createEngine>[0]> = {}, life = { isOver: false }) =>
    createEngine({ storage: storageOf(life), runtime, logger, giveUpAfterMs, refreshMs: 20 * secondMs, ...more });
  const handlers = { page: () => void done.push('paged') };
  return {
    runtime,
    done,
    open,
    service: (life?: { isOver: boolean }) => open({ deliveries: [delivery], handlers }, life),
  };
}

async function prepare(engine: Engine, what: 'call' | 'message'): Promise<Execution> {
  const { id } = await engine.integrations.create({ type: 'custom', name: 'ops', delivery: 'channel' } as never);
  const action = what === 'call' ? callHandler('page') : sendNotification(id, { title: 'Look' });
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  await engine.automations.create({ name: 'alarm', event, action });
  const { fired } = await engine.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  return fired[0] as Execution;
}

describe.each(['call', 'message'] as const)('a %s that a killed service has left behind', (what) => {
  const leaveBehind = async () => {
    const world = openWorld();
    const life = { isOver: false };
    const service = await world.service(life);
    const execution = await prepare(service, what);
    life.isOver = true;
    await world.runtime.advance(giveUpAfterMs + minuteMs);
    world.done.length = 0;
    return { ...world, execution };
  };

  test('is not failed by a program that only looks, however long it stays, and which says that it waits', async () => {
    const { runtime, open, service, done, execution } = await leaveBehind();
    const onlooker = await open();
    const told: (string | undefined)[] = [];
    onlooker.on('delivery-lagging', ({ reason }) => told.push(reason));
    await runtime.advance(3 * giveUpAfterMs);
    expect((await onlooker.executions.get(execution.id)).status).toBe('pending');
    expect(told).toEqual([what === 'call' ? 'handler_missing' : 'delivery_missing']);
    await onlooker.close();
    const again = await service();
    await runtime.advance(2 * minuteMs);
    expect((await again.executions.get(execution.id)).status).toBe('finished');
    expect(done).toEqual([what === 'call' ? 'paged' : 'posted']);
  });

  test('is not failed by a process with other handlers, until nobody has taken it in all its time', async () => {
    const { runtime, open, execution } = await leaveBehind();
    const other = await open({ handlers: { somethingElse() {} } });
    await runtime.advance(giveUpAfterMs - minuteMs);
    expect((await other.executions.get(execution.id)).status).toBe('pending');
    await runtime.advance(2 * minuteMs);
    const reason = what === 'call' ? 'handler_missing' : 'delivery_missing';
    expect(await other.executions.get(execution.id)).toMatchObject({ status: 'failed', reason });
  });
});

test('what was parked for long is left to who can deliver it when it is enabled, whoever looks first', async () => {
  const { runtime, open, service, done } = openWorld();
  const able = await service();
  const { id } = await able.integrations.create({ type: 'custom', name: 'ops', delivery: 'channel' } as never);
  await able.integrations.disable(id);
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  await able.automations.create({ name: 'alarm', event, action: sendNotification(id, { title: 'Look' }) });
  const { fired } = await able.emit({ type: 'custom.alarm', entity: 'my-team' } as never);
  await able.close();
  const other = await open({ handlers: { somethingElse() {} } });
  await runtime.advance(3 * giveUpAfterMs);
  await other.integrations.enable(id);
  await runtime.advance(minuteMs);
  const again = await service();
  await runtime.advance(minuteMs);
  expect((await again.executions.get(fired[0]?.id ?? '')).status).toBe('finished');
  expect(done).toEqual(['posted']);
});

test('what nobody serves is failed one after the other as its time is over, not each after a time of its own', async () => {
  const { runtime, open, service } = openWorld();
  const able = await service();
  const event = onEvent('custom.alarm', { scope: team('my-team') });
  await able.automations.create({ name: 'alarm', event, action: callHandler('page') });
  await able.close();
  const other = await open({ handlers: { somethingElse() {} } });
  for (let number = 0; number < 3; number += 1) {
    await other.emit({ type: 'custom.alarm', entity: 'my-team', number } as never);
    await runtime.advance(5 * minuteMs);
  }
  const statuses = async () => (await other.executions.list()).items.map(({ status }) => status).toReversed();
  await runtime.advance(giveUpAfterMs - 16 * minuteMs);
  expect(await statuses()).toEqual(['pending', 'pending', 'pending']);
  await runtime.advance(minuteMs + 10 * secondMs);
  expect(await statuses()).toEqual(['failed', 'pending', 'pending']);
  await runtime.advance(10 * minuteMs);
  expect(await statuses()).toEqual(['failed', 'failed', 'failed']);
});

describe.each(['call', 'message'] as const)('a %s that is left behind by a service which died later', (what) => {
  const leaveBehind = async (more: Partial<Parameters<typeof createEngine>[0]>) => {
    const world = openWorld();
    const other = await world.open(more);
    const told: (string | undefined)[] = [];
    other.on('delivery-lagging', ({ reason }) => told.push(reason));
    await world.runtime.advance(hourMs);
    const life = { isOver: false };
    const service = await world.service(life);
    const execution = await prepare(service, what);
    life.isOver = true;
    return { ...world, other, told, execution };
  };

  test('is told of, and failed in time, by a process with other handlers that ran all the while', async () => {
    const { runtime, other, told, execution } = await leaveBehind({ handlers: { somethingElse() {} } });
    await runtime.advance(5 * minuteMs);
    const reason = what === 'call' ? 'handler_missing' : 'delivery_missing';
    expect(told).toEqual([reason]);
    expect(other.stats().undelivered).toBe(1);
    await runtime.advance(giveUpAfterMs - 6 * minuteMs);
    expect((await other.executions.get(execution.id)).status).toBe('pending');
    await runtime.advance(3 * minuteMs);
    expect(await other.executions.get(execution.id)).toMatchObject({ status: 'failed', reason });
  });

  test('is left alone by one that only looks', async () => {
    const { runtime, other, execution } = await leaveBehind({});
    await runtime.advance(3 * giveUpAfterMs);
    expect((await other.executions.get(execution.id)).status).toBe('pending');
  });
});
