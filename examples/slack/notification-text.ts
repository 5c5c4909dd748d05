/** What a notification says: title, message and severity, in our words or in W&B's. */
import { onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();
const scope = registry('my-team', 'my-registry');

await engine.automations.create({
  name: 'in-our-words',
  event: onAddArtifactAlias({ scope, filter: { alias: 'staging' } }),
  action: sendNotification(slack, {
    title: 'Model on staging',
    message: '${artifact_version_string} is waiting for review.',
    severity: 'WARN',
  }),
});

// `text` and `level` are other names of `message` and `severity`.
await engine.automations.create({
  name: 'in-wandb-words',
  event: onAddArtifactAlias({ scope, filter: { alias: 'production' } }),
  action: sendNotification(slack, {
    title: 'Model in production',
    text: 'It serves users from now on.',
    level: 'warn',
  }),
});

// All of them may be left out: the automation's name stands in for the title, and the severity is INFO.
await engine.automations.create({
  name: 'model-archived',
  event: onAddArtifactAlias({ scope, filter: { alias: 'archived' } }),
  action: sendNotification(slack),
});

for (const alias of ['staging', 'production', 'archived']) {
  await engine.emit({
    type: 'artifact.alias-added',
    entity: 'my-team',
    registry: 'my-registry',
    collection: 'my-model-collection',
    artifact: { id: 'version-7', type: 'model', version: 'v7' },
    alias,
  });
}

await engine.idle();
await engine.close();
