/** Closes an engine while one message stalls, one lane rests, one is paced and one is parked; it must end by itself. */
import { createEngine, onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { slackWebApi } from 'tocsin/delivery/slack-web-api';
import { memoryStorage } from 'tocsin/storage/memory';
import { startSlackWorkspace } from 'tocsin/testing';

const channels = ['stalled', 'throttled', 'paced', 'archived'];
const workspace = await startSlackWorkspace({ channels: channels.map((name) => ({ name })) });
workspace.fault({ type: 'slow-headers', method: 'chat.postMessage', channel: '#stalled' });
workspace.fault({ type: '429', retryAfterSeconds: 3600, method: 'chat.postMessage', channel: '#throttled' });
workspace.archive('#archived');

const engine = await createEngine({
  storage: memoryStorage(),
  deliveries: [slackWebApi({ slackApiUrl: workspace.apiUrl, token: workspace.token, timeoutMs: 60_000 })],
  closeTimeoutMs: 200,
});
const place = { entity: 'my-team', registry: 'models' } as const;
for (const name of channels) {
  const slack = await engine.integrations.create({
    type: 'slack',
    name,
    delivery: 'slack-web-api',
    channel: `#${name}`,
  });
  await engine.automations.create({
    name,
    event: onAddArtifactAlias({ scope: registry(place.entity, place.registry) }),
    action: sendNotification(slack, { title: name }),
  });
}
// Heard here, so that it is not written to the console.
engine.on('integration-disabled', () => {});
const isSettled = new Promise<void>((resolve) => {
  let attempts = 0;
  engine.on('delivery-attempted', () => {
    attempts += 1;
    // One throttled, one archived, three that pass the pacing's burst.
    if (attempts === 5) resolve();
  });
});
for (let version = 0; version < 6; version += 1) {
  await engine.emit({
    type: 'artifact.alias-added',
    ...place,
    collection: 'digits',
    artifact: { id: `${version}`, type: 'model', version: `v${version}` },
    alias: 'production',
  });
}
engine.on('warning', ({ code }) => console.log(code));
await isSettled;
await engine.close();
await workspace.close();
const { items: executions } = await engine.executions.list({ limit: 1000 });
const count = (status: string): number => executions.filter((execution) => execution.status === status).length;
console.log(`${count('finished')} finished, ${count('pending')} pending`);
