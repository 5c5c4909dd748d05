import { createEngine, doNothing, onRunMetric, project, runEvent } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';

/** Emits without awaiting to a storage that fails; the rejection must end the program. */
const memory = memoryStorage();
let isDown = false;
const commit: typeof memory.commit = async (each) => {
  if (isDown) throw new Error('down');
  return memory.commit(each);
};
const engine = await createEngine({ storage: { ...memory, commit } });
await engine.automations.create({
  name: 'low',
  event: onRunMetric({ scope: project('team', 'p'), filter: runEvent.metric('accuracy').lt(1) }),
  action: doNothing(),
});
isDown = true;
void engine.emit({ type: 'run.metrics', entity: 'team', project: 'p', run: { id: 'r' }, metrics: { accuracy: 0 } });
await new Promise((resolve) => setTimeout(resolve, 2000));
console.log('nobody noticed');
