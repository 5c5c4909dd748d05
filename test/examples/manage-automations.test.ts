import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the example of docs/management.md does what it says', { timeout: 60_000 }, async () => {
  expect(await read('docs/management.md')).toContain(`\`\`\`ts\n${await read('examples/manage-automations.ts')}\`\`\``);
  const { exitCode, output, errors } = await runProgram('examples/manage-automations.ts');
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output.trimEnd().split('\n')).toEqual([
    'low-accuracy-alert, stop-failed',
    '1 1',
    'low-accuracy-alert 1, stop-failed 1',
    'unknown_event_type [0].event.type',
    'handler_not_allowed [1].action.name',
  ]);
});
