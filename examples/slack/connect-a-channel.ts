/** Connects a Slack channel, asks Slack whether messages would arrive, and sends a first one. */
import { createEngine } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';

const engine = await createEngine({
  storage: memoryStorage(),
  // SLACK_API_URL leads to a workspace of `tocsin/testing`; when it is not set, this is Slack.
  deliveries: [slackWebApi({ slackApiUrl: process.env['SLACK_API_URL'] })],
  secrets: envSecrets({ allow: ['SLACK_BOT_TOKEN'] }),
});
const slack = await engine.integrations.create({
  type: 'slack',
  name: 'ml-alerts',
  delivery: 'slack-web-api',
  channel: process.env['SLACK_CHANNEL'] ?? '#ml-alerts',
  tokenSecretName: 'SLACK_BOT_TOKEN',
});

const { ok, problems, notes = [] } = await engine.integrations.verify(slack.id);
for (const { reason, message } of problems) console.log(`${reason}: ${message}`);
for (const note of notes) console.log(`note: ${note}`);
if (ok) {
  const first = await engine.integrations.notify(slack.id, {
    title: 'tocsin is connected',
    message: 'Alerts come here from now on.',
  });
  await engine.idle();
  const { status, attempts } = await engine.executions.get(first.id);
  console.log(status === 'finished' ? 'connected' : `${status}: ${attempts.at(-1)?.error}`);
}

await engine.close();
