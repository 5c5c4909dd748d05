import { expect, test } from 'vitest';
import { createHeldClaims } from '../../src/firing/held-claims.js';

test('a claim is held until its time, and what has ended stays free when the clock is set back', () => {
  const claims = createHeldClaims();
  claims.hold('run-1', 'a', 100);
  claims.hold('run-1', 'b', 200);
  expect([claims.find('run-1', 'a', 99)?.untilMs, claims.find('run-2', 'a', 99)]).toEqual([100, undefined]);
  expect([claims.find('run-1', 'a', 100), claims.find('run-1', 'a', 50)]).toEqual([undefined, undefined]);
  expect(claims.find('run-1', 'b', 150)?.untilMs).toBe(200);
});

test('the claims that were taken first are forgotten when there are too many, and no others', () => {
  const claims = createHeldClaims();
  for (let index = 0; index <= 100_000; index += 1) claims.hold(`run-${index}`, 'a', 100);
  expect([claims.find('run-0', 'a', 0), claims.find('run-1', 'a', 0)?.untilMs]).toEqual([undefined, 100]);
  // One that ended makes room for one more.
  expect(claims.find('run-1', 'a', 100)).toBeUndefined();
  claims.hold('run-new', 'a', 100);
  expect(claims.find('run-2', 'a', 0)?.untilMs).toBe(100);
});
