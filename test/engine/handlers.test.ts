import { callHandler, createEngine, type HandlerCall, onRunState, organization, project, runEvent, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { stateEvent } from '../support/events.js';
import { type OpenedEngine, openEngine } from '../support/open-engine.js';

const isFailed = runEvent.state.eq('failed');
const event = onRunState({ scope: project('my-team', 'my-project'), filter: isFailed });
const stopIt = { name: 'stop-it', event, action: callHandler('stopRun') };

/** Lets everything happen that waits for time. */
async function settle({ engine, runtime }: OpenedEngine): Promise<void> {
  for (let more = true; more; more = await runtime.advanceToNextTimer()) await engine.idle();
}

describe('a handler', () => {
  test('is told which execution, attempt and event it is called for', async () => {
    const calls: HandlerCall[] = [];
    const opened = await openEngine({ handlers: { stopRun: (call) => calls.push(call) } });
    const { automation } = await opened.engine.automations.create(stopIt);
    const { fired } = await opened.engine.emit(stateEvent('failed'));
    await opened.engine.idle();
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      executionId: fired[0]?.id,
      automationId: automation.id,
      automationName: 'stop-it',
      attempt: 1,
      event: { type: 'run.state', state: 'failed', entity: 'my-team' },
    });
    expect(calls[0]?.signal.aborted).toBe(false);
    expect(await opened.engine.executions.get(String(fired[0]?.id))).toMatchObject({ status: 'finished' });
  });

  test('that fails is called again with the same execution id, and is done when it works', async () => {
    const calls: HandlerCall[] = [];
    const opened = await openEngine({
      handlers: {
        async stopRun(call) {
          calls.push(call);
          if (calls.length < 3) throw new Error('not yet');
        },
      },
    });
    await opened.engine.automations.create(stopIt);
    const { fired } = await opened.engine.emit(stateEvent('failed'));
    await settle(opened);
    expect(calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(calls.map(({ executionId }) => executionId))).toEqual(new Set([fired[0]?.id]));
    expect((await opened.engine.executions.get(String(fired[0]?.id))).status).toBe('finished');
  });

  test('is tried for a minute and not longer', async () => {
    const timesMs: number[] = [];
    const opened = await openEngine({
      handlers: {
        stopRun() {
          timesMs.push(opened.runtime.now());
          throw new Error('never');
        },
      },
    });
    await opened.engine.automations.create(stopIt);
    const { fired } = await opened.engine.emit(stateEvent('failed'));
    await settle(opened);
    const execution = await opened.engine.executions.get(String(fired[0]?.id));
    expect(execution).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(Number(timesMs.at(-1)) - execution.createdAt).toBe(60_000);
  });

  test('that hangs gets its signal aborted, and is given up', async () => {
    const calls: HandlerCall[] = [];
    const opened = await openEngine({
      deliveryTimeoutMs: 5000,
      handlers: {
        stopRun(call) {
          calls.push(call);
          return new Promise(() => {});
        },
      },
    });
    await opened.engine.automations.create(stopIt);
    const { fired } = await opened.engine.emit(stateEvent('failed'));
    let isIdle = false;
    void opened.engine.idle().then(() => {
      isIdle = true;
    });
    await opened.runtime.advance(4999);
    expect([calls.length, calls[0]?.signal.aborted, isIdle]).toEqual([1, false, false]);
    await opened.runtime.advance(1);
    expect(calls[0]?.signal.aborted).toBe(true);
    for (let minute = 0; minute < 3; minute += 1) await opened.runtime.advance(60_000);
    const execution = await opened.engine.executions.get(String(fired[0]?.id));
    expect(execution).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(new Set(execution.attempts.map(({ error }) => error))).toEqual(new Set(['timeout']));
    expect(calls.every(({ signal }) => signal.aborted)).toBe(true);
  });

  test('that is at work when the engine closes gets its signal aborted', async () => {
    const calls: HandlerCall[] = [];
    const { engine, runtime } = await openEngine({
      handlers: {
        stopRun(call) {
          calls.push(call);
          return new Promise(() => {});
        },
      },
    });
    await engine.automations.create(stopIt);
    await engine.emit(stateEvent('failed'));
    await runtime.advance(0);
    const closed = engine.close();
    await runtime.advance(60_000);
    await closed;
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  test('may change the event it is given: no later attempt and no record sees it', async () => {
    const seen: unknown[] = [];
    const opened = await openEngine({
      handlers: {
        stopRun({ event: given }) {
          seen.push(given['state']);
          (given as Record<string, unknown>)['state'] = 'bent';
          throw new Error('again');
        },
      },
    });
    await opened.engine.automations.create(stopIt);
    const { fired } = await opened.engine.emit(stateEvent('failed'));
    await settle(opened);
    expect(new Set(seen)).toEqual(new Set(['failed']));
    expect((await opened.engine.executions.get(String(fired[0]?.id))).event['state']).toBe('failed');
  });
});

describe('a handler that is restricted', () => {
  const deployed: string[] = [];
  const handlers = {
    notify: () => {},
    deploy: {
      handler: ({ event: { entity } }: HandlerCall) => deployed.push(String(entity)),
      entities: ['ml-platform'],
    },
  };
  const action = callHandler('deploy');

  test('can be named by automations of its entities alone', async () => {
    const { engine } = await openEngine({ handlers });
    const create = (entity: string) =>
      engine.automations.create({ name: 'd', event: onRunState({ scope: team(entity), filter: isFailed }), action });
    await create('ml-platform');
    await expect(create('my-team')).rejects.toMatchObject({
      code: 'invalid_automation',
      issues: [
        {
          code: 'handler_not_allowed',
          path: 'action.name',
          message: 'Expected a handler that my-team may call (notify), got "deploy"',
        },
      ],
    });
  });

  test('can’t be named by an automation on a whole organization, which belongs to no entity', async () => {
    const { engine } = await openEngine({ handlers });
    const trigger = onRunState({ scope: organization('ml-platform'), filter: isFailed });
    await expect(engine.automations.create({ name: 'd', event: trigger, action })).rejects.toMatchObject({
      issues: [{ code: 'handler_not_allowed' }],
    });
    await engine.automations.create({ name: 'd', event: trigger, action: callHandler('notify') });
  });

  test('can’t be reached by moving an automation to another scope', async () => {
    const { engine } = await openEngine({ handlers });
    const trigger = onRunState({ scope: team('ml-platform'), filter: isFailed });
    const { automation } = await engine.automations.create({ name: 'd', event: trigger, action });
    await expect(
      engine.automations.update(automation.id, { event: { ...trigger, scope: team('my-team') } }),
    ).rejects.toMatchObject({ issues: [{ code: 'handler_not_allowed' }] });
  });

  test('is not called for an automation from before it was restricted', async () => {
    const storage = memoryStorage();
    const before = await openEngine({ storage, handlers: { deploy: handlers.deploy.handler } });
    const trigger = onRunState({ scope: team('my-team'), filter: isFailed });
    await before.engine.automations.create({ name: 'd', event: trigger, action });
    await before.engine.close();
    deployed.length = 0;
    const engine = await createEngine({
      storage,
      handlers,
      logger: before.logger,
      runtime: manualRuntime({ seed: 2 }),
    });
    const { fired } = await engine.emit(stateEvent('failed'));
    await engine.idle();
    expect(await engine.executions.get(String(fired[0]?.id))).toMatchObject({
      status: 'failed',
      reason: 'handler_not_allowed',
      attempts: [],
    });
    expect(deployed).toEqual([]);
  });

  test('is called as a method of its object, and does what it does for its own', async () => {
    deployed.length = 0;
    const { engine } = await openEngine({ handlers });
    const trigger = onRunState({ scope: team('ml-platform'), filter: isFailed });
    await engine.automations.create({ name: 'd', event: trigger, action });
    await engine.emit({ ...stateEvent('failed'), entity: 'ml-platform' });
    await engine.emit(stateEvent('failed'));
    await engine.idle();
    expect(deployed).toEqual(['ml-platform']);
  });
});

test.each([
  [new Map([['stop', () => {}]]), 'Expected an object of functions at handlers, got a Map'],
  [[() => {}], 'Expected an object of functions at handlers, got a list'],
  [{ stop: 'it' }, 'Expected a function or { handler, entities } at handlers.stop, got "it"'],
  [{ stop: { handler: 'it', entities: [] } }, 'Expected a function at handlers.stop.handler, got "it"'],
  [{ stop: { handler() {} } }, 'Expected a list of entities at handlers.stop.entities, got nothing'],
  [{ stop: { handler() {}, entities: 'mine' } }, 'Expected a list of entities at handlers.stop.entities, got "mine"'],
  [{ stop: { handler() {}, entities: ['a', 5] } }, 'Expected an entity at handlers.stop.entities[1], got 5'],
  [{ stop: { handler() {}, entity: ['a'] } }, 'Expected one of handler, entities, got handlers.stop.entity'],
])('%# handlers that can’t work are refused when the engine is made', async (handlers, message) => {
  await expect(openEngine({ handlers: handlers as never })).rejects.toMatchObject({ code: 'invalid_options', message });
});
