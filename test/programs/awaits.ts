/** Awaits what hangs on nothing but timers: the process must not end before it has what it waits for. */
import { createEngine, onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { memoryStorage } from 'tocsin/storage/memory';

const storage = memoryStorage();
let isHung = false;
const engine = await createEngine({
  storage: { ...storage, commit: (commit) => (isHung ? new Promise(() => {}) : storage.commit(commit)) },
  commitTimeoutMs: 200,
  deliveries: [
    {
      name: 'console',
      integrationTypes: ['console'],
      pacing: { messagesPerSecond: 20, burst: 1 },
      deliver: async ({ message }) => {
        console.log(message.fields.find(({ name }) => name === 'Artifact')?.value);
        return {};
      },
    },
  ],
});
const terminal = await engine.integrations.create({ type: 'console', name: 'terminal', delivery: 'console' });
await engine.automations.create({
  name: 'alias',
  event: onAddArtifactAlias({ scope: registry('my-team', 'models') }),
  action: sendNotification(terminal),
});
const emit = (version: string) =>
  engine.emit({
    type: 'artifact.alias-added',
    entity: 'my-team',
    registry: 'models',
    collection: 'digits',
    artifact: { id: version, type: 'model', version },
    alias: 'production',
  });

for (const version of ['v1', 'v2', 'v3']) await emit(version);
await engine.idle();
console.log('idle');
isHung = true;
await emit('v4').catch(({ code }) => console.log(code));
isHung = false;
await engine.close();
console.log('closed');
