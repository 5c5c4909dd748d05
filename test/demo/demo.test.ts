import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const demo = 'examples/demo/demo.ts';
const withoutSlack = { SLACK_BOT_TOKEN: '', SLACK_CHANNEL: '' };

/** What changes from run to run: the time of day. */
const withoutTimes = (output: string): string =>
  output.replaceAll(/\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d|Logging took.*/g, '');

describe('npm run demo', { timeout: 120_000 }, () => {
  test('rings for a real training, the same every time, and ends by itself', async () => {
    const steps = ['--steps', '60'];
    const [first, second] = await Promise.all([
      runProgram(demo, steps, withoutSlack),
      runProgram(demo, steps, withoutSlack),
    ]);
    expect([first.exitCode, first.errors]).toEqual([0, '']);
    const rang = first.output.match(/^rang .*/gm)?.map((line) => line.replaceAll(/ +/g, ' '));
    expect(rang).toEqual([
      'rang slow-start at step 19',
      'rang training-finished',
      'rang model-registered',
      'rang model-in-production',
    ]);
    expect(first.output).toContain('⚠️ Slow start');
    expect(withoutTimes(second.output)).toBe(withoutTimes(first.output));
  });

  test('replays a logged training, and rings at the step that a plain computation says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'run.csv');
    const rows = Array.from(
      { length: 200 },
      (_, step) => `${step},${step % 10 === 9 ? '' : (5 - step / 60).toFixed(4)}`,
    );
    await writeFile(path, ['step,train_loss', ...rows].join('\n'));
    const { exitCode, output, errors } = await runProgram(demo, ['--replay', path], withoutSlack);
    expect([exitCode, errors]).toEqual([0, '']);
    const step = /rang: step (\d+)\n/.exec(output)?.[1];
    expect(step).toBeDefined();
    expect(output).toContain(`A plain computation over the file says: step ${step}\n`);
    expect(output.match(/Training loss below 3.5/g)).toHaveLength(1);
  });

  test('posts to the Slack that the environment names, and says so', async () => {
    const workspace = await startSlackWorkspace({ channels: [{ name: 'ml' }, { name: 'closed', isMember: false }] });
    onTestFinished(() => workspace.close());
    const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl };
    const { exitCode, output } = await runProgram(demo, ['--steps', '3'], { ...env, SLACK_CHANNEL: '#ml' });
    expect(exitCode).toBe(0);
    expect(output).toContain('alerts go to the real Slack, channel #ml');
    expect(workspace.channel('#ml').messages).toHaveLength(3);

    const refused = await runProgram(demo, ['--steps', '3'], { ...env, SLACK_CHANNEL: '#closed' });
    expect(refused.exitCode).toBe(1);
    expect(refused.errors).toContain('/invite');
    expect(refused.errors).not.toContain(workspace.token);
  });
});
