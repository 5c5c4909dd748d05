import {
  type AutomationInput,
  anomalyEvent,
  artifactEvent,
  type Engine,
  type Integration,
  onAddArtifactAlias,
  onAnomaly,
  onRunMetric,
  project,
  registry,
  runEvent,
  sendNotification,
} from 'tocsin';

/** Where everything happens. */
export const team = 'my-team';
export const projectName = 'my-project';
export const registryName = 'models';

/** The automations, and the channel that each rings in. */
export const channelOf = {
  production: 'first',
  changed: 'second',
  limited: 'third',
  released: 'first',
  low: 'third',
  average: 'fourth',
  anomaly: 'fourth',
} as const;

/** The name of an automation. */
export type AutomationName = keyof typeof channelOf;

/** The channels of the workspace. */
export const channels: readonly string[] = [...new Set(Object.values(channelOf))];

/** How often `limited` may ring for each collection. */
export const limitedMax = 3;

/** Makes the integrations and automations. */
export async function setUp(engine: Engine): Promise<void> {
  const integrations = new Map<string, Integration>();
  for (const channel of channels) {
    const definition = { type: 'slack', name: channel, delivery: 'slack-web-api', channel: `#${channel}` } as const;
    integrations.set(channel, await engine.integrations.create(definition));
  }
  for (const [name, channel] of Object.entries(channelOf)) {
    const integration = integrations.get(channel);
    if (integration === undefined) throw new Error(`There is no channel ${channel}`);
    const action = sendNotification(integration, { title: name });
    await engine.automations.create({ name, ...definitions[name as AutomationName], action });
  }
}

const models = registry(team, registryName);
const runs = project(team, projectName);

const definitions: Record<AutomationName, Pick<AutomationInput, 'event' | 'policy'>> = {
  production: { event: onAddArtifactAlias({ scope: models, filter: artifactEvent.alias.eq('production') }) },
  changed: { event: onAddArtifactAlias({ scope: models, filter: artifactEvent.alias.in(['production', 'staging']) }) },
  limited: {
    event: onAddArtifactAlias({ scope: models, filter: artifactEvent.alias.eq('limited') }),
    policy: { rateLimit: { max: limitedMax, window: '24h', per: 'collection' } },
  },
  released: {
    event: onAddArtifactAlias({ scope: models, filter: artifactEvent.alias.eq('released') }),
    policy: { cooldown: '24h', per: 'collection' },
  },
  low: { event: onRunMetric({ scope: runs, filter: runEvent.metric('accuracy').lt(0.5) }) },
  // Losses are 0 or 1: all that the window has must be 1.
  average: { event: onRunMetric({ scope: runs, filter: runEvent.metric('loss').avg(5).gt(0.9) }) },
  anomaly: { event: onAnomaly({ scope: runs, filter: anomalyEvent.metric.contains('cpu') }) },
};
