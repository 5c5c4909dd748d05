import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeliveryError, type EngineOptions, onAnomaly, onEvent, type Storage, sendNotification, team } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';
import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test, vi } from 'vitest';
import { openEngine } from '../support/open-engine.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function png(length = 100): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

/** An engine that rings for each anomaly, in a storage that outlives it, and a destination that can be down. */
async function openPictured(options: Partial<Omit<EngineOptions, 'runtime'>> = {}) {
  const runtime = manualRuntime();
  const memory = memoryStorage({ now: runtime.now });
  const storage: Storage = { ...memory, capabilities: { durable: true, shared: false } };
  const destination = { isDown: false };
  const pictures: (number | undefined)[] = [];
  const opened = await openEngine({
    storage,
    runtime,
    deliveries: [
      {
        name: 'console',
        integrationTypes: ['console'],
        capabilities: { images: true },
        async deliver({ image }) {
          if (destination.isDown) throw new DeliveryError({ kind: 'unavailable', reason: 'down', message: 'Down' });
          pictures.push((await image?.())?.length);
          return {};
        },
      },
    ],
    logger: { warn() {}, error() {} },
    ...options,
  });
  await opened.engine.automations.create({
    name: 'alerts',
    event: onAnomaly({ scope: team('my-team') }),
    action: sendNotification(opened.terminal, { title: '${metric_name}' }),
  });
  let timestamp = 0;
  const ring = async (image?: Uint8Array | string) => {
    timestamp += 1;
    const about = { entity: 'my-team', metric: `m${timestamp}`, value: 1, timestamp };
    const event = { type: 'anomaly.detected', ...about, ...(image === undefined ? {} : { image }) } as const;
    const [execution] = (await opened.engine.emit(event)).fired;
    await opened.engine.idle();
    return execution;
  };
  const handlesLeft = async (): Promise<string[]> => {
    const { keys } = await storage.listKeys({ prefix: 'image/', limit: 1000 });
    return [...new Set(keys.map((key) => String(key.split('/')[1])))];
  };
  const usesLeft = async () => (await storage.listKeys({ prefix: 'image-use/', limit: 1000 })).keys.length;
  return { ...opened, runtime, storage, destination, pictures, ring, handlesLeft, usesLeft };
}

describe('the picture of an event', () => {
  test('goes with the execution that shows it, also when that goes because there are too many', async () => {
    const { engine, runtime, ring, handlesLeft, usesLeft } = await openPictured({ maxExecutions: 3 });
    const handles: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      const execution = await ring(png());
      const image = execution?.message?.image;
      handles.push(image?.type === 'stored' ? image.handle : '');
    }
    expect(await handlesLeft()).toEqual(handles);
    await runtime.advance(minuteMs);
    expect((await engine.executions.list()).items).toHaveLength(3);
    expect(await handlesLeft()).toEqual(handles.slice(-3));
    await runtime.advance(31 * dayMs);
    expect([await handlesLeft(), await usesLeft()]).toEqual([[], 0]);
  });

  test('stays while its message waits, however old it is and whatever came since', async () => {
    const { engine, runtime, destination, pictures, ring, handlesLeft } = await openPictured({
      maxExecutions: 1,
      executionRetentionMs: hourMs,
    });
    destination.isDown = true;
    await ring(png(500));
    for (let count = 0; count < 5; count += 1) await ring();
    await runtime.advance(5 * hourMs);
    expect(await handlesLeft()).toHaveLength(1);
    destination.isDown = false;
    await runtime.advance(10 * minuteMs);
    await engine.idle();
    expect(pictures[0]).toBe(500);
    await runtime.advance(2 * hourMs);
    expect(await handlesLeft()).toEqual([]);
  });

  test('goes after an hour when its event could not be committed', async () => {
    const { runtime, storage, ring, handlesLeft, usesLeft } = await openPictured();
    const { commit } = storage;
    const broken = storage as { commit: Storage['commit'] };
    broken.commit = (given) =>
      JSON.stringify(given).includes('"image/') ? commit(given) : Promise.reject(new Error('disk on fire'));
    await expect(ring(png())).rejects.toMatchObject({ code: 'storage_unavailable' });
    broken.commit = commit;
    await runtime.advance(hourMs - minuteMs);
    expect(await handlesLeft()).toHaveLength(1);
    await runtime.advance(hourMs);
    expect([await handlesLeft(), await usesLeft()]).toEqual([[], 0]);
  });
});

