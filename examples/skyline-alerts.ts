/** Skyline's alerts in Slack, with the settings that Skyline has: each anomaly with all that becomes of it in its thread. */
import { createEngine, fromSkylineSettings, onAnomaly, sendByRouting, slackRouting, team } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';
import { startSlackWorkspace } from 'tocsin/testing';

// SLACK_OPTS of Skyline's settings.py, as JSON. The token in it is not kept: it comes from the environment.
const slackOpts = {
  bot_user_oauth_access_token: 'YOUR_slack_bot_user_oauth_access_token',
  channels: { skyline: ['#skyline'], 'horizon.udp.test': '#skyline', payments: ['#payments', '#skyline'] },
  default_channel: '#ops',
  icon_emoji: ':chart_with_upwards_trend:',
  thread_updates: true,
  message_on_training_data_viewed: true,
  message_on_features_profile_created: true,
  message_on_features_profile_learnt: true,
  message_on_features_profile_disabled: true,
  message_on_validated_features_profiles: true,
};
const settings = fromSkylineSettings(slackOpts, { tokenSecretName: 'SLACK_BOT_TOKEN', entity: 'my-team' });
if (settings.issues !== undefined) throw new Error(settings.issues.map(({ message }) => message).join('\n'));
for (const { path, message } of settings.warnings) console.log(`${path}: ${message}`);

// Without a token, the messages go to a workspace in this process.
const fake = process.env['SLACK_BOT_TOKEN'] === undefined ? await startFakeWorkspace() : undefined;
const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [slackWebApi({ slackApiUrl: fake?.apiUrl ?? process.env['SLACK_API_URL'] })],
  secrets: envSecrets({ allow: ['SLACK_BOT_TOKEN'], ...(fake && { env: { SLACK_BOT_TOKEN: fake.token } }) }),
});
const integration = await engine.integrations.create(settings.integration);
await engine.routing.set(slackRouting({ ...settings.routing, integrationId: integration.id }));

await engine.automations.create({
  name: 'anomalies',
  event: onAnomaly({ scope: team('my-team') }),
  action: sendByRouting({ title: '${metric_name} is anomalous: ${metric_value}', severity: 'WARN' }),
  policy: { cooldown: '1h', per: 'metric' },
});

// What Skyline's analyzers find, and what its web application is told. A metric rings once an hour.
const anomaly = { entity: 'my-team', metric: 'payments.checkout.errors', timestamp: 1_767_225_600 };
const graph = [{ text: 'Graph', url: 'https://skyline.example/panorama?metric=payments.checkout.errors' }];
await engine.emit({ ...anomaly, type: 'anomaly.detected', value: 42, source: 'mirage', links: graph });
await engine.emit({ ...anomaly, timestamp: anomaly.timestamp + 60, type: 'anomaly.detected', value: 43 });

// Whoever looks again is not told again.
for (const viewer of ['ada', 'bob', 'ada']) await engine.emit({ ...anomaly, type: 'training-data.viewed', viewer });
const profile = { ...anomaly, profileId: '101', link: 'https://skyline.example/ionosphere?fp_id=101' };
await engine.emit({ ...profile, type: 'features-profile.created', learnDays: 30 });
await engine.emit({ ...profile, type: 'features-profile.learnt' });
await engine.emit({ ...anomaly, type: 'anomaly.labelled', label: 'release 2.4' });

await engine.idle();
await engine.close();
for (const channel of fake === undefined ? [] : ['#payments', '#skyline']) console.log(fake?.render(channel));
await fake?.close();

function startFakeWorkspace() {
  const scopes = ['chat:write', 'chat:write.customize', 'channels:history', 'reactions:write'];
  return startSlackWorkspace({
    channels: [{ name: 'skyline' }, { name: 'payments' }, { name: 'ops' }],
    tokens: [{ token: 'xoxb-fake', scopes, botName: 'Skyline' }],
  });
}
