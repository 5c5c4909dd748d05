import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

test('closing amid stalls, rests and pacing leaves no timer and no socket: the process ends by itself', async () => {
  const startedMs = performance.now();
  const { exitCode, output, errors } = await runProgram('test/programs/close-amid-faults.ts');
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toBe('undelivered_lost\n3 finished, 21 pending\n');
  expect(performance.now() - startedMs).toBeLessThan(15_000);
}, 30_000);
