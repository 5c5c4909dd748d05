import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

// Times are not held to their bounds here, but what is read for each page is: a page that scans makes a fault.
test('a long history in a file is read page by page, and cut down while emits go on', {
  timeout: 120_000,
}, async () => {
  const { exitCode, output, errors } = await runProgram('test/programs/large-history.ts', [
    '20000',
    '2000',
    '--without-bounds',
  ]);
  expect([errors, output.trimEnd().split('\n').at(-1), exitCode]).toEqual(['', '20000 executions, 0 faults', 0]);
  expect(output).toMatch(/page of {2}20: one automation, failed, first/);
  expect(output).toMatch(/left \d+, of them 4 pending/);
});