describe('a picture that the host gave', () => {
  test('stays until an event names it, whatever rings meanwhile, and then goes with the last execution that shows it', async () => {
    const { engine, runtime, pictures, ring, handlesLeft } = await openPictured({ maxExecutions: 2 });
    const handle = await engine.images.put(png(700));
    for (let count = 0; count < 5; count += 1) await ring();
    await runtime.advance(20 * dayMs);
    expect(await handlesLeft()).toEqual([handle]);
    await ring(handle);
    await ring();
    await ring(handle);
    await runtime.advance(hourMs);
    expect(pictures.filter((bytes) => bytes !== undefined)).toEqual([700, 700]);
    await ring();
    await runtime.advance(20 * dayMs);
    expect(await handlesLeft()).toEqual([handle]);
    await ring();
    await runtime.advance(hourMs);
    expect(await handlesLeft()).toEqual([]);
  });

  test('stays while an automation names it, also through a month in which nothing rings', async () => {
    const { engine, terminal, runtime, pictures, handlesLeft } = await openPictured();
    const handle = await engine.images.put(png(900));
    const { automation } = await engine.automations.create({
      name: 'pictured',
      event: onEvent('custom.deployed', { scope: team('my-team') }),
      action: sendNotification(terminal, { title: 'deployed', image: handle }),
    });
    const ring = async () => {
      await engine.emit({ type: 'custom.deployed', entity: 'my-team', payload: {} });
      await engine.idle();
    };
    await ring();
    await runtime.advance(32 * dayMs);
    expect((await engine.executions.list()).items).toEqual([]);
    await ring();
    expect(pictures).toEqual([900, 900]);
    await engine.automations.delete(automation.id);
    await runtime.advance(29 * dayMs);
    expect(await handlesLeft()).toEqual([handle]);
    await runtime.advance(2 * dayMs);
    expect(await handlesLeft()).toEqual([]);
  });

  test('is let go when an hourly look at pictures was cut off after the executions had gone', async () => {
    const { storage, runtime, ring, handlesLeft, usesLeft } = await openPictured({ maxExecutions: 1 });
    for (let count = 0; count < 4; count += 1) await ring(png());
    const { deleteRange } = storage;
    const broken = storage as { deleteRange: Storage['deleteRange'] };
    broken.deleteRange = () => Promise.reject(new Error('disk on fire'));
    await runtime.advance(hourMs);
    expect(await handlesLeft()).toHaveLength(4);
    broken.deleteRange = deleteRange;
    await runtime.advance(hourMs);
    expect([(await handlesLeft()).length, await usesLeft()]).toEqual([1, 2]);
  });
});

test('a file that pictures have filled takes pictures again once retention has been there', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-images-'));
  const storage = fileStorage({ path, maxBytes: 8 * 2 ** 20 });
  // Its own clock: what it writes and frees is real.
  const { engine, runtime, ring } = await openPictured({ storage, maxExecutions: 5, retentionIntervalMs: minuteMs });
  try {
    let refused = 0;
    engine.on('error', ({ cause }) => {
      expect(cause).toMatchObject({ code: 'storage_full' });
      refused += 1;
    });
    for (let count = 0; count < 60 && refused === 0; count += 1) await ring(png(200_000));
    expect(refused).toBe(1);
    const picturesLeft = async (): Promise<number> => {
      const { keys } = await storage.listKeys({ prefix: 'image/', limit: 1000 });
      return new Set(keys.map((key) => key.split('/')[1])).size;
    };
    await runtime.advance(2000);
    await vi.waitFor(async () => expect(await picturesLeft()).toBeLessThanOrEqual(6), { timeout: 10_000 });
    const before = await picturesLeft();
    await ring(png(200_000));
    expect([await picturesLeft(), refused]).toEqual([before + 1, 1]);
  } finally {
    await engine.close();
    await rm(path, { recursive: true, force: true });
  }
});
