/**
 * Logs losses of a run on a file storage, and is killed once they are in a checkpoint:
 * `log-and-be-killed.ts [path] [loss] [loss] …`.
 */
import { createEngine, doNothing, onRunMetric, project, runEvent } from 'tocsin';
import { fileStorage } from 'tocsin/storage/file';

const [path = '', ...losses] = process.argv.slice(2);
const windowCheckpointMs = 20;
const engine = await createEngine({ storage: fileStorage({ path }), windowCheckpointMs });
const scope = project('my-team', 'my-project');
const definition = {
  name: 'high loss',
  event: onRunMetric({ scope, filter: runEvent.metric('loss').avg(3).gt(5) }),
  action: doNothing(),
  policy: { cooldown: 0 },
} as const;
await engine.automations.create(definition, { ifExists: 'return' });
for (const [index, loss] of losses.entries()) {
  await engine.emit({
    type: 'run.metrics',
    entity: 'my-team',
    project: 'my-project',
    run: { id: 'run-1' },
    id: `event-${index}`,
    metrics: { loss: Number(loss) },
  });
}
// The claim of the run, a checkpoint, and one more.
await new Promise((resolve) => setTimeout(resolve, 50 * windowCheckpointMs));
process.kill(process.pid, 'SIGKILL');
