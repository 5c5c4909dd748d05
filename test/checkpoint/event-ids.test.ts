import { runEvent, type Storage } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricsEvent, stateEvent } from '../support/events.js';
import { createHost, keysOf, type Process } from './engines.js';
import { watch } from './streams.js';

const meanOfThree = runEvent.metric('loss').avg(3).gt(5);

/** Logs a loss under an id. */
async function log({ engine }: Process, id: string, loss: number): Promise<string> {
  const { fired, duplicate } = await engine.emit(metricsEvent({ loss }, { id }));
  return duplicate ? 'duplicate' : `${fired.length} fired`;
}

describe('the id of an event', () => {
  test('whose samples are in a checkpoint is known after a crash, and is not sampled twice', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    for (const id of ['a', 'b']) await log(before, id, 9);
    await before.checkpoint();
    const after = await host.start();
    expect(await log(after, 'a', 9)).toBe('duplicate');
    expect(await log(after, 'b', 9)).toBe('duplicate');
    expect(await log(after, 'c', 9)).toBe('1 fired');
  });

  test('whose samples a crash has lost is not known, and is sampled again', async () => {
    const host = createHost();
    const before = await host.start();
    await watch(before, meanOfThree);
    await log(before, 'a', 9);
    await before.checkpoint();
    for (const id of ['b', 'c']) await log(before, id, 9);
    const after = await host.start();
    expect(await log(after, 'b', 9)).toBe('0 fired');
    // It had fired, which is known, and is not repeated.
    expect(await log(after, 'c', 9)).toBe('duplicate');
    expect(await log(after, 'd', 9)).toBe('1 fired');
  });

  test('of an event that was refused is evaluated after a crash, but its samples are there already', async () => {
    const isOut = { now: false };
    const host = createHost({ change: (storage) => refusing(storage, isOut) });
    const before = await host.start();
    await watch(before, meanOfThree);
    for (const id of ['a', 'b']) await log(before, id, 9);
    isOut.now = true;
    await expect(log(before, 'c', 30)).rejects.toMatchObject({ code: 'storage_unavailable' });
    isOut.now = false;
    await before.checkpoint();
    const after = await host.start();
    expect(await log(after, 'c', 30)).toBe('1 fired');
    // Were its samples there twice, this would fire.
    expect(await log(after, 'd', -30)).toBe('0 fired');
  });

  test('of other events is known too, and of those that nothing is remembered of', async () => {
    const host = createHost();
    const before = await host.start();
    const events = [
      stateEvent('running', { id: 'state' }),
      metricsEvent({ loss: 1 }, { id: 'unwatched' }),
      { type: 'custom.deploy', entity: 'my-team', id: 'custom' } as never,
    ];
    for (const event of events) await before.engine.emit(event);
    await before.engine.close();
    const after = await host.start();
    for (const event of events) expect(await after.engine.emit(event)).toMatchObject({ duplicate: true });
  });

  test('of an event whose run had to go is known all the same', async () => {
    const host = createHost();
    const before = await host.start({ maxLiveRuns: 1 });
    await watch(before, meanOfThree);
    for (const id of ['a', 'b']) await before.engine.emit(metricsEvent({ loss: 9 }, { id }, id));
    await before.checkpoint();
    const after = await host.start();
    expect(await after.engine.emit(metricsEvent({ loss: 9 }, { id: 'a' }, 'a'))).toMatchObject({ duplicate: true });
    expect(await after.engine.emit(metricsEvent({ loss: 9 }, { id: 'b' }, 'b'))).toMatchObject({ duplicate: true });
  });

  test('stands in few records, of which the oldest go when there are too many', async () => {
    const host = createHost();
    let process = await host.start({ maxEventIds: 1000 });
    await watch(process, meanOfThree);
    for (let round = 0; round < 60; round += 1) {
      for (let number = 0; number < 60; number += 1) await log(process, `${round}-${number}`, 1);
      await process.checkpoint();
      if (round % 20 === 19) process = await host.start({ maxEventIds: 1000 });
    }
    const keys = await keysOf(host, 'event-ids/');
    expect(keys.length).toBeLessThanOrEqual(6);
    const { records } = await host.kept.list({ prefix: 'event-ids/', limit: 100 });
    const saved = records.flatMap(({ value }) => (value['record'] as { committed: string[] }).committed);
    expect(saved.length).toBeGreaterThanOrEqual(1000);
    expect(saved.length).toBeLessThan(1400);
    const after = await host.start({ maxEventIds: 1000 });
    expect(await log(after, '59-59', 1)).toBe('duplicate');
    expect(await log(after, '45-0', 1)).toBe('duplicate');
    expect(await log(after, '0-0', 1)).toBe('0 fired');
  });
});

/** A storage that refuses what fires while it is out; checkpoints it takes. */
function refusing(storage: Storage, isOut: { readonly now: boolean }): Storage {
  return {
    ...storage,
    commit(commit) {
      const fires = commit.steps.some(({ write }) => write.some((each) => 'key' in each && /^exec/.test(each.key)));
      return isOut.now && fires ? Promise.reject(new Error('disk on fire')) : storage.commit(commit);
    },
  };
}
