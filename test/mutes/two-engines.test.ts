import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { quiet } from '../engine/two-engines-sharing.js';
import { openShared, type SharedData } from '../storage/shared-storage.js';
import { hourMs, type OpenedMutes, openMutes } from './open-mutes.js';

interface Two {
  readonly runtime: ManualRuntime;
  readonly data: SharedData;
  readonly one: OpenedMutes;
  readonly other: OpenedMutes;
  /** Moves the clock, and lets all that it sets off come to its end. */
  pass(ms: number): Promise<void>;
}

/** Two engines as two processes have them. */
async function openTwo(): Promise<Two> {
  const runtime = manualRuntime();
  const data: SharedData = { kept: memoryStorage({ now: runtime.now }), queue: Promise.resolve() };
  const one = await openMutes({ storage: openShared(data), runtime });
  const other = await openMutes({ storage: openShared(data), runtime });
  const pass = async (ms: number): Promise<void> => {
    await quiet(runtime, data);
    await runtime.advance(ms);
    await quiet(runtime, data);
  };
  await pass(1000);
  return { runtime, data, one, other, pass };
}

describe('two engines', () => {
  test('hear of each other’s mutes within a second, and of their end by hand', async () => {
    const { one, other, pass } = await openTwo();
    const made = await one.mute();
    await pass(1000);
    expect(await other.engine.mutes.list()).toEqual([made]);
    expect((await other.detect('payments')).reasons).toEqual(['muted']);
    await other.engine.mutes.delete(made.id);
    expect(await other.engine.mutes.list()).toEqual([]);
    await pass(1000);
    expect(await one.engine.mutes.list()).toEqual([]);
    expect((await one.detect('payments')).fired).toHaveLength(1);
  });

  test('find and delete a mute at once that the other has just made', async () => {
    const { one, other } = await openTwo();
    const made = await one.mute();
    expect(await other.engine.mutes.get(made.id)).toEqual(made);
    const next = await one.mute();
    await other.engine.mutes.delete(next.id);
    await expect(one.engine.mutes.delete(next.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('cancel what waits in either of them', async () => {
    const { one, other, pass } = await openTwo();
    for (const { down } of [one, other]) down.add('#ops');
    const [ofOne] = (await one.detect('payments.one')).fired;
    const [ofOther] = (await other.detect('payments.other')).fired;
    await pass(0);
    await other.mute();
    for (const fired of [ofOne, ofOther]) {
      expect(await one.engine.executions.get(fired?.id ?? '')).toMatchObject({ status: 'cancelled', reason: 'muted' });
    }
  });

  test('send one notice of the end together, at the same millisecond', async () => {
    const { one, other, pass, data, runtime } = await openTwo();
    await one.route();
    await pass(1000);
    await one.mute({ until: runtime.now() + 60_000 });
    await pass(1000);
    await pass(59_000 - 1);
    const told = (): string[] => [...one.in('#default'), ...other.in('#default')];
    expect(told()).toEqual(['Muted: metric payments']);
    await pass(1);
    await pass(60_000);
    expect(told().toSorted()).toEqual(['Muted: metric payments', 'No longer muted: metric payments']);
    expect((await data.kept.listKeys({ prefix: 'mute/', limit: 10 })).keys).toEqual([]);
    for (const { engine, errors } of [one, other]) {
      expect(await engine.mutes.list()).toEqual([]);
      expect(errors).toEqual([]);
    }
    await pass(120_000);
    expect(told()).toHaveLength(2);
  });

  test('send one notice when the one that made the mute is gone', async () => {
    const { one, other, pass, runtime } = await openTwo();
    await one.route();
    await one.mute();
    await pass(1000);
    const closed = one.engine.close();
    await pass(0);
    await closed;
    await pass(hourMs);
    await pass(60_000);
    expect([...one.in('#default'), ...other.in('#default')].toSorted()).toEqual([
      'Muted: metric payments',
      'No longer muted: metric payments',
    ]);
    const last = other.engine.close();
    await pass(0);
    await last;
    expect(runtime.pendingTimers).toBe(0);
  });

  test('that start together after the end of a mute send one notice', async () => {
    const { one, other, pass, data, runtime } = await openTwo();
    await one.route();
    await one.mute();
    await pass(1000);
    const closed = [one.engine.close(), other.engine.close()];
    await pass(0);
    await Promise.all(closed);
    await runtime.advance(2 * hourMs);
    const again = await Promise.all([
      openMutes({ storage: openShared(data), runtime }),
      openMutes({ storage: openShared(data), runtime }),
    ]);
    await pass(1000);
    await pass(60_000);
    expect(again.flatMap((each) => each.in('#default'))).toEqual(['No longer muted: metric payments']);
  });
});
