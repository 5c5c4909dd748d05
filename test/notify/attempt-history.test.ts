import type { Attempt, Execution } from 'tocsin';
import { expect, test } from 'vitest';
import { attemptCount, mayHaveArrived, withAttempt } from '../../src/notify/lane/attempt-history.js';

function historyOf(count: number, ambiguous: readonly number[]): Execution {
  let execution = { attempts: [] } as unknown as Execution;
  for (let number = 1; number <= count; number += 1) {
    const attempt: Attempt = {
      at: number,
      durationMs: 1,
      outcome: 'failed',
      ...(ambiguous.includes(number) ? { ambiguous: true } : {}),
    };
    execution = { ...execution, ...withAttempt(execution, attempt) };
  }
  return execution;
}

test('a history of 500 is whole; a longer one has its first 100, its last 400, and a count', () => {
  expect(historyOf(500, []).attempts.map(({ at }) => at)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  const long = historyOf(1200, []);
  const first = Array.from({ length: 100 }, (_, index) => index + 1);
  const last = Array.from({ length: 400 }, (_, index) => 801 + index);
  expect(long.attempts.map(({ at }) => at)).toEqual([...first, ...last]);
  expect(long.attemptsLeftOut).toBe(700);
  expect(attemptCount(long)).toBe(1200);
});

test('that an attempt may have arrived is never forgotten, however many follow', () => {
  for (const number of [1, 100, 101, 102, 300, 500, 501, 900]) {
    const long = historyOf(2000, [number]);
    expect(mayHaveArrived(long), `${number}`).toBe(true);
    expect(long.attempts).toHaveLength(500);
  }
  expect(mayHaveArrived(historyOf(2000, []))).toBe(false);
});
