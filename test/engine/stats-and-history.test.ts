import { type Delivery, DeliveryError, onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const scope = project('my-team', 'my-project');

test('engine.stats counts automations, runs, windows, and what waits to be delivered', async () => {
  let isDown = true;
  const delivery: Delivery = {
    name: 'console',
    integrationTypes: ['console'],
    async deliver() {
      if (isDown) throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'It is down' });
      return {};
    },
  };
  const { engine, runtime, terminal } = await openEngine({ deliveries: [delivery] });
  const nothing = {
    automations: 0,
    enabledAutomations: 0,
    liveRuns: 0,
    windows: 0,
    windowValues: 0,
    projectValues: 0,
    emitsInFlight: 0,
    queuedCommits: 0,
    undelivered: 0,
    oldestUndeliveredAtMs: undefined,
    lanes: 0,
  };
  expect(engine.stats()).toEqual(nothing);

  const loss = runEvent.metric('loss');
  const filters = [loss.avg(5, { minSamples: 1 }).gt(1), loss.avg(5, { minSamples: 1 }).gt(2), loss.zscore(10).gt(3)];
  for (const [index, filter] of filters.entries()) {
    await engine.automations.create({
      name: `ring ${index}`,
      event: onRunMetric({ scope, filter }),
      action: sendNotification(terminal),
    });
  }
  const startedAtMs = runtime.now();
  for (const run of ['a', 'b']) {
    await engine.emit(metricsEvent({ loss: 1.5 }, {}, run));
    await runtime.advance(10);
  }
  expect(engine.stats()).toMatchObject({
    automations: 3,
    enabledAutomations: 3,
    liveRuns: 2,
    // The two averages share one; a z-score takes the last value, and the spread of those before.
    windows: 6,
    undelivered: 2,
    oldestUndeliveredAtMs: startedAtMs,
    lanes: 1,
  });
  expect(engine.stats().windowValues).toBeGreaterThan(0);

  const [first] = (await engine.automations.list()).items;
  await engine.automations.disable(first?.id ?? '');
  expect(engine.stats()).toMatchObject({ enabledAutomations: 2, undelivered: 0, oldestUndeliveredAtMs: undefined });
  await engine.emit(metricsEvent({ loss: 2.5 }, {}, 'c'));
  expect(engine.stats().undelivered).toBe(1);
  isDown = false;
  await runtime.advance(60_000);
  await engine.idle();
  for (const run of ['a', 'b', 'c']) await engine.emit(stateEvent('finished', {}, run));
  expect(engine.stats()).toMatchObject({ liveRuns: 0, windows: 0, windowValues: 0, undelivered: 0 });
});

test.each([
  [{ automation: 'x' }, 'automation'],
  [{ status: 'fired' }, 'status'],
  [{ since: '2026-01-01' }, 'since'],
  [{ limit: 'x' }, 'limit'],
  ['all', ''],
])('engine.executions.list refuses the query %j, which would list something else', async (query, path) => {
  const { engine } = await openEngine();
  await expect(engine.executions.list(query as never)).rejects.toMatchObject({
    code: 'invalid_options',
    message: expect.stringContaining(path),
  });
});
