import { readFile } from 'node:fs/promises';
import { type SlackWorkspace, type SlackWorkspaceOptions, startSlackWorkspace } from 'tocsin/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ProgramResult, runProgram } from '../support/run-program.js';

const token = 'xoxb-1-2-example';
const channels = [{ name: 'ml-alerts' }, { name: 'ml-prod-alerts' }];

async function runIn(
  name: string,
  options: SlackWorkspaceOptions = {},
): Promise<ProgramResult & { workspace: SlackWorkspace }> {
  const workspace = await startSlackWorkspace({ channels, ...options });
  onTestFinished(() => workspace.close());
  const env = { SLACK_BOT_TOKEN: workspace.token, SLACK_API_URL: workspace.apiUrl, SLACK_CHANNEL: '#ml-alerts' };
  const result = await runProgram(`examples/slack/${name}.ts`, [], env);
  expect([result.exitCode, result.errors]).toEqual([0, '']);
  return { ...result, workspace };
}

/** The first lines of a channel's messages and replies, with their reactions, without times. */
function transcript(workspace: SlackWorkspace, channel: string): string[] {
  const [, ...posts] = workspace.render(channel).split(/^\s*(?=↳ \d\d:|\d\d:\d\d:\d\d {2}tocsin)/m);
  return posts.map((post) => {
    const [head = '', first = ''] = post.split('\n');
    const marks = [...post.matchAll(/^\s+(:[a-z_]+:) \d+$/gm)].map(([, mark]) => mark);
    return [head.replace(/\d\d:\d\d:\d\d {2}tocsin */, ''), first.trim(), ...marks]
      .filter((part) => part !== '')
      .join(' ');
  });
}

describe('connect-a-channel.ts', { timeout: 60_000 }, () => {
  test('with an app made from the manifest says that the channel is connected, and sends a first message', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../docs/slack-app-manifest.json', import.meta.url), 'utf8'));
    const scopes: readonly string[] = manifest.oauth_config.scopes.bot;
    const { output, workspace } = await runIn('connect-a-channel', { tokens: [{ token, scopes }] });
    expect(output).toBe('connected\n');
    expect(transcript(workspace, 'ml-alerts')).toEqual(['ℹ️ tocsin is connected']);
  });

  test('says what works only in part, and connects all the same', async () => {
    const { output, workspace } = await runIn('connect-a-channel', { tokens: [{ token, scopes: ['chat:write'] }] });
    const lines = output.trimEnd().split('\n');
    expect(lines.slice(0, -1).every((line) => /^note: .* add the scope/.test(line))).toBe(true);
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.at(-1)).toBe('connected');
    expect(workspace.channel('ml-alerts').messages).toHaveLength(1);
  });

  test('says that the bot has to be invited, and sends nothing', async () => {
    const { output, workspace } = await runIn('connect-a-channel', {
      channels: [{ name: 'ml-alerts', isMember: false }],
    });
    expect(output).toContain('not_in_channel: The bot is not in #ml-alerts: write "/invite @tocsin" in #ml-alerts\n');
    expect(output).not.toContain('connected');
    expect(workspace.ledger.count()).toBe(0);
  });
});

test('run-threads.ts: one thread for the run, errors in the channel too, and a mark when it has failed', async () => {
  const { workspace } = await runIn('run-threads');
  expect(transcript(workspace, 'ml-alerts')).toEqual([
    '⚠️ Low accuracy in baseline :x:',
    '↳ (also sent to the channel) 🚨 The loss of baseline is not finite',
    '(from a thread) 🚨 The loss of baseline is not finite',
    'ℹ️ baseline has failed',
  ]);
}, 60_000);

test('mute.ts: what is muted is silent, and rings as soon as it is not', async () => {
  const { output, workspace } = await runIn('mute');
  expect(output.trimEnd().split('\n')).toEqual(['muted', 'The database moves to another host', '#ml-prod-alerts']);
  expect(transcript(workspace, 'ml-alerts')).toEqual(['ℹ️ Muted: metric payments.*, team my-team']);
  expect(transcript(workspace, 'ml-prod-alerts')).toEqual(['⚠️ payments.checkout.errors is anomalous: 97']);
}, 60_000);
