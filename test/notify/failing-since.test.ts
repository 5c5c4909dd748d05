import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failingSince } from '../../src/notify/lane/failing-since.js';
import type { Attempt, Execution } from '../../src/record/execution.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const failed = (at: number, retryInMs?: number, more: Partial<Attempt> = {}): Attempt => ({
  at,
  durationMs: 1000,
  outcome: 'failed',
  kind: 'unavailable',
  ...(retryInMs === undefined ? {} : { retryInMs }),
  ...more,
});

const since = (attempts: readonly Attempt[], startedMs: number, more: Partial<Execution> = {}, giveUpMs = dayMs) =>
  failingSince({ attempts, ...more } as Execution, startedMs, giveUpMs);

/** Attempts that follow one another as they were meant to. */
const row = (count: number, startMs = 0): readonly Attempt[] =>
  Array.from({ length: count }, (_, index) => failed(startMs + index * 5 * minuteMs, 5 * minuteMs - 1000));

describe('a destination has failed', () => {
  test('since the present attempt began, when it is the first', () => {
    expect(since([], 7)).toBe(7);
  });

  test('since the first attempt of the row, however late each came within some minutes', () => {
    expect(since(row(10), 50 * minuteMs)).toBe(0);
    expect(since([failed(0, 1000)], 2000 + 5 * minuteMs)).toBe(0);
  });

  test('not in the time in which nobody tried', () => {
    expect(since([failed(0, 1000)], 2001 + 5 * minuteMs)).toBe(2001 + 5 * minuteMs);
    expect(since([...row(10), ...row(3, dayMs)], dayMs + 15 * minuteMs)).toBe(dayMs);
  });

  test('not before its lane was parked, or it answered', () => {
    expect(since([failed(0, 1000), failed(2000)], 3000)).toBe(3000);
    expect(since([failed(0, 1000), failed(2000, 0, { kind: 'message' }), failed(3000, 1000)], 5000)).toBe(3000);
  });

  test('not before somebody called for the message again', () => {
    expect(since([...row(3)], 15 * minuteMs, { retriedAt: 1 })).toBe(5 * minuteMs);
    expect(since([...row(3)], 15 * minuteMs, { retriedAt: 11 * minuteMs })).toBe(15 * minuteMs);
  });

  test('since the first, though the middle of a long history is left out', () => {
    const all = row(700);
    const startedMs = 700 * 5 * minuteMs;
    const kept = [...all.slice(0, 100), ...all.slice(300)];
    expect(since(kept, startedMs)).toBe(300 * 5 * minuteMs);
    expect(since(kept, startedMs, { attemptsLeftOut: 200 })).toBe(0);
    // One that may have arrived is kept among those that are left out.
    const withAmbiguous = [...all.slice(0, 100), ...all.slice(150, 151), ...all.slice(301)];
    expect(since(withAmbiguous, startedMs, { attemptsLeftOut: 200 })).toBe(0);
    // A gap elsewhere is one.
    const broken = [...all.slice(0, 50), ...all.slice(100, 150), ...all.slice(300)];
    expect(since(broken, startedMs, { attemptsLeftOut: 200 })).toBe(100 * 5 * minuteMs);
  });

  test('for a short giveUpAfterMs with less patience for an attempt that comes late', () => {
    expect(since([failed(0, 1000)], 2000 + 15_000, {}, minuteMs)).toBe(0);
    expect(since([failed(0, 1000)], 2001 + 15_000, {}, minuteMs)).toBe(17_001);
  });

  test('never longer than since its first attempt, and never longer for a gap', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 * dayMs }), { maxLength: 20 });
    fc.assert(
      fc.property(gaps, (delays) => {
        let atMs = 0;
        const attempts: Attempt[] = [];
        let expectedMs = 0;
        for (const lateMs of delays) {
          attempts.push(failed(atMs, 1000));
          atMs += 2000 + lateMs;
          if (lateMs > 5 * minuteMs) expectedMs = atMs;
        }
        expect(since(attempts, atMs)).toBe(expectedMs);
      }),
    );
  });
});
