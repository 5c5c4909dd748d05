import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { keys } from '../../src/record/keys.js';
import { executionAt, longAgoMs, record } from './executions.js';
import { durableStorage, hourMs, idsIn, keysIn, manyAt, openRetention } from './open-retention.js';

const minuteMs = 60_000;
const keepingAll = { executionRetentionMs: Number.POSITIVE_INFINITY, maxExecutions: Number.POSITIVE_INFINITY };

test('a program that keeps everything, and looks every five minutes, keeps no service from deleting', async () => {
  const storage = durableStorage(true);
  await record(storage, manyAt(50));
  const runtime = manualRuntime({ startMs: longAgoMs });
  const look = async () => {
    const { retention } = openRetention(storage, runtime, keepingAll);
    await runtime.advance(3000);
    await retention.close();
  };
  await look();
  openRetention(storage, runtime, { maxExecutions: 10 });
  const counts: number[] = [];
  for (let hours = 0; hours < 3; hours += 1) {
    for (let looks = 0; looks < 12; looks += 1) {
      await runtime.advance(5 * minuteMs - 3000);
      await look();
    }
    counts.push((await idsIn(storage)).length);
    await record(storage, [executionAt(runtime.now())]);
  }
  expect(counts).toEqual([10, 10, 10]);
});

test('a program that keeps everything has no timer, and takes no turn', async () => {
  const storage = durableStorage(true);
  await record(storage, manyAt(3));
  const before = await keysIn(storage);
  const runtime = manualRuntime({ startMs: longAgoMs });
  const { retention } = openRetention(storage, runtime, keepingAll);
  expect(runtime.pendingTimers).toBe(0);
  await runtime.advance(100 * hourMs);
  retention.recorded();
  await runtime.advance(hourMs);
  expect(await storage.claimedUntil(keys.claim('retention'))).toBeUndefined();
  expect(await keysIn(storage)).toEqual(before);
});

test.each([
  ['age', { executionRetentionMs: Number.POSITIVE_INFINITY, maxExecutions: 2 }, 2],
  ['number', { executionRetentionMs: 31 * minuteMs, maxExecutions: Number.POSITIVE_INFINITY }, 0],
])('one that keeps executions of any %s has its turn all the same', async (_, limits, kept) => {
  const storage = durableStorage(true);
  await record(storage, manyAt(5));
  const runtime = manualRuntime({ startMs: longAgoMs + hourMs });
  openRetention(storage, runtime, limits);
  await runtime.advance(2000);
  expect(await idsIn(storage)).toHaveLength(kept);
});

test('whoever finds the turn taken by one that has gone has the next, as soon as that one ends', async () => {
  const storage = durableStorage(true);
  const runtime = manualRuntime({ startMs: longAgoMs });
  const gone = openRetention(storage, runtime, { maxExecutions: 10 });
  await runtime.advance(2000);
  await gone.retention.close();
  await runtime.advance(50 * minuteMs);
  await record(storage, manyAt(50));
  openRetention(storage, runtime, { maxExecutions: 10 });
  await runtime.advance(10 * minuteMs - 1);
  expect(await idsIn(storage)).toHaveLength(50);
  await runtime.advance(1);
  expect(await idsIn(storage)).toHaveLength(10);
});

test('a turn that a clock far ahead has taken is looked at every interval, and no more often', async () => {
  const memory = durableStorage(true);
  let looks = 0;
  const storage = {
    ...memory,
    claimedUntil: (key: string) => {
      looks += 1;
      return memory.claimedUntil(key);
    },
  };
  const untilMs = longAgoMs + 1e12;
  const turn = { type: 'claim', key: keys.claim('retention'), nowMs: longAgoMs, untilMs } as const;
  await memory.commit({ require: [turn], steps: [] });
  const runtime = manualRuntime({ startMs: longAgoMs });
  openRetention(storage, runtime);
  await runtime.advance(2000 + 3 * hourMs);
  expect(looks).toBe(4);
});
