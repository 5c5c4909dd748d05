/** Finds a Slack integration of a team: by the channel's exact name, by a part of it, or else the first. */
import { onCreateArtifact, registry, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine } = await connectSlack();

for (const [entity, channel] of [
  ['my-team', '#ml-dev-alerts'],
  ['my-team', '#ml-prod-alerts'],
  ['another-team', '#their-alerts'],
] as const) {
  await engine.integrations.create({
    type: 'slack',
    name: channel,
    entity,
    delivery: 'slack-web-api',
    channel,
    tokenSecretName: 'SLACK_BOT_TOKEN',
  });
}

// With or without `#`. The channels of other teams are never among them.
const ofTeam = { type: 'slack', entity: 'my-team' } as const;
const exact = await engine.integrations.list({ ...ofTeam, channelName: 'ml-dev-alerts' });
const containing = await engine.integrations.list({ ...ofTeam, channelName: { contains: 'prod' } });
const all = await engine.integrations.list(ofTeam);
const missing = await engine.integrations.list({ ...ofTeam, channelName: 'their-alerts' });
for (const found of [exact, containing, all, missing]) {
  console.log(found.map(({ name }) => name).join(', ') || 'none');
}

const slack = exact[0] ?? containing[0] ?? all[0];
if (slack === undefined) throw new Error('The team has no Slack integration');
await engine.automations.create({
  name: 'model-created',
  event: onCreateArtifact({ scope: registry('my-team', 'my-registry'), filter: { artifact_type: 'model' } }),
  action: sendNotification(slack, { title: 'New model' }),
});
await engine.emit({
  type: 'artifact.created',
  entity: 'my-team',
  registry: 'my-registry',
  collection: 'my-model-collection',
  artifact: { id: 'version-0', type: 'model', version: 'v0' },
});

await engine.idle();
await engine.close();
