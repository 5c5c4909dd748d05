import { manualRuntime } from 'tocsin/testing';
import { expect, test } from 'vitest';
import { createGiveWay } from '../../src/record/give-way.js';

test('a long work gives way when it has gone on for some milliseconds, and only then', async () => {
  const clock = manualRuntime();
  let nowMs = 1000;
  const pauses: number[] = [];
  const runtime = {
    ...clock,
    now: () => nowMs,
    setTimer(callback: () => void) {
      pauses.push(nowMs);
      queueMicrotask(callback);
      return { cancel() {} };
    },
  };
  const giveWay = createGiveWay(runtime);
  for (let part = 0; part < 10; part += 1) {
    nowMs += 2;
    await giveWay();
  }
  expect(pauses).toEqual([1006, 1012, 1018]);
  // Set back by an hour.
  nowMs -= 3_600_000;
  await giveWay();
  expect(pauses).toHaveLength(4);
});

test('by a clock that stands still there is no pause, so that a test need not move it', async () => {
  const runtime = manualRuntime();
  const giveWay = createGiveWay(runtime);
  for (let part = 0; part < 1000; part += 1) await giveWay();
  expect(runtime.pendingTimers).toBe(0);
});
