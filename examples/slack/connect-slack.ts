import { createEngine, type Engine, type Integration } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';

/** An engine with one Slack channel; the token stays in the environment, only its name is stored. */
export async function connectSlack(): Promise<{ engine: Engine; slack: Integration }> {
  const engine = await createEngine({
    storage: memoryStorage(),
    deliveries: [slackWebApi({ slackApiUrl: process.env['SLACK_API_URL'] })],
    secrets: envSecrets({ allow: ['SLACK_BOT_TOKEN'] }),
  });
  const slack = await engine.integrations.create({
    type: 'slack',
    name: 'ml-alerts',
    entity: 'my-team',
    delivery: 'slack-web-api',
    channel: process.env['SLACK_CHANNEL'] ?? '#ml-alerts',
    tokenSecretName: 'SLACK_BOT_TOKEN',
  });
  return { engine, slack };
}
