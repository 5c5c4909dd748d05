/** A model is created anywhere in a registry, in collections of the future too. */
import { onCreateArtifact, registry, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.automations.create({
  name: 'model-created',
  event: onCreateArtifact({ scope: registry('my-team', 'my-registry'), filter: { artifactType: 'model' } }),
  action: sendNotification(slack, { title: 'New model', message: 'A model version was created in the registry.' }),
});

await engine.emit({
  type: 'artifact.created',
  entity: 'my-team',
  registry: 'my-registry',
  collection: 'a-new-collection',
  artifact: { id: 'version-0', type: 'model', version: 'v0', aliases: ['latest'] },
});

await engine.idle();
await engine.close();
