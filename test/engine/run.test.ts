import {
  doNothing,
  onRunAlert,
  onRunMetric,
  onRunState,
  organization,
  project,
  runEvent,
  sendNotification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';
import { type CommitFate, unreliableStorage } from '../support/unreliable-storage.js';

const options = { entity: 'my-team', project: 'my-project', id: 'run-1', name: 'baseline' };
const scope = project('my-team', 'my-project');

describe('a run in a training loop', () => {
  test('rings for what it logs, in order, without the loop waiting for anything', async () => {
    const { engine, delivery, terminal } = await openEngine();
    await engine.automations.create({
      name: 'low',
      event: onRunMetric({ scope, filter: runEvent.metric('accuracy').avg(2).lt(0.5) }),
      action: sendNotification(terminal, { title: 'Low' }),
    });
    await engine.automations.create({
      name: 'ended',
      event: onRunState({ scope, filter: runEvent.state.eq('failed') }),
      action: sendNotification(terminal, { title: 'Failed', severity: 'ERROR' }),
    });
    const run = engine.startRun(options);
    for (const [step, accuracy] of [0.9, 0.4, 0.3].entries()) expect(run.log({ accuracy }, { step })).toBeUndefined();
    run.fail(new RangeError('loss is NaN'));
    await run.flush();
    await engine.idle();
    expect(delivery.delivered.map(({ title, step }) => [title, step])).toEqual([
      ['Low', '2'],
      ['Failed', undefined],
    ]);
    const { items: executions } = await engine.executions.list();
    expect(executions[0]?.message?.fields).toContainEqual({ name: 'Error', value: 'RangeError: loss is NaN' });
  });

  test('sends its own alerts to its integration and to automations, the same title once in its wait', async () => {
    const { engine, runtime, delivery, terminal } = await openEngine();
    await engine.automations.create({
      name: 'errors-only',
      event: onRunAlert({ scope, filter: { level: 'ERROR' } }),
      action: sendNotification(terminal, { title: 'An automation saw it' }),
    });
    const run = engine.startRun({ ...options, alertIntegrationId: terminal.id });
    run.alert({ title: 'Diverging', text: 'The loss doubled', level: 'error', waitMs: 1000 });
    run.alert({ title: 'Diverging', text: 'The loss doubled again', level: 'error', waitMs: 1000 });
    run.alert({ title: 'Slow', text: 'Two hours an epoch' });
    await run.flush();
    await runtime.advance(1000);
    run.alert({ title: 'Diverging', text: 'Still', waitMs: 1000 });
    await run.flush();
    await engine.idle();
    expect(delivery.delivered.map(({ title }) => title)).toEqual([
      'Diverging',
      'An automation saw it',
      'Slow',
      'Diverging',
    ]);
  });

  test('is in the organization that it says, with all it logs', async () => {
    const { engine } = await openEngine();
    const inside = organization('acme');
    const low = onRunMetric({ scope: inside, filter: runEvent.metric('accuracy').lt(0.5) });
    await engine.automations.create({ name: 'low', event: low, action: doNothing() });
    await engine.automations.create({ name: 'states', event: onRunState({ scope: inside }), action: doNothing() });
    for (const place of [{ ...options, organization: 'acme' }, options]) {
      const run = engine.startRun(place);
      run.log({ accuracy: 0.1 }, { step: 7 });
      run.finish();
      await run.flush();
    }
    const { items: executions } = await engine.executions.list();
    const [finished, logged, running] = executions.map(({ event }) => event);
    expect(executions).toHaveLength(3);
    expect([finished?.['state'], running?.['state']]).toEqual(['finished', 'running']);
    expect(logged).toMatchObject({ organization: 'acme', run: { id: 'run-1' }, metrics: { accuracy: 0.1 }, step: 7 });
  });

  test('tells of a hundred metrics that are no numbers, and of no more', async () => {
    const { engine, logger } = await openEngine();
    const run = engine.startRun(options);
    for (let number = 0; number < 150; number += 1) run.log({ [`metric-${number}`]: 'high' as never });
    await run.flush();
    expect(logger.lines).toHaveLength(100);
  });

  test('reports a value that is no number, and counts the others', async () => {
    const { engine, logger, terminal } = await openEngine();
    await engine.automations.create({
      name: 'low',
      event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.5) }),
      action: sendNotification(terminal),
    });
    const run = engine.startRun(options);
    run.log({ accuracy: 0.1, 'val/loss': 'high' as never }, { step: Number.NaN });
    for (let again = 0; again < 3; again += 1) run.log({ 'val/loss': 'higher' as never });
    await run.flush();
    expect((await engine.executions.list()).items).toHaveLength(1);
    expect(logger.lines).toEqual([
      'tocsin: Run run-1: Expected a number at metrics["val/loss"], got "high" {"code":"invalid_event"}',
      'tocsin: Run run-1: Expected a finite number at step, got NaN {"code":"invalid_event"}',
    ]);
  });

  test('that failed does not finish as well, as a catch and a finally would have it', async () => {
    const { engine } = await openEngine();
    await engine.automations.create({ name: 'ended', event: onRunState({ scope }), action: doNothing() });
    const run = engine.startRun(options);
    run.log({ loss: 1 });
    run.fail(new Error('out of memory'));
    run.finish();
    run.fail();
    await run.flush();
    const states = (await engine.executions.list()).items.map(({ event }) => event['state']);
    expect(states).toEqual(['failed', 'running']);
    run.log({ loss: 1 });
    run.finish();
    await run.flush();
    expect((await engine.executions.list({ limit: 1 })).items[0]?.event['state']).toBe('finished');
  });

  test('NaN and the infinities are values, not faults', async () => {
    const { engine, logger, terminal } = await openEngine();
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(100) });
    await engine.automations.create({ name: 'high', event, action: sendNotification(terminal) });
    const run = engine.startRun(options);
    run.log({ loss: Number.NaN });
    run.log({ loss: Number.POSITIVE_INFINITY });
    await run.flush();
    const { items: executions } = await engine.executions.list();
    expect(executions.map(({ event: { metrics } }) => metrics)).toEqual([{ loss: 'Infinity' }]);
    expect(logger.lines).toEqual([]);
  });

  const hostile: unknown[] = [
    undefined,
    null,
    42,
    'loss',
    [1, 2],
    { loss: 1n },
    { loss: Symbol('x') },
    { loss: () => 1 },
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    ),
    {
      get loss() {
        throw new Error('getter');
      },
    },
    {
      toString() {
        throw new Error('toString');
      },
    },
  ];

  test('nothing that it is given can throw, reject, or crash the process', async () => {
    const { engine, logger } = await openEngine();
    const rejections: unknown[] = [];
    const keep = (reason: unknown): number => rejections.push(reason);
    process.on('unhandledRejection', keep);
    const call = (method: unknown, ...given: unknown[]): unknown =>
      (method as (...given: unknown[]) => unknown)(...given);
    for (const runOptions of [options, undefined, null, {}, { ...options, config: hostile[9] }]) {
      const run = call(engine.startRun, runOptions) as ReturnType<typeof engine.startRun>;
      for (const value of hostile) {
        expect(call(run.log, value, value)).toBeUndefined();
        expect(call(run.log, { loss: 1 }, value)).toBeUndefined();
        expect(call(run.alert, value)).toBeUndefined();
        expect(call(run.fail, value)).toBeUndefined();
      }
      expect(call(run.finish, 'ignored')).toBeUndefined();
      await run.flush();
    }
    await engine.close();
    const late = engine.startRun(options);
    late.log({ loss: 1 });
    await late.flush();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', keep);
    expect(rejections).toEqual([]);
    expect(logger.lines.length).toBeGreaterThan(20);
  });

  test('a storage that fails is reported, and the run goes on', async () => {
    let fate: CommitFate | undefined;
    const { engine, logger, terminal } = await openEngine({ storage: unreliableStorage(memoryStorage(), () => fate) });
    const event = onRunMetric({ scope, filter: runEvent.metric('loss').gt(1) });
    await engine.automations.create({ name: 'high', event, action: sendNotification(terminal) });
    const run = engine.startRun(options);
    fate = { type: 'fails' };
    run.log({ loss: 2 });
    await run.flush();
    fate = undefined;
    expect(logger.lines[0]).toContain('storage_unavailable');
    run.log({ loss: 3 });
    await run.flush();
    expect((await engine.executions.list()).items).toHaveLength(1);
  });
});
