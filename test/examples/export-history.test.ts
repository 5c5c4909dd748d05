import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the example of the history in docs/management.md does what it says', { timeout: 60_000 }, async () => {
  expect(await read('docs/management.md')).toContain(`\`\`\`ts\n${await read('examples/export-history.ts')}\`\`\``);
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'history.jsonl');
  const { exitCode, output, errors } = await runProgram('examples/export-history.ts', [file]);
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output.trimEnd().split('\n').slice(-3)).toEqual([
    'step 1: 1 attempt, step 1: 1 attempt',
    'step 1: 1 attempt',
    'the oldest that was skipped: cooldown, 2 times',
  ]);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const executions = lines.map((line) => JSON.parse(line) as { status: string; event: { run: { id: string } } });
  expect(executions.map(({ status, event }) => `${event.run.id} ${status}`).sort()).toEqual(
    ['first', 'second', 'third'].flatMap((run) => [`${run} finished`, `${run} skipped`]),
  );
});
