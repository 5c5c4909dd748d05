// What a user of the package does first. It is compiled and run where only the packed tarball is installed.
// Arguments: the major version of Node that must be running, then every module that the package publishes.
import { createEngine, onRunMetric, runEvent, sendNotification, team } from 'tocsin';
import { consoleDelivery } from 'tocsin/delivery/console';
import { memoryStorage } from 'tocsin/storage/memory';

const [major, ...modules] = process.argv.slice(2);
if (process.versions.node.split('.')[0] !== major) throw new Error(`Expected Node ${major}, got ${process.version}`);

for (const specifier of modules) {
  const exported = Object.keys(await import(specifier));
  if (exported.length === 0) throw new Error(`${specifier} exports nothing`);
}

const lines: string[] = [];
const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [consoleDelivery({ write: (line) => lines.push(line) })],
});
const integration = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
await engine.automations.create({
  name: 'accuracy is low',
  event: onRunMetric({ scope: team('vision'), filter: runEvent.metric('accuracy').avg(5).lt(0.85) }),
  action: sendNotification(integration, { title: 'Accuracy is low', severity: 'WARN' }),
});

const run = engine.startRun({ entity: 'vision', project: 'digits' });
for (const accuracy of [0.9, 0.8, 0.85, 0.8, 0.75]) run.log({ accuracy });
await run.flush();
await engine.idle();
await engine.close();

const headlines = lines.filter((line) => line.includes('WARN  Accuracy is low'));
if (headlines.length !== 1) throw new Error(`Expected one headline, got:\n${lines.join('\n')}`);
// Nothing ends the process here: it must end by itself.
console.log(`smoke: Node ${process.version}, ${modules.length} modules, rang once`);
