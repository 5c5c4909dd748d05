import { runEvent, type Storage } from 'tocsin';
import { manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, type Process } from './engines.js';
import { log, watch } from './streams.js';

/** After this much without a word a process counts as dead. */
const silentMs = 31_000;

/** Two engines on one storage, both of which watch the mean of three losses. */
async function openTwo() {
  const host = createHost({ shared: true });
  const maker = await host.start();
  await watch(maker, runEvent.metric('loss').avg(3).gt(100));
  await maker.engine.close();
  return { host, one: await host.start(), two: await host.start() };
}

/** What the mean would be if this loss came next; `undefined` while there are too few. */
async function meanWith({ engine }: Process, loss: number): Promise<unknown> {
  const [{ id } = { id: '' }] = (await engine.automations.list()).items;
  const { filter } = await engine.explain(id, metricsEvent({ loss }));
  return filter !== undefined && 'left' in filter ? filter.left : undefined;
}

/** How a process ends, and how long it takes until others know. */
const ends = [
  ['is killed', async ({ two }: { two: Process }) => two.pass(silentMs)],
  ['is closed', async ({ one }: { one: Process }) => one.engine.close()],
] as const;

describe.each(ends)('when the process that keeps a run %s', (_, end) => {
  test('what it has sampled and is emitted again to another one counts once', async () => {
    const { one, two } = await openTwo();
    await log(one, [1], { id: 'first' });
    await log(one, [9], { id: 'second' });
    await one.checkpoint();
    await end({ one, two });
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await two.pass(0);
    expect(await meanWith(two, 2)).toBe((1 + 9 + 2) / 3);
    // From now on it is known.
    const { duplicate } = await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    expect(duplicate).toBe(true);
    expect(await meanWith(two, 2)).toBe((1 + 9 + 2) / 3);
    expect(two.warnings).toEqual([]);
  });

  test('also when a third one has told a state of the run meanwhile', async () => {
    const { host, one, two } = await openTwo();
    await log(one, [1], { id: 'first' });
    await log(one, [9], { id: 'second' });
    await one.checkpoint();
    await end({ one, two });
    const three = await host.start();
    await three.engine.emit(stateEvent('running'));
    await three.checkpoint();
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await two.pass(0);
    expect(await meanWith(two, 2)).toBe((1 + 9 + 2) / 3);
  });

  test('that stays so for the process after', async () => {
    const { host, one, two } = await openTwo();
    await log(one, [1], { id: 'first' });
    await log(one, [9], { id: 'second' });
    await one.checkpoint();
    await end({ one, two });
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await two.pass(0);
    await two.engine.close();
    const three = await host.start();
    expect(await meanWith(three, 2)).toBe((1 + 9 + 2) / 3);
    expect((await three.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }))).duplicate).toBe(true);
  });

  test('of each of its runs, whichever is taken over first', async () => {
    const { one, two } = await openTwo();
    const other = { run: { id: 'other' } };
    await log(one, [1], { id: 'first' });
    await log(one, [9], { id: 'second' });
    await log(one, [3], { id: 'third', ...other });
    await one.checkpoint();
    await end({ one, two });
    // Both at once, so that the second is sampled before it is known whose it was.
    await two.engine.emit(metricsEvent({ loss: 3 }, { id: 'third', ...other }));
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await two.pass(0);
    expect(await meanWith(two, 2)).toBe((1 + 9 + 2) / 3);
  });

  test('and what another one has sampled first, and only that, stands behind it', async () => {
    const { one, two } = await openTwo();
    await log(one, [1], { id: 'first' });
    await one.checkpoint();
    await end({ one, two });
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await two.pass(0);
    expect(await meanWith(two, 2)).toBe((1 + 9 + 2) / 3);
    expect((await two.engine.emit(metricsEvent({ loss: 1 }, { id: 'first' }))).duplicate).toBe(true);
  });
});

test.each(['run/', 'event-ids/'])(
  'a process that starts while another ends, as it reads %s, samples again nothing of that one',
  async (prefix) => {
    let endsNow: (() => Promise<void>) | undefined;
    const meanwhile = async (query: { readonly prefix: string }): Promise<void> => {
      if (query.prefix !== prefix) return;
      const end = endsNow;
      endsNow = undefined;
      await end?.();
    };
    const change = (storage: Storage): Storage => ({
      ...storage,
      async list(query) {
        await meanwhile(query);
        return storage.list(query);
      },
      async listKeys(query) {
        await meanwhile(query);
        return storage.listKeys(query);
      },
    });
    const host = createHost({ shared: true, change });
    const one = await host.start();
    await watch(one, runEvent.metric('loss').avg(4).gt(100));
    await log(one, [1], { id: 'first' });
    await one.checkpoint();
    const runtime = manualRuntime({ startMs: host.now(), seed: 9 });
    let isOver = false;
    endsNow = async () => {
      await log(one, [9], { id: 'second' });
      await one.engine.close();
      await runtime.advance(2000);
      isOver = true;
    };
    const starting = host.start({ runtime });
    const pass = async (): Promise<void> => {
      for (let turn = 0; turn < 60; turn += 1) {
        await runtime.advance(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await pass();
    expect(isOver).toBe(true);
    const two = await starting;
    await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }));
    await log(two, [2], { id: 'third' });
    await pass();
    expect(await meanWith(two, 4)).toBe((1 + 9 + 2 + 4) / 4);
    expect((await two.engine.emit(metricsEvent({ loss: 9 }, { id: 'second' }))).duplicate).toBe(true);
  },
);

test('runs with very many samples are claimed like others, though one commit can’t hold them', async () => {
  const host = createHost({ shared: true });
  const [one, two] = [await host.start(), await host.start()];
  await watch(one, runEvent.metric('loss').avg(10_000).gt(100));
  await two.pass(2000);
  const runs = ['a', 'b', 'c', 'd'].map((id) => ({ run: { id } }));
  // All before anything can be claimed.
  const taken = runs.flatMap((run) =>
    Array.from({ length: 10_000 }, () => one.engine.emit(metricsEvent({ loss: 1 }, run))),
  );
  await Promise.all(taken);
  await one.pass(0);
  for (const run of runs) await log(two, [1], run);
  await two.pass(0);
  expect(two.warnings.map(({ code }) => code)).toEqual(runs.map(() => 'run_owned_elsewhere'));
  expect(one.warnings).toEqual([]);
});
