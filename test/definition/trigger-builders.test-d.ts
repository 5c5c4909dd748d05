import {
  type CustomEvent,
  collection,
  type createEngine,
  onAddArtifactTag,
  onAddCollectionTag,
  onAnomaly,
  onEvent,
  onLinkArtifact,
  onRemoveArtifactAlias,
  onRemoveArtifactTag,
  onRemoveCollectionTag,
  onUnlinkArtifact,
  organization,
  project,
  type RunScope,
  registry,
  runEvent,
  type Scope,
  type TocsinEvent,
  type Trigger,
  team,
} from 'tocsin';
import { describe, expectTypeOf, test } from 'vitest';

const scope = project('my-team', 'my-project');
const models = collection(registry('my-team', 'models'), 'digits');

describe('a trigger', () => {
  test('on artifacts and collections takes every scope', () => {
    const builders = [
      onLinkArtifact,
      onUnlinkArtifact,
      onRemoveArtifactAlias,
      onAddArtifactTag,
      onRemoveArtifactTag,
      onAddCollectionTag,
      onRemoveCollectionTag,
    ];
    for (const on of builders) expectTypeOf(on).parameter(0).toHaveProperty('scope').toEqualTypeOf<Scope>();
    expectTypeOf(onAddCollectionTag({ scope: models })).toEqualTypeOf<Trigger<'collection.tag-added'>>();
    // @ts-expect-error a filter alone is no trigger
    onLinkArtifact({ filter: { artifactType: 'model' } });
  });

  test('on anomalies takes no collection', () => {
    expectTypeOf(onAnomaly).parameter(0).toHaveProperty('scope').toEqualTypeOf<RunScope>();
    // @ts-expect-error anomalies are in no collection
    onAnomaly({ scope: models });
    for (const wide of [organization('acme'), team('t'), scope, registry('t', 'r')]) onAnomaly({ scope: wide });
  });

  test('on any type of event knows its type and its scopes', () => {
    expectTypeOf(onEvent('custom.deploy', { scope: models })).toEqualTypeOf<Trigger<'custom.deploy'>>();
    expectTypeOf(onEvent('training-data.viewed', { scope })).toEqualTypeOf<Trigger<'training-data.viewed'>>();
    onEvent('collection.tag-added', { scope: models });
    onEvent('custom.run.state', { scope: models });
    // @ts-expect-error runs are in no collection
    onEvent('run.state', { scope: models });
    // @ts-expect-error anomalies are in no collection
    onEvent('features-profile.learnt', { scope: models });
    // @ts-expect-error no such type
    onEvent('deploy', { scope });
    // @ts-expect-error no scope
    onEvent('custom.deploy');
    // @ts-expect-error not compared with anything
    onEvent('run.metrics', { scope, filter: runEvent.metric('loss') });
  });
});

describe('an event', () => {
  type Emit = Awaited<ReturnType<typeof createEngine>>['emit'];
  const emit = (() => undefined) as unknown as Emit;

  test('of the host’s own may carry more, also by an interface', () => {
    interface Deploy extends CustomEvent {
      readonly type: 'custom.deploy';
      readonly target: { readonly region: string };
    }
    const deploy: Deploy = { type: 'custom.deploy', entity: 't', target: { region: 'eu' } };
    emit(deploy);
    emit({ type: 'custom.deploy', entity: 't', registry: 'r', collection: 'c', sha: 'abc' });
    // @ts-expect-error no entity
    emit({ type: 'custom.deploy' });
    // @ts-expect-error no type of event
    emit({ type: 'deploy', entity: 't' });
  });

  test('has what its type must have', () => {
    // @ts-expect-error no alias
    emit({
      type: 'artifact.alias-removed',
      entity: 't',
      collection: 'c',
      artifact: { id: 'a', type: 'm', version: '1' },
    });
    // @ts-expect-error no tag
    emit({ type: 'collection.tag-added', entity: 't', collection: 'c' });
    // @ts-expect-error a text is no value
    emit({ type: 'anomaly.detected', entity: 't', metric: 'm', value: '5', timestamp: 1 });
    emit({ type: 'anomaly.detected', entity: 't', metric: 'm', value: 'NaN', timestamp: 1 });
    // @ts-expect-error no viewer
    emit({ type: 'training-data.viewed', entity: 't', anomalyId: 'a' });
    // @ts-expect-error no profile
    emit({ type: 'features-profile.created', entity: 't', anomalyId: 'a' });
  });

  test('is told apart by its type', () => {
    const event = {} as TocsinEvent;
    if (event.type === 'anomaly.detected') expectTypeOf(event.metric).toBeString();
    if (event.type === 'collection.tag-added') expectTypeOf(event.tag).toBeString();
    if (event.type === 'custom.deploy') expectTypeOf(event.collection).toEqualTypeOf<string | undefined>();
  });
});
