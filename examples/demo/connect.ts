import { createEngine, type Engine, type Integration, type Secrets } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { fileStorage } from 'tocsin/storage/file';
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
 * @param folder - Where everything is kept from demo to demo.
 * @throws An error that says what to do when the real channel can't be reached.
 */
export async function connect(folder: string, env: NodeJS.ProcessEnv): Promise<DemoConnection> {
  const { SLACK_BOT_TOKEN: token, SLACK_CHANNEL: channel } = env;
  return token && channel ? connectToSlack(folder, channel, env) : connectToWorkspace(folder);
}

async function connectToSlack(folder: string, channel: string, env: NodeJS.ProcessEnv): Promise<DemoConnection> {
  const engine = await openEngine(folder, env['SLACK_API_URL'], envSecrets({ allow: ['SLACK_BOT_TOKEN'], env }));
  const slack = await integrationFor(engine, channel);
  const { ok, problems } = await engine.integrations.verify(slack.id);
  if (!ok) {
    await engine.close();
    throw new Error(problems.map(({ message }) => message).join('\n'));
  }
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

async function connectToWorkspace(folder: string): Promise<DemoConnection> {
  const workspace = await startSlackWorkspace({ channels: [{ name: 'training' }] });
  const secrets = envSecrets({ allow: ['SLACK_BOT_TOKEN'], env: { SLACK_BOT_TOKEN: workspace.token } });
  const engine = await openEngine(folder, workspace.apiUrl, secrets);
  return {
    engine,
    slack: await integrationFor(engine, demoChannel),
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

function openEngine(folder: string, slackApiUrl: string | undefined, secrets: Secrets): Promise<Engine> {
  return createEngine({
    storage: fileStorage({ path: folder }),
    deliveries: [slackWebApi({ slackApiUrl })],
    secrets,
  });
}

/** The integration of an earlier demo, led to the channel of this one and in use again; or a new one. */
async function integrationFor(engine: Engine, channel: string): Promise<Integration> {
  const [known] = await engine.integrations.list({ type: 'slack', entity: 'demo-team' });
  if (known !== undefined) {
    await engine.integrations.update(known.id, { channel });
    return engine.integrations.enable(known.id);
  }
  return engine.integrations.create({
    type: 'slack',
    name: 'training',
    entity: 'demo-team',
    delivery: 'slack-web-api',
    channel,
    tokenSecretName: 'SLACK_BOT_TOKEN',
  });
}
