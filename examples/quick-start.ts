import { createEngine, onRunMetric, project, runEvent, sendNotification } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';

const engine = await createEngine({ storage: memoryStorage(), deliveries: [consoleDelivery()] });
const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
await engine.automations.create({
  name: 'low-accuracy',
  event: onRunMetric({ scope: project('my-team', 'my-project'), filter: runEvent.metric('accuracy').avg(5).lt(0.85) }),
  action: sendNotification(terminal, { title: 'Low accuracy', severity: 'WARN' }),
});

const run = engine.startRun({ entity: 'my-team', project: 'my-project', name: 'first-try' });
for (const [step, accuracy] of [0.91, 0.88, 0.84, 0.8, 0.79, 0.77].entries()) run.log({ accuracy }, { step });
run.finish();
await run.flush();

await engine.idle();
await engine.close();
