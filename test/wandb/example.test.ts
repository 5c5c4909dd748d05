import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

test('an automation of W&B’s rings here, and is written for W&B again', { timeout: 60_000 }, async () => {
  const { exitCode, output, errors } = await runProgram('examples/import-from-wandb.ts');
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toContain('Low accuracy of prod-7');
  expect(output.match(/Low accuracy of/g)).toHaveLength(1);
  const [, filter = '{}'] = /^(\{"run_filter".*)$/m.exec(output) ?? [];
  expect(JSON.parse(JSON.parse(filter).run_filter)).toEqual({ $and: [{ display_name: { $regex: '^prod-' } }] });
});
