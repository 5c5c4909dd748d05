import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const demo = 'examples/demo/demo.ts';
const withoutSlack = { SLACK_BOT_TOKEN: '', SLACK_CHANNEL: '' };

/** What changes from run to run: the time of day, and how far the training is when the disk has written what rang. */
const withoutTimes = (output: string): string =>
  output.replaceAll(/\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d|Logging took.*|^ *\d+% .*\n/gm, '');

/** A folder of its own, which is gone when the test ends. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const rangIn = (output: string): string[] | undefined =>
  output.match(/^rang .*/gm)?.map((line) => line.replaceAll(/ +/g, ' '));

describe('npm run demo', { timeout: 120_000 }, () => {
  test('rings for a real training, the same every time, and ends by itself', async () => {
    const folders = [await makeFolder(), await makeFolder()] as const;
    const [first, second] = await Promise.all(
      folders.map((folder) => runProgram(demo, ['--steps', '60', '--folder', folder], withoutSlack)),
    );
    if (first === undefined || second === undefined) throw new Error('Expected two demos');
    expect([first.exitCode, first.errors]).toEqual([0, '']);
    expect(rangIn(first.output)).toEqual([
      'rang slow-start at step 19',
      'rang training-finished',
      'rang model-registered',
      'rang model-in-production',
    ]);
    expect(first.output).toContain('⚠️ Slow start');
    expect(first.output).toContain(':white_check_mark: 1');
    const [own, others] = [first.output, second.output].map((output, index) =>
      withoutTimes(output).replaceAll(folders[index] as string, 'FOLDER'),
    );
    expect(others).toBe(own);
  });

  test('keeps cooldowns and history from demo to demo, until --reset', async () => {
    const steps = ['--steps', '25', '--folder', join(await makeFolder(), 'demo')];
    const first = await runProgram(demo, steps, withoutSlack);
    expect(first.output).toContain('has nothing yet');
    const again = await runProgram(demo, steps, withoutSlack);
    expect([again.exitCode, again.errors]).toEqual([0, '']);
    expect(again.output).toContain('has 6 executions of earlier demos');
    // Models ring every time; the training has rung already.
    expect(rangIn(again.output)).toEqual(['rang model-registered', 'rang model-in-production']);
    expect(again.output).toMatch(/slow-start +skipped: cooldown, \d+ times/);
    expect(again.output).toMatch(/training-finished +skipped: cooldown\n/);
    expect(again.output.match(/Slow start/g)).toBeNull();
    const reset = await runProgram(demo, [...steps, '--reset'], withoutSlack);
    expect(rangIn(reset.output)).toHaveLength(4);
  });

  test('replays a logged training, and rings at the step that a plain computation says', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'run.csv');
    const rows = Array.from(
      { length: 200 },
      (_, step) => `${step},${step % 10 === 9 ? '' : (5 - step / 60).toFixed(4)}`,
    );
    await writeFile(path, ['step,train_loss', ...rows].join('\n'));
    const { exitCode, output, errors } = await runProgram(
      demo,
      ['--replay', path, '--folder', join(folder, 'demo')],
      withoutSlack,
    );
    expect([exitCode, errors]).toEqual([0, '']);
    const step = /rang: step (\d+)\n/.exec(output)?.[1];
    expect(step).toBeDefined();
    expect(output).toContain(`A plain computation over the file says: step ${step}\n`);
    expect(output.match(/Training loss below 3.5/g)).toHaveLength(1);
  });

  test('posts to the Slack that the environment names, and says so', async () => {
    const workspace = await startSlackWorkspace({ channels: [{ name: 'ml' }, { name: 'closed', isMember: false }] });
    onTestFinished(() => workspace.close());
    const steps = ['--steps', '3', '--folder', await makeFolder()];
    const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl };
    const { exitCode, output } = await runProgram(demo, steps, { ...env, SLACK_CHANNEL: '#ml' });
    expect(exitCode).toBe(0);
    expect(output).toContain('alerts go to the real Slack, channel #ml');
    expect(workspace.channel('#ml').messages).toHaveLength(3);

    const refused = await runProgram(demo, steps, { ...env, SLACK_CHANNEL: '#closed' });
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('/invite');
    expect(refused.errors).not.toContain(workspace.token);
  });
});
