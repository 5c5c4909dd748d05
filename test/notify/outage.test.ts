import { describe, expect, test } from 'vitest';
import type { MadeAttempt } from '../../src/notify/lane/head-attempt.js';
import { createLaneOutage } from '../../src/notify/lane/outage.js';
import type { Execution } from '../../src/record/execution.js';

const hourMs = 3_600_000;

const waiting = (createdAt: number, more: Partial<Execution> = {}): Execution =>
  ({ id: '1', createdAt, attempts: [], ...more }) as unknown as Execution;

const attempt = (startedMs: number, more: Partial<MadeAttempt> = {}): MadeAttempt =>
  ({
    execution: waiting(0),
    isHandler: false,
    giveUpAfterMs: hourMs,
    startedMs,
    endedMs: startedMs + 1000,
    ...more,
  }) as MadeAttempt;

/** A destination that has failed every minute for an hour; the last time it asked for ten minutes. */
function openOutage() {
  const outage = createLaneOutage();
  for (let minute = 0; minute < 60; minute += 1) outage.failed(attempt(minute * 60_000), 59_000);
  outage.failed(attempt(hourMs), 600_000);
  const nowMs = hourMs + 2000;
  const fate = (execution: Execution, atMs = nowMs) => outage.fateOf(execution, atMs).type;
  return { outage, nowMs, fate };
}

describe('while the rest after a failure goes on', () => {
  test('what waited as long is overdue, and what came later waits', () => {
    const { outage, fate, nowMs } = openOutage();
    expect(fate(waiting(0))).toBe('overdue');
    expect(outage.fateOf(waiting(hourMs), nowMs)).toEqual({ type: 'rest', delayMs: 599_000 });
  });

  test('nothing is overdue of a destination that has failed for a shorter time, however long it waits', () => {
    const outage = createLaneOutage();
    outage.failed(attempt(100 * hourMs), 60_000);
    expect(outage.fateOf(waiting(0), 100 * hourMs + 2000).type).toBe('rest');
  });

  test('what somebody called for again since is tried, and what was called for before is not', () => {
    const { fate } = openOutage();
    expect(fate(waiting(0, { retriedAt: hourMs + 1000 }))).toBe('try');
    expect(fate(waiting(0, { retriedAt: hourMs - 1 }))).toBe('rest');
  });
});

describe('everything is tried', () => {
  test('when the rest is over, or the clock was set back', () => {
    const { fate } = openOutage();
    expect(fate(waiting(0), hourMs + 601_000)).toBe('try');
    expect(fate(waiting(0), -hourMs)).toBe('try');
  });

  test('when the destination has answered, or nothing is known any more', () => {
    const answered = openOutage();
    answered.outage.answered('message');
    expect(answered.fate(waiting(0))).toBe('try');
    const forgotten = openOutage();
    forgotten.outage.forget();
    expect(forgotten.fate(waiting(0))).toBe('try');
    expect(forgotten.outage.sinceMs(attempt(hourMs + 2000))).toBe(hourMs + 2000);
  });

  test('that is of another kind: reactions where messages fail, and the other way round', () => {
    const { outage, fate } = openOutage();
    expect(fate(waiting(0, { reaction: 'eyes' }))).toBe('try');
    outage.answered('reaction');
    expect(fate(waiting(0))).toBe('overdue');
  });

  test('after a call of a handler failed: its failures are its own', () => {
    const outage = createLaneOutage();
    outage.failed(attempt(0, { isHandler: true }), 60_000);
    expect(outage.fateOf(waiting(0), 2000).type).toBe('try');
  });
});

test('a destination that nobody tried for a while has failed since the next attempt only', () => {
  const { outage } = openOutage();
  const dueMs = hourMs + 601_000;
  expect(outage.sinceMs(attempt(dueMs + 300_000))).toBe(0);
  expect(outage.sinceMs(attempt(dueMs + 300_001))).toBe(dueMs + 300_001);
});
