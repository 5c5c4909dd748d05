import { memoryStorage } from 'tocsin/storage/memory';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { unreliableStorage } from '../support/unreliable-storage.js';
import { hourMs, openMutes } from './open-mutes.js';

const dayMs = 24 * hourMs;

describe('the notices of a mute', () => {
  test('say what is muted, until when and why, and that it is over', async () => {
    const { engine, mute, arrived, route, runtime, automationId } = await openMutes();
    const startMs = runtime.now();
    await route('#quiet');
    const { id } = await mute({ matcher: { metric: 'payments.*', automationId, project: 'shop' } });
    await runtime.advance(hourMs);
    const fields = [
      { name: 'Until', value: '2026-01-01 01:00:00 UTC' },
      { name: 'Mute', value: id },
    ];
    const common = { severity: 'INFO', fields, links: [], automationName: 'tocsin' };
    const what = 'metric payments.*, automation anomalies, project shop';
    expect(arrived).toEqual([
      {
        channel: '#quiet',
        message: { ...common, title: `Muted: ${what}`, text: 'Payments are being deployed', atMs: startMs },
      },
      {
        channel: '#quiet',
        message: {
          ...common,
          title: `No longer muted: ${what}`,
          text: 'It was muted because: Payments are being deployed',
          atMs: startMs + hourMs,
        },
      },
    ]);
    const { items } = await engine.executions.list({ automationId: 'notice' });
    expect(items.map(({ status, automationName }) => [status, automationName])).toEqual([
      ['finished', 'tocsin'],
      ['finished', 'tocsin'],
    ]);
  });

  test.each([
    [{ automationId: 'gone' }, 'automation gone'],
    [{ run: 'run-1' }, 'run run-1'],
    [{ entity: 'my-team' }, 'team my-team'],
    [{ registry: 'models' }, 'registry models'],
    [{ eventType: 'run.alert' as const }, 'event run.alert'],
  ])('name %j as %s', async (matcher, words) => {
    const { mute, route, runtime, in: arrivedIn } = await openMutes();
    await route();
    await mute({ matcher });
    await runtime.advance(0);
    expect(arrivedIn('#default')).toEqual([`Muted: ${words}`]);
  });

  test('are not sent where there is no routing, or it has no default channel', async () => {
    const { engine, mute, arrived, runtime, ops } = await openMutes();
    await mute({ until: runtime.now() + 1000 });
    await runtime.advance(1000);
    await engine.routing.set({ integrationId: ops.id, channels: [['payments', '#payments']] } as never);
    await mute({ until: runtime.now() + 1000 });
    await runtime.advance(1000);
    expect(arrived).toEqual([]);
    expect(await engine.mutes.list()).toEqual([]);
  });

  test("go to the default channel of the entity's own routing, where it has one", async () => {
    const { engine, mute, route, runtime, in: arrivedIn } = await openMutes();
    await route('#shared');
    const own = await engine.integrations.create({
      type: 'custom',
      name: '#own',
      delivery: 'channels',
      entity: 'my-team',
    });
    await engine.routing.set({ integrationId: own.id, channels: [], defaultChannel: '#team' } as never);
    await mute({ matcher: { entity: 'my-team' } });
    await mute({ matcher: { entity: 'other-team' } });
    await mute();
    await runtime.advance(0);
    expect(arrivedIn('#team')).toEqual(['Muted: team my-team']);
    expect(arrivedIn('#shared')).toEqual(['Muted: team other-team', 'Muted: metric payments']);
  });

  test('are never muted themselves', async () => {
    const { mute, route, down, runtime, in: arrivedIn } = await openMutes();
    await route();
    down.add('#default');
    await mute({ matcher: { automationId: 'notice' } });
    await mute({ matcher: { eventType: 'custom.notice' } });
    await runtime.advance(0);
    await mute({ matcher: { metric: '*' }, until: runtime.now() + 1000 });
    down.clear();
    await runtime.advance(hourMs);
    expect(arrivedIn('#default').toSorted()).toEqual([
      'Muted: automation notice',
      'Muted: event custom.notice',
      'Muted: metric *',
      'No longer muted: automation notice',
      'No longer muted: event custom.notice',
      'No longer muted: metric *',
    ]);
  });

  test('of many mutes that end at once are all sent, each once', async () => {
    const { mute, route, runtime, in: arrivedIn } = await openMutes();
    await route();
    const until = runtime.now() + 1000;
    for (let number = 0; number < 100; number += 1) await mute({ matcher: { metric: `metric-${number}` }, until });
    await runtime.advance(999);
    expect(arrivedIn('#default').filter((title) => title.startsWith('No longer'))).toEqual([]);
    await runtime.advance(60_000);
    expect(new Set(arrivedIn('#default')).size).toBe(200);
    expect(arrivedIn('#default')).toHaveLength(200);
  });

  test('come on time for a mute of months, and for one that is made later and ends before', async () => {
    const { mute, route, runtime, in: arrivedIn } = await openMutes();
    const startMs = runtime.now();
    await route();
    await mute({ until: startMs + 60 * dayMs, matcher: { run: 'months' } });
    await mute({ until: startMs + 90 * 60_000, matcher: { run: 'minutes' } });
    await runtime.advance(90 * 60_000 - 1);
    expect(arrivedIn('#default')).toHaveLength(2);
    await runtime.advance(1);
    expect(arrivedIn('#default').slice(2)).toEqual(['No longer muted: run minutes']);
    await runtime.advance(60 * dayMs - 90 * 60_000 - 1);
    expect(arrivedIn('#default')).toHaveLength(3);
    await runtime.advance(1);
    expect(arrivedIn('#default').slice(3)).toEqual(['No longer muted: run months']);
  });

  test('need no timer that is longer than a host can set', async () => {
    const manual = manualRuntime();
    let longestMs = 0;
    const runtime: typeof manual = {
      ...manual,
      setTimer(callback, delayMs, options) {
        longestMs = Math.max(longestMs, delayMs);
        return manual.setTimer(callback, delayMs, options);
      },
    };
    const { engine, mute } = await openMutes({ runtime });
    await mute({ until: 8.64e15 });
    await manual.advance(2 * dayMs);
    expect(longestMs).toBeLessThan(2 ** 31);
    await engine.close();
    expect(manual.pendingTimers).toBe(0);
  });

  test('leave no timer behind', async () => {
    const { engine, mute, runtime } = await openMutes();
    await mute();
    await engine.close();
    expect(runtime.pendingTimers).toBe(0);
  });
});

