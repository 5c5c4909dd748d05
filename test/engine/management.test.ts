import { callHandler, createEngine, onRunMetric, onRunState, project, runEvent, sendNotification } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');
const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });

describe('handlers', () => {
  test('are told what rang, tried again for a minute when they throw, and never break an emit', async () => {
    const attempts: number[] = [];
    const { engine, runtime } = await openEngine({
      handlers: {
        stop({ attempt }) {
          attempts.push(attempt);
          throw new Error('not yet');
        },
      },
    });
    const trigger = onRunState({ scope, filter: runEvent.state.eq('failed') });
    await engine.automations.create({ name: 'stop-it', event: trigger, action: callHandler('stop') });
    const { fired } = await engine.emit(stateEvent('failed'));
    for (let more = true; more; more = await runtime.advanceToNextTimer()) await engine.idle();
    const execution = await engine.executions.get(String(fired[0]?.id));
    expect(execution).toMatchObject({ status: 'failed', reason: 'gave_up' });
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(execution.attempts[0]).toMatchObject({ message: 'not yet', error: 'handler_failed' });
  });

  test('that nobody gave are an issue at creation', async () => {
    const { engine } = await openEngine({ handlers: { stop() {} } });
    await expect(engine.automations.create({ name: 'x', event, action: callHandler('halt') })).rejects.toMatchObject({
      issues: [
        { code: 'unknown_handler', path: 'action.name', message: 'Expected the name of a handler (stop), got "halt"' },
      ],
    });
  });
});

describe('listeners', () => {
  test('that throw or reject harm nobody, and are reported', async () => {
    const { engine, logger, delivery, terminal } = await openEngine();
    engine.on('execution-created', () => {
      throw new Error('bad listener');
    });
    engine.on('execution-created', async () => {
      throw new Error('bad promise');
    });
    const seen: string[] = [];
    const stop = engine.on('execution-finished', ({ automationName }) => seen.push(automationName));
    await engine.automations.create({ name: 'high', event, action: sendNotification(terminal) });
    expect((await engine.emit(metricsEvent({ loss: 2 }))).fired).toHaveLength(1);
    await engine.idle();
    stop();
    await engine.emit(metricsEvent({ loss: 2 }, {}, 'run-2'));
    await engine.idle();
    expect(seen).toEqual(['high']);
    expect(delivery.delivered).toHaveLength(2);
    expect(logger.lines.filter((line) => line.includes('listener_failed'))).toHaveLength(4);
  });
});

describe('createEngine', () => {
  test.each([
    [undefined, 'storage'],
    [{}, 'storage'],
    [{ storage: memoryStorage(), commitTimeoutMs: 0 }, 'commitTimeoutMs'],
    [{ storage: memoryStorage(), maxLiveRuns: '10' }, 'maxLiveRuns'],
    [{ storage: memoryStorage(), limits: { eventDepth: -1 } }, 'limits.eventDepth'],
    [{ storage: memoryStorage(), limits: { eventDeep: 3 } }, 'got limits.eventDeep'],
    [{ storage: memoryStorage(), delivery: [] }, 'got delivery'],
    [{ storage: memoryStorage }, 'memoryStorage() at storage, got a function'],
    [{ storage: memoryStorage(), deliveries: {} }, 'a list at deliveries'],
    [
      { storage: memoryStorage(), deliveries: [consoleDelivery] },
      'consoleDelivery(), at deliveries[0], got a function',
    ],
    [{ storage: memoryStorage(), deliveries: [consoleDelivery(), consoleDelivery()] }, 'one delivery named "console"'],
    [{ storage: memoryStorage(), handlers: { stop: 'it' } }, 'handlers.stop'],
    [{ storage: memoryStorage(), secrets: { A: 'x' } }, 'envSecrets({ allow }) at secrets'],
    [{ storage: memoryStorage(), logger: console.log }, 'at logger'],
    [{ storage: memoryStorage(), runtime: {} }, 'at runtime'],
  ])('%# refuses options that can’t work, naming them', async (options, name) => {
    await expect(createEngine(options as never)).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining(name),
    });
  });
});
