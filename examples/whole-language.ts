/** One automation of each kind, the rule that each compiles to, and what rings when things happen. */
import {
  type AutomationInput,
  anomalyEvent,
  callHandler,
  createEngine,
  doNothing,
  field,
  onAddArtifactTag,
  onAddCollectionTag,
  onAnomaly,
  onEvent,
  onLinkArtifact,
  onRunMetric,
  onRunState,
  project,
  registry,
  runEvent,
  sendNotification,
  sendWebhook,
  team,
  toRule,
} from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { webhook } from 'tocsin/delivery/webhook';
import { memoryStorage } from 'tocsin/storage/memory';

const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [consoleDelivery({ write: (line) => line.startsWith(' ') || console.log(line) }), webhook()],
  handlers: { rollBack: ({ event }) => console.log(`rolling back ${event['service']}`) },
});
const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
const url = 'https://ci.example/hooks/deploy';
const deploy = await engine.integrations.create({ type: 'webhook', name: 'deploy', delivery: 'webhook', url });

const runs = project('my-team', 'my-project');
const models = registry('my-team', 'models');
const say = (title: string) => sendNotification(terminal, { title });
const { metric, state } = runEvent;

const definitions: Record<string, Omit<AutomationInput, 'name'>> = {
  'metric-change': {
    event: onRunMetric({ scope: runs, filter: metric('loss').avg(2).increasesBy({ frac: 0.5, priorWindow: 4 }) }),
    action: say('The loss rises'),
  },
  'z-score': {
    event: onRunMetric({ scope: runs, filter: metric('loss').zscore(5).abs().gt(3) }),
    action: say('The loss of ${run_name} is unusual: ${metric_values}'),
  },
  'not-finite': {
    event: onRunMetric({ scope: team('my-team'), filter: metric('loss').isNotFinite() }),
    action: say('The loss has diverged'),
  },
  'state-with-metric': {
    event: onRunState({ scope: runs, filter: state.eq('finished').and(metric('accuracy').max(5).lt(0.9)) }),
    action: say('Finished, but never good'),
  },
  'artifact-tag': {
    event: onAddArtifactTag({ scope: models, filter: { tag: { $regex: '^reviewed' }, artifactType: 'model' } }),
    action: say('${tag} by ${event_author}'),
  },
  'collection-tag': {
    event: onAddCollectionTag({ scope: models, filter: { tag: 'deprecated' } }),
    action: say('${artifact_collection_name} is deprecated'),
  },
  'anomaly-with-rate-limit': {
    event: onAnomaly({ scope: team('my-team'), filter: anomalyEvent.metric.regex('\\.cpu$') }),
    policy: { cooldown: '30m', rateLimit: { max: 2, window: '1h' } },
    action: say('Anomaly of ${metric_name}'),
  },
  'custom-event-to-handler': {
    event: onEvent('custom.deploy', { scope: team('my-team'), filter: field('checks.failed').gt(0) }),
    action: callHandler('rollBack'),
  },
  'webhook-with-payload': {
    event: onLinkArtifact({ scope: models, filter: { artifactType: 'model' } }),
    action: sendWebhook(deploy, { payload: { ref: 'main', inputs: { model: '${artifact_version_string}' } } }),
  },
  'dry-run': {
    event: onRunMetric({ scope: runs, filter: metric('accuracy').lt(0.5).not().and(runEvent.config('lr').gt(0.01)) }),
    action: doNothing(),
  },
};

const file = Object.entries(definitions).map(([name, parts]) => ({ name, ...parts }));
const { automations } = await engine.automations.import(file);
for (const automation of automations)
  console.log(`${automation.name}: ${JSON.stringify(toRule(automation).conditions)}`);
const idOf = (wanted: string): string => automations.find(({ name }) => name === wanted)?.id ?? '';

const run = engine.startRun({ entity: 'my-team', project: 'my-project', name: 'baseline', config: { lr: 0.1 } });
for (const loss of [1, 1.01, 0.99, 1, 1.02, 2.5, Number.NaN]) run.log({ loss, accuracy: 0.7 });
run.finish();
await run.flush();

const model = { entity: 'my-team', registry: 'models', collection: 'digits', author: 'ada' };
const artifact = { id: 'version-7', type: 'model', version: 'v7' };
await engine.emit({ type: 'artifact.tag-added', ...model, artifact, tag: 'reviewed-by-ada' });
await engine.emit({ type: 'collection.tag-added', ...model, tag: 'deprecated' });
for (const metric of ['web-1.cpu', 'web-1.memory', 'web-2.cpu', 'web-3.cpu']) {
  const { skipped } = await engine.emit({
    type: 'anomaly.detected',
    entity: 'my-team',
    metric,
    value: 98,
    timestamp: 1,
  });
  for (const { reason } of skipped) console.log(`${metric}: ${reason}`);
}
await engine.emit({ type: 'custom.deploy', entity: 'my-team', service: 'digits-api', checks: { failed: 2 } });
await engine.idle();

// What would be posted, without posting it; and what was recorded of the dry run.
const linked = { type: 'artifact.linked', ...model, artifact } as const;
const { payload } = await engine.preview(idOf('webhook-with-payload'), linked);
console.log(JSON.stringify(payload));
const { items } = await engine.executions.list({ automationId: idOf('dry-run') });
console.log(`dry-run: ${items.map(({ status, count = 1 }) => `${count} ${status}`).join(', ')}`);
await engine.close();
