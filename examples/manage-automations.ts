/** Lists, changes, disables, deletes, exports and imports automations, and finds the Slack channel that they ring in. */
import {
  callHandler,
  createEngine,
  onRunMetric,
  onRunState,
  project,
  runEvent,
  sendNotification,
  TocsinError,
  team,
} from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { envSecrets } from 'tocsin/secrets';
import { memoryStorage } from 'tocsin/storage/memory';

const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [slackWebApi()],
  // Not for webhooks: whoever makes one could have the bot's token sent to himself.
  secrets: envSecrets({ allow: [{ name: 'SLACK_*', integrationTypes: ['slack'] }] }),
  handlers: {
    stopRun: ({ event }) => console.log('stop', event['run']),
    // Only automations of this team may name it.
    deploy: { handler: ({ event }) => console.log('deploy', event), entities: ['ml-platform'] },
  },
});

// A channel, owned by the team. The token stays where it is; its name is stored.
for (const channel of ['#ml-dev-alerts', '#ml-prod-alerts']) {
  await engine.integrations.create({
    type: 'slack',
    name: channel,
    entity: 'my-team',
    delivery: 'slack-web-api',
    channel,
    tokenSecretName: 'SLACK_BOT_TOKEN',
  });
}

// By exact name; or the first whose name contains a pattern; or else the first.
const [exact] = await engine.integrations.list({ type: 'slack', entity: 'my-team', channelName: 'ml-dev-alerts' });
const [similar] = await engine.integrations.list({ entity: 'my-team', channelName: { contains: 'alerts' } });
const [first] = await engine.integrations.list({ type: 'slack', entity: 'my-team' });
const slack = exact ?? similar ?? first;
if (slack === undefined) throw new Error('There is no Slack integration');

// Creating the same again is no fault when it may exist.
const scope = project('my-team', 'my-ml-project');
const lowAccuracy = {
  name: 'low-accuracy-alert',
  description: 'Alert when model accuracy drops below threshold',
  event: onRunMetric({ scope, filter: runEvent.metric('accuracy').lt(0.85) }),
  action: sendNotification(slack, { title: 'Low accuracy', severity: 'WARN' }),
};
const { automation } = await engine.automations.create(lowAccuracy, { ifExists: 'return' });

// What is named is replaced; with a revision, only if nobody has changed it since.
await engine.automations.update(automation.id, { policy: { cooldown: '1h' } }, { revision: automation.revision });
await engine.automations.update(automation.id, { description: null, policy: null });

// All of a project; of a team with everything in it; page by page.
await engine.automations.create({
  name: 'stop-failed',
  event: onRunState({ scope, filter: runEvent.state.eq('failed') }),
  action: callHandler('stopRun'),
});
const ofProject = await engine.automations.list({ scope });
const ofTeam = await engine.automations.list({ scope: team('my-team'), includeDescendants: true, limit: 1 });
const rest = await engine.automations.list({
  scope: team('my-team'),
  includeDescendants: true,
  cursor: ofTeam.cursor,
});
console.log(ofProject.items.map(({ name }) => name).join(', '));
console.log(ofTeam.items.length, rest.items.length);

// Off, and on again: it takes effect on the next emit.
await engine.automations.disable(automation.id);
await engine.automations.enable(automation.id);

// A file of definitions. All of it is imported or nothing, and importing it again changes nothing.
const file = JSON.stringify(await engine.automations.export(), null, 2);
await engine.automations.delete(automation.id);
const { automations } = await engine.automations.import(JSON.parse(file), { ifExists: 'return' });
console.log(automations.map(({ name, revision }) => `${name} ${revision}`).join(', '));

// What is wrong is told all at once, each fault with its place.
try {
  await engine.automations.import([
    { ...lowAccuracy, name: 'broken', event: { ...lowAccuracy.event, type: 'run.metric' } },
    { ...lowAccuracy, name: 'not-ours', action: callHandler('deploy') },
  ]);
} catch (error) {
  if (!TocsinError.is(error)) throw error;
  for (const { code, path } of error.issues) console.log(code, path);
}

await engine.close();
