import { createEngine, fromWandb, toWandb } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';

// An automation as W&B's API answers it: its filter is JSON as text, and the run filter is text in that text once more.
const saved = {
  __typename: 'Trigger',
  id: 'VHJpZ2dlcjox',
  name: 'low-accuracy',
  description: null,
  enabled: true,
  scope: { __typename: 'Project', id: 'UHJvamVjdDox', name: 'digits' },
  event: {
    __typename: 'FilterEventTriggeringCondition',
    eventType: 'RUN_METRIC',
    filter: JSON.stringify({
      run_filter: JSON.stringify({ $and: [{ display_name: { $regex: '^prod-' } }] }),
      run_metric_filter: {
        threshold_filter: { name: 'accuracy', agg_op: 'AVERAGE', window_size: 3, cmp_op: '$lt', threshold: 0.85 },
      },
    }),
  },
  action: {
    __typename: 'NotificationTriggeredAction',
    integration: { __typename: 'SlackIntegration', id: 'SW50ZWdyYXRpb246Nw==' },
    title: 'Low accuracy of ${run_name}',
    message: null,
    severity: 'WARN',
  },
};

const engine = await createEngine({ storage: memoryStorage(), deliveries: [consoleDelivery()] });
const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });

const options = {
  entity: 'my-team',
  scopes: { UHJvamVjdDox: { type: 'project', entity: 'my-team', project: 'digits' } as const },
  integrations: { 'SW50ZWdyYXRpb246Nw==': terminal.id },
};
const imported = fromWandb(saved, options);

if (imported.issues !== undefined) {
  for (const { path, message } of imported.issues) console.error(`${path}: ${message}`);
} else {
  for (const { path, message } of imported.warnings) console.warn(`${path}: ${message}`);
  await engine.automations.create(imported.value);
  const run = engine.startRun({ entity: 'my-team', project: 'digits', name: 'prod-7' });
  for (const accuracy of [0.9, 0.84, 0.8]) run.log({ accuracy });
  await run.flush();
  await engine.idle();
  console.log(toWandb(imported.value, options).value?.eventFilter);
}
await engine.close();
