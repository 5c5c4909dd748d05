import { type Delivery, onAnomaly, sendNotification, team } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../support/open-engine.js';

const detected = { type: 'anomaly.detected', entity: 'my-team', metric: 'payments', value: 1, timestamp: 5 } as const;

function png(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

/** An engine that rings on `payments`, and a delivery that keeps the pictures it is given. */
async function openPictured() {
  const storage = { ...memoryStorage() };
  const bytesSent: unknown[] = [];
  const delivery: Delivery = {
    name: 'console',
    integrationTypes: ['console'],
    capabilities: { images: true },
    deliver: async ({ image }) => {
      const bytes = await image?.();
      bytesSent.push(bytes === undefined ? undefined : Buffer.from(bytes));
      return {};
    },
  };
  const { engine, terminal, runtime } = await openEngine({ storage, deliveries: [delivery] });
  const { automation } = await engine.automations.create({
    name: 'alerts',
    event: onAnomaly({ scope: team('my-team'), filter: { metric: 'payments' } }),
    action: sendNotification(terminal, { title: '${metric_name}' }),
  });
  const ring = (more: { readonly image: Uint8Array; readonly metric?: string }) =>
    engine.emit({ ...detected, ...more });
  return { engine, runtime, storage, bytesSent, automation, ring };
}

describe('the picture of an anomaly, as bytes', () => {
  test('is kept when it rings, under a handle that stands in its place', async () => {
    const { engine, storage, bytesSent, ring } = await openPictured();
    const image = png(100);
    const [execution] = (await ring({ image })).fired;
    image.fill(0);
    await engine.idle();
    expect(bytesSent).toEqual([Buffer.from(png(100))]);
    expect(execution?.message?.image?.type).toBe('stored');
    expect(JSON.stringify(execution)).not.toContain('137');
    expect((await storage.listKeys({ prefix: 'image/', limit: 10 })).keys).toHaveLength(2);
  });

  test('is not kept when nothing rings', async () => {
    const { storage, ring } = await openPictured();
    await ring({ image: png(100), metric: 'other' });
    expect((await storage.listKeys({ prefix: 'image/', limit: 10 })).keys).toEqual([]);
  });

  test('is refused when it is none, or too large: nothing rings', async () => {
    const { ring, engine } = await openPictured();
    for (const image of [new Uint8Array(10), new Uint8Array(0), png(9 * 1024 * 1024)]) {
      await expect(ring({ image })).rejects.toMatchObject({ code: 'invalid_event', issues: [{ path: 'image' }] });
    }
    expect((await engine.executions.list()).items).toEqual([]);
  });

  test('can be previewed, and then is not kept', async () => {
    const { engine, storage, automation } = await openPictured();
    const { message } = await engine.preview(automation.id, { ...detected, image: png(100) });
    expect(message?.image?.type).toBe('stored');
    expect((await storage.listKeys({ prefix: 'image/', limit: 10 })).keys).toEqual([]);
  });

  test('keeps no alert waiting when the storage does not take it', async () => {
    const { storage, ring, runtime } = await openPictured();
    const { commit } = storage;
    storage.commit = (given) =>
      JSON.stringify(given).includes('"image/') ? new Promise(() => {}) : commit.call(storage, given);
    const rung = ring({ image: png(100) });
    await runtime.advance(2000);
    expect((await rung).fired).toHaveLength(1);
  });
});
