import { type Delivery, doNothing, onRunMetric, project, runEvent } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const closed = { code: 'engine_closed' };
const event = onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('loss').gt(1) });

describe('a closed engine', () => {
  test('refuses to be managed with engine_closed, from the moment close() is called', async () => {
    const { engine, terminal } = await openEngine();
    const { automation } = await engine.automations.create({ name: 'high', event, action: doNothing() });
    const isClosed = engine.close();
    const attempts: readonly (() => Promise<unknown>)[] = [
      () => engine.automations.create({ name: 'other', event, action: doNothing() }),
      () => engine.automations.delete(automation.id),
      () => engine.automations.update(automation.id, { name: 'another' }),
      () => engine.integrations.verify(terminal.id),
      () => engine.integrations.notify(terminal.id, { title: 'too late' }),
      () => engine.mutes.delete('1'),
      () => engine.images.put(new Uint8Array(8)),
      () => engine.routing.delete(),
      () => engine.executions.retry('1'),
      () => engine.executions.cancel({}),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(closed);
    await isClosed;
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(closed);
  });

  test('still shows its history and its definitions where the storage lets them be read', async () => {
    const { engine } = await openEngine();
    await engine.automations.create({ name: 'high', event, action: doNothing() });
    await engine.emit(metricsEvent({ loss: 2 }));
    await engine.close();
    expect((await engine.executions.list()).items).toMatchObject([{ automationName: 'high', status: 'finished' }]);
    expect((await engine.automations.list()).items).toMatchObject([{ name: 'high' }]);
    expect(await engine.integrations.list()).toMatchObject([{ name: 'terminal' }]);
  });
});

test('close() waits for a definition that is being written, and it is there at the next start', async () => {
  const runtime = manualRuntime();
  const kept = memoryStorage({ now: runtime.now });
  let isClosed = false;
  let letWrite = (): void => {};
  const storage = {
    ...kept,
    async commit(commit: Parameters<typeof kept.commit>[0]) {
      const isDefinition = commit.steps.some(({ write }) =>
        write.some((each) => 'key' in each && each.key.startsWith('automation/')),
      );
      if (isDefinition) {
        await new Promise<void>((resolve) => {
          letWrite = resolve;
        });
      }
      if (isClosed) throw new Error('closed');
      return kept.commit(commit);
    },
    async close() {
      isClosed = true;
    },
  };
  const { engine } = await openEngine({ storage, runtime });
  const created = engine.automations.create({ name: 'high', event, action: doNothing() });
  await runtime.advance(0);
  const ending = engine.close();
  await runtime.advance(1000);
  expect(isClosed).toBe(false);
  letWrite();
  await ending;
  const { automation } = await created;
  const next = await openEngine({ storage: kept, runtime });
  expect(await next.engine.automations.get(automation.id)).toEqual(automation);
});

test('close() does not wait for ever for a management call that never ends', async () => {
  const runtime = manualRuntime();
  const hanging: Delivery = {
    name: 'console',
    integrationTypes: ['console'],
    deliver: async () => ({}),
    verify: () => new Promise(() => {}),
  };
  const { engine, terminal } = await openEngine({ runtime, deliveries: [hanging], closeTimeoutMs: 1000 });
  void engine.integrations.verify(terminal.id).catch(() => {});
  let isOver = false;
  void engine.close().then(() => {
    isOver = true;
  });
  await runtime.advance(999);
  expect(isOver).toBe(false);
  await runtime.advance(1);
  expect(isOver).toBe(true);
});
