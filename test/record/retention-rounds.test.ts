import type { Storage } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';
import { type ManualRuntime, manualRuntime } from 'tocsin/testing';
import { describe, expect, test } from 'vitest';
import { executionAt, longAgoMs, record } from './executions.js';
import { durableStorage, hourMs, idsIn, manyAt, type OpenedRetention, openRetention } from './open-retention.js';

describe('rounds', () => {
  test('begin a minute after the start, then every interval', async () => {
    const storage = durableStorage();
    await record(storage, manyAt(3));
    const runtime = manualRuntime({ startMs: longAgoMs });
    openRetention(storage, runtime, { maxExecutions: 1 });
    const counts: number[] = [];
    for (const waitMs of [59_999, 1, hourMs - 1, 1]) {
      await runtime.advance(waitMs);
      counts.push((await idsIn(storage)).length);
      if (counts.length === 2) await record(storage, [executionAt(longAgoMs + 100)]);
    }
    expect(counts).toEqual([3, 1, 2, 1]);
  });

  test('begin soon after the start where a shared storage says that none was lately: no process may last a minute', async () => {
    const storage = durableStorage(true);
    const runtime = manualRuntime({ startMs: longAgoMs });
    const lengths: number[] = [];
    for (const pauseMs of [0, 1000, hourMs]) {
      await runtime.advance(pauseMs);
      await record(storage, manyAt(5));
      const { retention } = openRetention(storage, runtime, { maxExecutions: 1 });
      await runtime.advance(5000);
      await retention.close();
      lengths.push((await idsIn(storage)).length);
    }
    // The second one comes too early.
    expect(lengths).toEqual([1, 6, 1]);
  });

  test('end with the slice that is on its way when the engine closes', async () => {
    const memory = durableStorage();
    await record(memory, manyAt(1000));
    let closed: Promise<void> | undefined;
    let commits = 0;
    const storage: Storage = {
      ...memory,
      commit: (commit) => {
        commits += 1;
        closed = opened.retention.close();
        return memory.commit(commit);
      },
    };
    const runtime = manualRuntime({ startMs: longAgoMs });
    const opened = openRetention(storage, runtime, { maxExecutions: 1 });
    await runtime.advance(60_000);
    await closed;
    expect([commits, (await idsIn(memory)).length, runtime.pendingTimers]).toEqual([1, 800, 0]);
    await runtime.advance(10 * hourMs);
    expect(commits).toBe(1);
  });

  test('are waited for by the closing engine: the storage is not closed under a slice', async () => {
    const memory = durableStorage();
    await record(memory, manyAt(10));
    let answer: (() => void) | undefined;
    const storage: Storage = {
      ...memory,
      commit: async (commit) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return memory.commit(commit);
      },
    };
    const runtime = manualRuntime({ startMs: longAgoMs });
    const { retention } = openRetention(storage, runtime, { maxExecutions: 1 });
    await runtime.advance(60_000);
    let isClosed = false;
    const closed = retention.close().then(() => {
      isClosed = true;
    });
    await runtime.advance(10_000);
    expect(isClosed).toBe(false);
    answer?.();
    await closed;
    expect(await idsIn(memory)).toHaveLength(1);
  });

  test('end when the engine closes in a pause between two slices, by a clock that does not go on', async () => {
    const memory = durableStorage();
    await record(memory, manyAt(1000));
    const clock = manualRuntime({ startMs: longAgoMs });
    let ahead = 0;
    let commits = 0;
    // Each commit takes a second.
    const storage: Storage = {
      ...memory,
      commit: (commit) => {
        commits += 1;
        ahead += 1000;
        return memory.commit(commit);
      },
    };
    const runtime = { ...clock, now: () => clock.now() + ahead, setTimer: clock.setTimer };
    const { retention } = openRetention(storage, runtime as ManualRuntime, { maxExecutions: 1 });
    await clock.advanceToNextTimer();
    expect([commits, clock.pendingTimers]).toEqual([1, 1]);
    await retention.close();
    await clock.advance(hourMs);
    expect([commits, clock.pendingTimers]).toEqual([1, 0]);
  });

  test('never run at once, however long one takes', async () => {
    const memory = durableStorage();
    await record(memory, manyAt(5));
    let listings = 0;
    let answer: (() => void) | undefined;
    const storage: Storage = {
      ...memory,
      listKeys: async (query) => {
        listings += 1;
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return memory.listKeys(query);
      },
    };
    const runtime = manualRuntime({ startMs: longAgoMs });
    openRetention(storage, runtime, { maxExecutions: 1 });
    await runtime.advance(10 * hourMs);
    expect(listings).toBe(1);
    answer?.();
    await runtime.advance(0);
    expect(await idsIn(memory)).toHaveLength(1);
    await runtime.advance(hourMs);
    expect(listings).toBe(2);
  });

  test('end at a failure, which is told once; the next one tries again', async () => {
    const memory = durableStorage();
    await record(memory, manyAt(1000));
    let isDown = true;
    const storage: Storage = {
      ...memory,
      commit: (commit) => (isDown ? Promise.reject(new Error('disk on fire')) : memory.commit(commit)),
    };
    const runtime = manualRuntime({ startMs: longAgoMs });
    const { errors } = openRetention(storage, runtime, { maxExecutions: 1 });
    await runtime.advance(60_000);
    expect([errors.length, (await idsIn(memory)).length]).toEqual([1, 1000]);
    isDown = false;
    await runtime.advance(hourMs);
    expect([errors.length, (await idsIn(memory)).length]).toEqual([1, 1]);
  });

  test('that fail one after the other are told once, and again when they have worked meanwhile', async () => {
    const memory = durableStorage();
    let isDown = true;
    const listKeys: Storage['listKeys'] = (query) =>
      isDown ? Promise.reject(new Error('disk on fire')) : memory.listKeys(query);
    const runtime = manualRuntime({ startMs: longAgoMs });
    const { errors } = openRetention({ ...memory, listKeys }, runtime);
    await runtime.advance(5 * hourMs);
    expect(errors).toHaveLength(1);
    isDown = false;
    await runtime.advance(hourMs);
    isDown = true;
    await runtime.advance(2 * hourMs);
    expect(errors).toHaveLength(2);
  });

  test('are done by one of several processes, and by another when that one is gone', async () => {
    const memory = durableStorage(true);
    const runtime = manualRuntime({ startMs: longAgoMs });
    const rounds: string[] = [];
    const openAs = (name: string): OpenedRetention => {
      const listKeys: Storage['listKeys'] = (query) => {
        if (query.prefix === 'execution/') rounds.push(name);
        return memory.listKeys(query);
      };
      return openRetention({ ...memory, listKeys }, runtime);
    };
    const first = openAs('first');
    await runtime.advance(1000);
    openAs('second');
    await runtime.advance(3 * hourMs);
    expect(rounds).toEqual(['first', 'first', 'first']);
    await first.retention.close();
    await runtime.advance(2 * hourMs);
    expect(rounds.slice(3)).toEqual(['second', 'second']);
  });
});

describe('a storage that keeps nothing beyond the process', () => {
  test('has no timer: it is looked at when something is recorded, and the time has come', async () => {
    const storage = memoryStorage();
    await record(storage, manyAt(5));
    const runtime = manualRuntime({ startMs: longAgoMs });
    const { retention } = openRetention(storage, runtime, { maxExecutions: 2 });
    const counts: number[] = [];
    for (const waitMs of [0, 59_999, 1, hourMs - 1, 1]) {
      await runtime.advance(waitMs);
      expect(runtime.pendingTimers).toBe(0);
      retention.recorded();
      await runtime.advance(0);
      counts.push((await idsIn(storage)).length);
      await record(storage, [executionAt(longAgoMs + 10)]);
    }
    expect(counts).toEqual([5, 6, 2, 3, 2]);
    await retention.close();
    retention.recorded();
    await runtime.advance(10 * hourMs);
    retention.recorded();
    await runtime.advance(0);
    expect(await idsIn(storage)).toHaveLength(3);
  });
});
