import {
  createEngine,
  DeliveryError,
  doNothing,
  type EngineOptions,
  type Execution,
  onAddArtifactAlias,
  registry,
  type Storage,
  sendNotification,
} from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { executionAt, longAgoMs, record } from '../record/executions.js';
import { aliasAdded } from '../support/events.js';
import { openEngine } from '../support/open-engine.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const anyAlias = onAddArtifactAlias({ scope: registry('my-team', 'models') });

/** A storage that outlives its engine, in memory. */
function durableStorage(): Storage {
  return { ...memoryStorage(), capabilities: { durable: true, shared: false } };
}

async function everything(engine: { readonly executions: { export(): AsyncIterable<string> } }): Promise<Execution[]> {
  const executions: Execution[] = [];
  for await (const line of engine.executions.export()) executions.push(JSON.parse(line));
  return executions;
}

describe('retention', () => {
  test('keeps executions for 30 days and the newest 100,000, unless it is told otherwise', async () => {
    const storage = durableStorage();
    const startMs = longAgoMs + 100 * dayMs;
    const ages = [29, 31, 30.5, 1, 99];
    await record(
      storage,
      ages.map((days) => executionAt(startMs - days * dayMs)),
    );
    const runtime = manualRuntime({ startMs });
    const { engine } = await openEngine({ storage, runtime });
    await runtime.advance(minuteMs);
    const left = (await everything(engine)).map(({ createdAt }) => (startMs - createdAt) / dayMs);
    expect(left).toEqual([29, 1]);
    await runtime.advance(dayMs + hourMs);
    expect(await everything(engine)).toHaveLength(1);
    await engine.close();
    expect(runtime.pendingTimers).toBe(0);
  });

  test('deletes the oldest beyond maxExecutions each hour, and never what waits to be delivered', async () => {
    let isDown = true;
    const { engine, runtime, terminal } = await openEngine({
      storage: durableStorage(),
      maxExecutions: 2,
      deliveries: [
        {
          name: 'console',
          integrationTypes: ['console'],
          async deliver() {
            if (isDown) throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'It is down' });
            return {};
          },
        },
      ],
    });
    await engine.automations.create({ name: 'ring', event: anyAlias, action: sendNotification(terminal) });
    for (const alias of ['a', 'b', 'c', 'd', 'e']) await engine.emit(aliasAdded(alias));
    await engine.automations.create({ name: 'dry run', event: anyAlias, action: doNothing() });
    for (const alias of ['f', 'g']) await engine.emit(aliasAdded(alias));
    await runtime.advance(minuteMs);
    const statuses = async () => (await everything(engine)).map(({ status }) => status);
    // The dry run of f is the third newest.
    expect(await statuses()).toEqual([...Array<string>(7).fill('pending'), 'finished']);
    isDown = false;
    await runtime.advance(hourMs - 1);
    expect(await statuses()).toEqual(Array<string>(8).fill('finished'));
    await runtime.advance(minuteMs);
    expect(await statuses()).toEqual(Array<string>(2).fill('finished'));
    await engine.close();
  });

  test('holds for a storage that is only in memory too, which has no timer for it', async () => {
    const { engine, runtime } = await openEngine({ maxExecutions: 10 });
    await engine.automations.create({ name: 'dry run', event: anyAlias, action: doNothing() });
    for (let version = 0; version < 50; version += 1) await engine.emit(aliasAdded(`v${version}`));
    expect(runtime.pendingTimers).toBe(0);
    expect(await everything(engine)).toHaveLength(50);
    await runtime.advance(minuteMs);
    await engine.emit(aliasAdded('last'));
    await runtime.advance(0);
    const left = await everything(engine);
    expect(left).toHaveLength(10);
    expect(left.at(-1)?.event).toMatchObject({ alias: 'last' });
    await engine.close();
  });

  test('tells of a storage that fails once a round, and does its work when the storage is back', async () => {
    const memory = durableStorage();
    await record(
      memory,
      Array.from({ length: 20 }, (_, index) => executionAt(longAgoMs + index)),
    );
    let isDown = false;
    const storage: Storage = {
      ...memory,
      listKeys: (query) => (isDown ? Promise.reject(new Error('disk on fire')) : memory.listKeys(query)),
    };
    const runtime = manualRuntime({ startMs: longAgoMs });
    const { engine } = await openEngine({ storage, runtime, maxExecutions: 5, retentionIntervalMs: 10 * minuteMs });
    const errors: string[] = [];
    engine.on('error', ({ code }) => errors.push(code));
    isDown = true;
    await runtime.advance(minuteMs);
    expect(errors).toEqual(['storage_unavailable']);
    isDown = false;
    await runtime.advance(10 * minuteMs);
    expect([errors.length, (await everything(engine)).length]).toEqual([1, 5]);
    await engine.close();
  });

  test.each([
    { maxExecutions: 0 },
    { executionRetentionMs: -1 },
    { retentionIntervalMs: Number.NaN },
    { maxExecutions: '5' },
  ])('refuses %j', async (options) => {
    const [name] = Object.keys(options);
    await expect(
      createEngine({ storage: memoryStorage(), ...(options as Partial<EngineOptions>) }),
    ).rejects.toMatchObject({ code: 'invalid_options', message: expect.stringContaining(String(name)) });
  });
});
