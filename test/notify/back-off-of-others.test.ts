import { expect, test } from 'vitest';
import { restToHeedMs } from '../../src/notify/lane/back-off-of-others.js';
import type { Execution } from '../../src/record/execution.js';

const secondMs = 1000;
const hourMs = 3_600_000;

/** What another process tried at this time by its own clock, and tries again after five minutes. */
const triedAt = (at: number): Execution =>
  ({ attempts: [{ at, durationMs: secondMs, outcome: 'failed', retryInMs: 300 * secondMs }] }) as unknown as Execution;

const restMs = (at: number, nowMs: number) => restToHeedMs(triedAt(at), 'none', true, nowMs);

test('what another process waits for is waited for here, also where its clock is a little ahead', () => {
  expect(restMs(0, 100 * secondMs)).toBe(201 * secondMs);
  expect(restMs(0, 302 * secondMs)).toBe(0);
  expect(restMs(60 * secondMs, 0)).toBe(300 * secondMs);
});

test('a clock that was set back by hours keeps nothing waiting', () => {
  expect(restMs(3 * hourMs, 0)).toBe(0);
  expect(restMs(61 * secondMs, 0)).toBe(0);
});
