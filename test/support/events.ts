import type { ArtifactAliasAddedEvent, ArtifactCreatedEvent, RunMetricsEvent, RunStateEvent } from 'tocsin';

/** The place that tests share. */
const place = { entity: 'my-team', project: 'my-project' } as const;

/** A run logs metrics. */
export function metricsEvent(
  metrics: RunMetricsEvent['metrics'],
  more: Partial<RunMetricsEvent> = {},
  runId = 'run-1',
): RunMetricsEvent {
  return { type: 'run.metrics', ...place, run: { id: runId }, metrics, ...more };
}

/** A run comes into a state. */
export function stateEvent(state: string, more: Partial<RunStateEvent> = {}, runId = 'run-1'): RunStateEvent {
  return { type: 'run.state', ...place, run: { id: runId }, state, ...more };
}

/** A version of a model is created. */
export function artifactCreated(more: Partial<ArtifactCreatedEvent> = {}): ArtifactCreatedEvent {
  return {
    type: 'artifact.created',
    entity: 'my-team',
    registry: 'models',
    collection: 'digits',
    artifact: { id: 'version-1', type: 'model', version: 'v1' },
    ...more,
  };
}

/** A version of a model gets an alias. */
export function aliasAdded(alias: string, more: Partial<ArtifactAliasAddedEvent> = {}): ArtifactAliasAddedEvent {
  return { ...artifactCreated(), type: 'artifact.alias-added', alias, ...more } as ArtifactAliasAddedEvent;
}
