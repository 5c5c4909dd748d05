import { runEvent, type Storage } from 'tocsin';
import { describe, expect, test } from 'vitest';
import { metricsEvent } from '../support/events.js';
import { createHost, type Host, keysOf, type Process } from './engines.js';
import { savedLosses, watch } from './streams.js';

/** After this much without a word a process counts as dead. */
const silentMs = 31_000;

/** For how long an answer is taken for true whether a process is gone. */
const answerHoldsMs = 2000;

/** Some engines on one storage, that watch a mean of losses. */
async function open(count: number, options = {}) {
  const host = createHost({ shared: true });
  const processes: Process[] = [];
  for (let index = 0; index < count; index += 1) processes.push(await host.start(options));
  const [first] = processes;
  if (first !== undefined) await watch(first, runEvent.metric('loss').avg(50).gt(1000));
  for (const each of processes) await each.pass(answerHoldsMs);
  return { host, processes: processes as [Process, Process, Process, Process] };
}

/** Logs a loss under an id of its own. Returns whether the id was known. */
async function log({ engine }: Process, loss: number, run = 'x'): Promise<boolean> {
  return (await engine.emit(metricsEvent({ loss }, { id: `event ${loss}`, run: { id: run } }))).duplicate;
}

async function logAndSave(process: Process, loss: number, run = 'x'): Promise<void> {
  await log(process, loss, run);
  await process.checkpoint();
}

describe('an id travels with its run', () => {
  test('through several processes, to one that was there all along', async () => {
    const { host, processes } = await open(3);
    const [a, b, c] = processes;
    await logAndSave(a, 1);
    await a.engine.close();
    await logAndSave(b, 2);
    await b.engine.close();
    await c.pass(answerHoldsMs);
    await logAndSave(c, 3);
    expect(await log(c, 1)).toBe(true);
    expect(await log(c, 2)).toBe(true);
    await c.engine.close();
    expect(await savedLosses(host, 'x')).toEqual([1, 2, 3]);
  });

  test('when its process seemed dead, went on, and ended later', async () => {
    const { host, processes } = await open(2);
    const [a, b] = processes;
    await log(a, 1);
    await logAndSave(a, 2, 'z');
    await b.pass(silentMs);
    await logAndSave(b, 3);
    await a.pass(host.now() - a.runtime.now());
    await logAndSave(a, 4, 'z');
    await a.engine.close();
    await b.pass(answerHoldsMs);
    await logAndSave(b, 5, 'z');
    expect(await log(b, 4, 'z')).toBe(true);
    await b.engine.close();
    expect(await savedLosses(host, 'z')).toEqual([2, 4, 5]);
  });

  test('when its process seemed dead to one that started meanwhile', async () => {
    const { host, processes } = await open(2);
    const [a, b] = processes;
    await logAndSave(a, 1, 'z');
    await b.pass(silentMs);
    const c = await host.start();
    await c.pass(0);
    // It was put back there, but a is alive, and goes on with another.
    await a.pass(host.now() - a.runtime.now());
    await logAndSave(a, 2, 'y');
    await a.engine.close();
    await c.pass(answerHoldsMs);
    await logAndSave(c, 3, 'y');
    expect(await log(c, 2, 'y')).toBe(true);
    await c.engine.close();
    expect(await savedLosses(host, 'y')).toEqual([2, 3]);
  });

  test('when its process is alive again, and the one that took the run over is not', async () => {
    const { host, processes } = await open(3);
    const [a, b, c] = processes;
    await logAndSave(a, 1);
    await b.pass(silentMs);
    await logAndSave(b, 2);
    await a.pass(host.now() - a.runtime.now());
    await b.engine.close();
    await c.pass(answerHoldsMs);
    await a.pass(0);
    await logAndSave(c, 3);
    expect(await log(c, 1)).toBe(true);
    await c.engine.close();
    expect(await savedLosses(host, 'x')).toEqual([1, 2, 3]);
  });

  test('when its process is alive again, to one that starts then', async () => {
    const { host, processes } = await open(2);
    const [a, b] = processes;
    await logAndSave(a, 1);
    await b.pass(silentMs);
    await logAndSave(b, 2);
    await a.pass(host.now() - a.runtime.now());
    await b.engine.close();
    const c = await host.start();
    expect(await log(c, 1)).toBe(true);
    await logAndSave(c, 3);
    await c.engine.close();
    expect(await savedLosses(host, 'x')).toEqual([1, 2, 3]);
  });
});

