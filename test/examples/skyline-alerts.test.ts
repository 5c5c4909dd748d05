import { startSlackWorkspace } from 'tocsin/testing';
import { describe, test } from 'vitest';
import { runProgram } from '../support/run-program.js';

const path = 'examples/skyline-alerts.ts';

/** Without the times, which differ from run to run. */
function withoutTimes(output: string): string[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/\d\d:\d\d:\d\d( {2}| UTC)/, '$1').replace(/\d{4}-\d\d-\d\d/, ''))
    .map((line) => line.replace(/: {2,}/, ': ').trimEnd());
}

const author = ':chart_with_upwards_trend: Skyline';
const alert = [
  `  ${author}`,
  '          ⚠️ payments.checkout.errors is anomalous: 42',
  '          ┃ Team: my-team',
  '          ┃ Metric: payments.checkout.errors',
  '          ┃ Value: 42',
  '          ┃ Timestamp: 1767225600',
  '          ┃ Source: mirage',
  '          ┃ [Graph] (https://skyline.example/panorama?metric=payments.checkout.errors)',
  '          ┃ anomalies ·   UTC',
];
const profileLink = '┃ [Features profile] (https://skyline.example/ionosphere?fp_id=101)';
const reply = (...lines: readonly string[]): string[] => [
  `          ↳   ${author}`,
  ...[...lines, '┃ anomalies ·   UTC'].map((line) => `            ${line}`),
];

// Slack's pace of a message a second makes each of them take some seconds.
describe.concurrent('the example of Skyline’s alerts', { timeout: 60_000 }, () => {
  test('shows an anomaly and what became of it, in a workspace of its own', async ({ expect }) => {
    const { exitCode, output, errors } = await runProgram(path, [], { SLACK_BOT_TOKEN: undefined });
    expect([exitCode, errors]).toEqual([0, '']);
    expect(withoutTimes(output)).toEqual([
      'bot_user_oauth_access_token: It still has its placeholder: set the token as the secret SLACK_BOT_TOKEN',
      '#payments · Acme ML',
      '────  UTC ────',
      '',
      ...alert,
      '          :eyes: 1  :thumbsup: 1  :heavy_check_mark: 1',
      ...reply('The training data page has been reviewed by ada'),
      ...reply('The training data page has been reviewed by bob'),
      ...reply('Features profile 101 was created; it learns for 30 days', profileLink),
      ...reply('Features profile 101 was learnt', profileLink),
      ...reply('The anomaly was labelled release 2.4'),
      '',
      `  ${author}`,
      '          ℹ️ Features profile 101 was learnt: please validate it',
      '          ┃ Metric: payments.checkout.errors',
      '          ┃ Timestamp: 1767225600',
      `          ${profileLink}`,
      '          ┃ anomalies ·   UTC',
      '',
      '#skyline · Acme ML',
      '────  UTC ────',
      '',
      ...alert,
    ]);
  });

  test('posts to the user’s workspace with a token, and prints nothing of it', async ({ expect, onTestFinished }) => {
    const channels = ['skyline', 'payments', 'ops'].map((name) => ({ name }));
    const workspace = await startSlackWorkspace({ channels });
    onTestFinished(() => workspace.close());
    const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl };
    const { exitCode, output, errors } = await runProgram(path, [], env);
    expect([exitCode, errors]).toEqual([0, '']);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
    expect(workspace.channel('payments').messages.map(({ text }) => text.split('\n')[0])).toEqual([
      'WARN: payments.checkout.errors is anomalous: 42',
      'INFO: Features profile 101 was learnt: please validate it',
    ]);
    // At Slack's pace, so that Slack never has to say no.
    expect(JSON.stringify(workspace.requests)).not.toContain('ratelimited');
    expect(workspace.channel('skyline').messages).toHaveLength(1);
    expect(workspace.channel('ops').messages).toEqual([]);
  });
});
