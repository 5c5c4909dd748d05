import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

/** Runs an example against a workspace with the channel #ml-alerts, and gives the channel as a person sees it. */
async function runOnSlack(name: string): Promise<string> {
  const workspace = await startSlackWorkspace({ channels: [{ name: 'ml-alerts' }] });
  onTestFinished(() => workspace.close());
  const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl };
  const { exitCode, errors } = await runProgram(`examples/slack/${name}.ts`, [], env);
  expect(errors).toBe('');
  expect(exitCode).toBe(0);
  return workspace.render('#ml-alerts');
}

describe('the examples of W&B’s Slack page', { timeout: 60_000 }, () => {
  test('an alias is added to a version of a collection', async () => {
    const channel = await runOnSlack('alias-added');
    expect(channel).toContain('ℹ️ Production model updated');
    expect(channel).toMatch(/Artifact: +my-model-collection:v7/);
    expect(channel).toMatch(/Alias: +production/);
    expect(channel).toContain('production-alias-added ·');
  });

  test('an artifact is created in a registry', async () => {
    const channel = await runOnSlack('artifact-created');
    expect(channel).toContain('ℹ️ New model');
    expect(channel).toMatch(/Registry: +my-team\/my-registry/);
  });

  test('a metric falls below a threshold, which rings once', async () => {
    const channel = await runOnSlack('low-accuracy');
    expect(channel.match(/Low Accuracy Alert/g)).toHaveLength(1);
    expect(channel).toMatch(/accuracy: +0.84 \(< 0.85\)/);
    expect(channel).toMatch(/Step: +2/);
  });

  test('a run has finished', async () => {
    const channel = await runOnSlack('run-finished');
    expect(channel).toContain('Training finished');
    expect(channel).toMatch(/State: +finished/);
  });
});

describe('the other examples', { timeout: 60_000 }, () => {
  test('the ten lines of the README ring in the terminal', async () => {
    const { exitCode, output, errors } = await runProgram('examples/quick-start.ts');
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output).toContain('⚠ WARN  Low accuracy');
    expect(output).toContain('avg(5) of accuracy: 0.844 (< 0.85)');
  });

  test('a definition that is wrong says where', async () => {
    const { output } = await runProgram('examples/parse-automation.ts');
    expect(output).toBe('invalid_type at event.filter.$metric.window: Expected a number, got "five"\n');
  });

  test('a compiled rule runs in json-rules-engine itself', async () => {
    const { output, errors } = await runProgram('examples/bare-rule.ts');
    expect(errors).toBe('');
    expect(output.trimEnd().split('\n').at(-1)).toBe('automation-matched');
  });
});
