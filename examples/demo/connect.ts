import { createEngine, type Engine, type Integration } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { startSlackWorkspace } from 'tocsin/testing';

/** An engine that delivers to one Slack channel. */
export interface DemoConnection {
  readonly engine: Engine;
  readonly slack: Integration;
  /** Where the messages go, in words. */
  readonly destination: string;
  /** Delivers the rest, shows what a person would see, and closes everything. */
  finish(): Promise<void>;
}

/**
 * Connects to the real Slack where `SLACK_BOT_TOKEN` and `SLACK_CHANNEL` are set, else to a workspace on loopback.
 *
 * @throws An error that says what to do when the real channel can't be reached.
 */
export async function connect(env: NodeJS.ProcessEnv): Promise<DemoConnection> {
  const { SLACK_BOT_TOKEN: token, SLACK_CHANNEL: channel } = env;
  return token && channel ? connectToSlack(channel, env) : connectToWorkspace();
}

async function connectToSlack(channel: string, env: NodeJS.ProcessEnv): Promise<DemoConnection> {
  const engine = await createEngine({
    storage: memoryStorage(),
    deliveries: [slackWebApi({ slackApiUrl: env['SLACK_API_URL'] })],
    secrets: envSecrets({ allow: ['SLACK_BOT_TOKEN'], env }),
  });
  const slack = await addIntegration(engine, channel);
  const { ok, problems } = await engine.integrations.verify(slack.id);
  if (!ok) throw new Error(problems.map(({ message }) => message).join('\n'));
  return {
    engine,
    slack,
    destination: `the real Slack, channel ${channel}`,
    async finish() {
      await engine.idle();
      await engine.close();
      console.log(`\nEverything was posted to ${channel}.`);
    },
  };
}

const demoChannel = '#training';

async function connectToWorkspace(): Promise<DemoConnection> {
  const workspace = await startSlackWorkspace({ channels: [{ name: 'training' }] });
  const engine = await createEngine({
    storage: memoryStorage(),
    deliveries: [slackWebApi({ slackApiUrl: workspace.apiUrl })],
    secrets: envSecrets({ allow: ['SLACK_BOT_TOKEN'], env: { SLACK_BOT_TOKEN: workspace.token } }),
  });
  return {
    engine,
    slack: await addIntegration(engine, demoChannel),
    destination:
      'a Slack workspace of its own on this machine (set SLACK_BOT_TOKEN and SLACK_CHANNEL for the real one)',
    async finish() {
      await engine.idle();
      await engine.close();
      console.log(`\nWhat a person sees in ${demoChannel}:\n`);
      console.log(workspace.render(demoChannel, { isColored: process.stdout.isTTY }));
      await workspace.close();
    },
  };
}

function addIntegration(engine: Engine, channel: string): Promise<Integration> {
  return engine.integrations.create({
    type: 'slack',
    name: 'training',
    entity: 'demo-team',
    delivery: 'slack-web-api',
    channel,
    tokenSecretName: 'SLACK_BOT_TOKEN',
  });
}