test('a stored mute that is not what tocsin wrote is told by the record when an engine opens', async () => {
  const runtime = manualRuntime();
  const storage = memoryStorage({ now: runtime.now });
  const value = { formatVersion: 1, record: { id: 'mute-1', until: 5 } };
  await storage.commit({ steps: [{ write: [{ type: 'put', key: 'mute/mute-1', value }] }] });
  await expect(openMutes({ storage, runtime })).rejects.toMatchObject({
    code: 'storage_corrupt',
    message: expect.stringContaining('mute/mute-1'),
  });
});

describe('the end of a mute', () => {
  test('that came while no process ran is told by the next one, once', async () => {
    const runtime = manualRuntime();
    const storage = memoryStorage({ now: runtime.now });
    const before = await openMutes({ storage, runtime });
    await before.route();
    await before.mute();
    await before.engine.idle();
    await before.engine.close();
    await runtime.advance(3 * hourMs);
    const after = await openMutes({ storage, runtime });
    await runtime.advance(0);
    expect(after.in('#default')).toEqual(['No longer muted: metric payments']);
    expect(after.arrived[0]?.message.atMs).toBe(runtime.now() - 2 * hourMs);
    expect((await after.detect('payments')).fired).toHaveLength(1);
    await after.engine.close();
    const last = await openMutes({ storage, runtime });
    await runtime.advance(hourMs);
    expect(last.arrived).toEqual([]);
  });

  test('is tried again while the storage fails, and told once', async () => {
    const runtime = manualRuntime();
    let fails = false;
    const kept = memoryStorage({ now: runtime.now });
    const storage = unreliableStorage(kept, () => (fails ? { type: 'fails' } : undefined));
    const { mute, route, errors, in: arrivedIn } = await openMutes({ storage, runtime });
    await route();
    await mute();
    await runtime.advance(0);
    fails = true;
    await runtime.advance(hourMs + 60_000);
    expect(arrivedIn('#default')).toHaveLength(1);
    expect(errors.filter((error) => error.includes('disk on fire'))).toHaveLength(1);
    fails = false;
    await runtime.advance(10_000);
    expect(arrivedIn('#default')).toEqual(['Muted: metric payments', 'No longer muted: metric payments']);
    await runtime.advance(dayMs);
    expect(arrivedIn('#default')).toHaveLength(2);
  });

  test('is told once when the storage took it but never said so', async () => {
    const runtime = manualRuntime();
    let isLost = false;
    const kept = memoryStorage({ now: runtime.now });
    const storage = {
      ...kept,
      async commit(commit: Parameters<typeof kept.commit>[0]) {
        const result = await kept.commit(commit);
        if (isLost) throw new Error('connection lost');
        return result;
      },
    };
    const { mute, route, in: arrivedIn } = await openMutes({ storage, runtime });
    await route();
    await mute();
    await runtime.advance(0);
    isLost = true;
    await runtime.advance(hourMs);
    isLost = false;
    await runtime.advance(dayMs);
    expect(arrivedIn('#default')).toEqual(['Muted: metric payments', 'No longer muted: metric payments']);
  });
});
