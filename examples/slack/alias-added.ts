/** The alias `production` is added to a version of one collection of a registry. */
import { collection, onAddArtifactAlias, registry, sendNotification } from 'tocsin';
import { connectSlack } from './connect-slack.js';

const { engine, slack } = await connectSlack();

await engine.automations.create({
  name: 'production-alias-added',
  description: 'Tell the team when a model goes to production',
  event: onAddArtifactAlias({
    scope: collection(registry('my-team', 'my-registry'), 'my-model-collection'),
    filter: { alias: 'production' },
  }),
  action: sendNotification(slack, {
    title: 'Production model updated',
    message: 'A model version got the alias production.',
    severity: 'INFO',
  }),
});

await engine.emit({
  type: 'artifact.alias-added',
  entity: 'my-team',
  registry: 'my-registry',
  collection: 'my-model-collection',
  artifact: { id: 'version-7', type: 'model', version: 'v7' },
  alias: 'production',
  author: 'ada',
});

await engine.idle();
await engine.close();
