import fc from 'fast-check';
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

/** A history of attempts that were answered with these bodies. */
function answeredWith(bodies: readonly (string | undefined)[]): readonly Attempt[] {
  let execution = { attempts: [] } as unknown as Execution;
  for (const [at, body] of bodies.entries()) {
    const message = `${at} ${'m'.repeat(4000)}`;
    const attempt = { at, durationMs: 1, outcome: 'failed', error: 'http_503', message, body } as const;
    execution = { ...execution, ...withAttempt(execution, attempt) };
  }
  return execution.attempts;
}

test('a destination that gives the same answer all day has it kept twice, and the record stays small', () => {
  const attempts = answeredWith(Array<string>(325).fill('<html>'.repeat(600)));
  expect(attempts).toHaveLength(325);
  expect(attempts.flatMap(({ body }, position) => (body === undefined ? [] : [position]))).toEqual([0, 315]);
  expect(attempts.filter(({ isSameBody }) => isSameBody)).toHaveLength(18);
  expect(attempts[200]?.message).toBe(`200 ${'m'.repeat(124)}`);
  expect(attempts[324]?.message).toHaveLength(4004);
  expect(JSON.stringify(attempts).length).toBeLessThan(200_000);
});

test('what each of the first ten and the last ten attempts was answered can be told, whatever came between', () => {
  const bodies = fc.array(fc.constantFrom(undefined, 'down', 'very down'), { maxLength: 60 });
  fc.assert(
    fc.property(bodies, (given) => {
      let last: string | undefined;
      const told = answeredWith(given).map(({ body, isSameBody }) => {
        last = isSameBody === true ? last : body;
        return last;
      });
      const isTold = (_: unknown, position: number): boolean => position < 10 || position >= given.length - 10;
      expect(told.filter(isTold)).toEqual(given.filter(isTold));
      expect(told.filter((body, position) => !isTold(body, position) && body !== undefined)).toEqual([]);
    }),
  );
});