test('an id that is read again takes nothing away that came since it was learnt', async () => {
  const isOut = { now: false };
  const host = createHost({ shared: true, change: (storage) => refusing(storage, isOut) });
  const [a, b] = [await host.start(), await host.start()];
  await watch(a, runEvent.metric('loss').avg(3).gt(1000));
  await b.pass(answerHoldsMs);
  await log(a, 1);
  await log(a, 2);
  isOut.now = true;
  await expect(log(a, 9000)).rejects.toMatchObject({ code: 'storage_unavailable' });
  isOut.now = false;
  await logAndSave(a, 3, 'z');
  await a.engine.close();
  await b.pass(answerHoldsMs);
  // Now it has read all ids.
  await logAndSave(b, 4, 'z');
  // It fires at last, and its sample is in what a has saved; but not the one that comes with it.
  await log(b, 9000);
  await log(b, 5);
  await b.pass(0);
  await b.engine.close();
  expect(await savedLosses(host, 'x')).toEqual([1, 2, 9000, 5]);
});

test('the ids of a process that is alive stay in the storage, however many another one has', async () => {
  const { host, processes } = await open(3, { maxEventIds: 20 });
  const [a, b, c] = processes;
  await logAndSave(b, 1, 'other');
  const [kept] = await keysOf(host, 'event-ids/');
  await logAndSave(a, 2);
  await a.engine.close();
  await c.pass(answerHoldsMs);
  await b.pass(0);
  await logAndSave(c, 3);
  for (let at = 0; at < 6; at += 1) {
    for (let loss = 1000 + at * 300; loss < 1300 + at * 300; loss += 1) await log(c, loss);
    await c.checkpoint();
  }
  expect(await keysOf(host, 'event-ids/')).toContain(kept);
  // Those of the one that is gone have made room.
  expect(await keysOf(host, 'event-ids/')).toHaveLength(2);
});

test('a process that takes over many runs reads each large batch of ids once', async () => {
  const reads: string[] = [];
  const host = createHost({ shared: true, change: (storage) => counting(storage, reads) });
  const [a, b] = [await host.start(), await host.start()];
  await watch(a, runEvent.metric('loss').avg(5).gt(100));
  await b.pass(answerHoldsMs);
  const runs = Array.from({ length: 100 }, (_, index) => `run ${index}`);
  for (const [index, run] of runs.entries()) for (let at = 0; at < 10; at += 1) await log(a, index * 10 + at, run);
  await a.checkpoint();
  await a.engine.close();
  await b.pass(answerHoldsMs);
  reads.length = 0;
  for (const [index, run] of runs.entries()) await log(b, 2000 + index, run);
  for (let turn = 0; turn < 10; turn += 1) await b.checkpoint();
  expect(await ownersOf(host)).toBe(1);
  const sizes = (await host.kept.list({ prefix: 'event-ids/', limit: 100 })).records.map(
    ({ key, value }) => [key, (value['record'] as { committed: unknown[] }).committed.length] as const,
  );
  const large = sizes.flatMap(([key, size]) => (size > 256 && reads.includes(key) ? key : []));
  expect(large).not.toEqual([]);
  for (const key of large) expect(reads.filter((read) => read === key)).toHaveLength(1);
});

/** Takes note of the records that are read. */
function counting(storage: Storage, reads: string[]): Storage {
  return {
    ...storage,
    get(key) {
      reads.push(key);
      return storage.get(key);
    },
  };
}

/** How many processes own runs. */
async function ownersOf({ kept }: Host): Promise<number> {
  const { records } = await kept.list({ prefix: 'run/', limit: 1000 });
  return new Set(records.map(({ value }) => (value as { record: { owner?: string } }).record.owner)).size;
}

/** Refuses what is to be fired while it is out. */
function refusing(storage: Storage, isOut: { readonly now: boolean }): Storage {
  return {
    ...storage,
    commit(commit) {
      const isCheckpoint = commit.steps.some(({ write }) =>
        write.some((each) => each.type === 'put' && /^(run|event-ids)\//.test(each.key)),
      );
      return isOut.now && !isCheckpoint ? Promise.reject(new Error('It is out')) : storage.commit(commit);
    },
  };
}
