import { startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const channels = ['ml-alerts', 'ml-dev-alerts', 'ml-prod-alerts', 'their-alerts'];

/** What an example printed, and what stands in the channels that it posted to, a list of lines for each message. */
interface Shown {
  readonly printed: readonly string[];
  readonly posted: Readonly<Record<string, readonly (readonly string[])[]>>;
}

/** The messages of a channel as a person sees them, without what differs from run to run: times and ids of runs. */
function messagesOf(rendered: string): string[][] {
  const [, ...messages] = rendered.split(/^\d\d:\d\d:\d\d {2}tocsin$/m);
  return messages.map((message) =>
    message
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\s*┃ /, '').replace(/: {2,}/, ': '))
      .map((line) => line.replace(/ \([0-9A-Z]{26}\)$/, '').replace(/ · \d{4}-.* UTC$/, '')),
  );
}

async function runOnSlack(name: string): Promise<Shown> {
  const workspace = await startSlackWorkspace({ channels: channels.map((channel) => ({ name: channel })) });
  onTestFinished(() => workspace.close());
  const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl, SLACK_CHANNEL: '#ml-alerts' };
  const { exitCode, output, errors } = await runProgram(`examples/slack/${name}.ts`, [], env);
  expect([exitCode, errors]).toEqual([0, '']);
  const used = channels.filter((channel) => workspace.channel(channel).messages.length > 0);
  return {
    printed: output.split('\n').slice(0, -1),
    posted: Object.fromEntries(used.map((channel) => [channel, messagesOf(workspace.render(channel))])),
  };
}

const inRegistry = ['Registry: my-team/my-registry', 'Artifact: my-model-collection:v7', 'Type: model'];

describe('the examples of W&B’s Slack page', { timeout: 60_000 }, () => {
  test('an alias is added to a version of a collection', async () => {
    const lines = [
      'ℹ️ Production model updated',
      'A model version got the alias production.',
      ...inRegistry,
      'Alias: production',
      'Author: ada',
      'production-alias-added',
    ];
    expect(await runOnSlack('alias-added')).toEqual({ printed: [], posted: { 'ml-alerts': [lines] } });
  });

  test('an artifact is created in a registry', async () => {
    const lines = [
      'ℹ️ New model',
      'A model version was created in the registry.',
      'Registry: my-team/my-registry',
      'Artifact: a-new-collection:v0',
      'Type: model',
      'model-created',
    ];
    expect(await runOnSlack('artifact-created')).toEqual({ printed: [], posted: { 'ml-alerts': [lines] } });
  });

  test('a metric falls below a threshold, which rings once', async () => {
    const lines = [
      '⚠️ Low Accuracy Alert',
      'Model accuracy has dropped below 85%',
      'Project: my-team/my-ml-project',
      'Run: baseline',
      'accuracy: 0.84 (< 0.85)',
      'Step: 2',
      'low-accuracy-alert',
      // The run has finished.
      '          :white_check_mark: 1',
    ];
    expect(await runOnSlack('low-accuracy')).toEqual({ printed: [], posted: { 'ml-alerts': [lines] } });
  });

  test('a run has finished', async () => {
    const lines = [
      'ℹ️ Training finished',
      'Have a look at the results.',
      'Project: my-team/long-running-experiments',
      'Run: three-days-later',
      'State: finished',
      'training-finished',
    ];
    expect(await runOnSlack('run-finished')).toEqual({ printed: [], posted: { 'ml-alerts': [lines] } });
  });

  test('two metrics ring together, as soon as both are good', async () => {
    const lines = [
      'ℹ️ Good enough',
      'baseline: accuracy = 0.96 (> 0.95), loss = 0.08 (< 0.1)',
      'Project: my-team/my-ml-project',
      'Run: baseline',
      'accuracy: 0.96 (> 0.95)',
      'loss: 0.08 (< 0.1)',
      'Step: 2',
      'good-enough',
      '          :white_check_mark: 1',
    ];
    expect(await runOnSlack('two-metrics')).toEqual({ printed: [], posted: { 'ml-alerts': [lines] } });
  });

  test('a notification says title, message and severity, in W&B’s words too, and nothing empty', async () => {
    const inOurWords = [
      '⚠️ Model on staging',
      'my-team/my-registry/my-model-collection:staging is waiting for review.',
      ...inRegistry,
      'Alias: staging',
      'in-our-words',
    ];
    const inWandbWords = [
      '⚠️ Model in production',
      'It serves users from now on.',
      ...inRegistry,
      'Alias: production',
      'in-wandb-words',
    ];
    const withoutWords = ['ℹ️ model-archived', ...inRegistry, 'Alias: archived', 'model-archived'];
    expect(await runOnSlack('notification-text')).toEqual({
      printed: [],
      posted: { 'ml-alerts': [inOurWords, inWandbWords, withoutWords] },
    });
  });

  test('an automation is created with a name and a description, once', async () => {
    const lines = [
      '🚨 baseline failed',
      'Project: my-team/my-ml-project',
      'Run: baseline',
      'State: failed',
      'Error: CUDA out of memory',
      'training-failed',
    ];
    expect(await runOnSlack('create-automation')).toEqual({
      printed: ['training-failed: Tell the team when a training fails or crashes', 'name_taken', 'the same automation'],
      posted: { 'ml-alerts': [lines] },
    });
  });

  test('automations are listed, disabled and deleted, and then are silent', async () => {
    const lines = [
      'ℹ️ heard finished',
      'Project: my-team/my-ml-project',
      'Run: heard',
      'State: finished',
      'training-finished',
    ];
    expect(await runOnSlack('list-disable-delete')).toEqual({
      printed: [
        'training-finished on, training-failed on',
        'training-finished off, training-failed on',
        'training-failed on',
      ],
      posted: { 'ml-alerts': [lines] },
    });
  });

  test('a Slack integration is found by the name of its channel, or a part of it, and never another team’s', async () => {
    const lines = [
      'ℹ️ New model',
      'Registry: my-team/my-registry',
      'Artifact: my-model-collection:v0',
      'Type: model',
      'model-created',
    ];
    expect(await runOnSlack('find-channel')).toEqual({
      printed: ['#ml-dev-alerts', '#ml-prod-alerts', 'ml-alerts, #ml-dev-alerts, #ml-prod-alerts', 'none'],
      posted: { 'ml-dev-alerts': [lines] },
    });
  });
});
