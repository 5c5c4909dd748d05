import type { Trigger } from './automation.js';
import type { EventType } from './event-type.js';
import { type FilterInput, filterJson } from './filter-builders.js';
import { givenOptions } from './given-options.js';
import type { OrganizationScope, ProjectScope, RegistryScope, Scope, TeamScope } from './scope.js';

/** Where runs live, and anomalies are detected: neither is in a collection. */
export type RunScope = OrganizationScope | TeamScope | ProjectScope | RegistryScope;

/** Where events of a type can happen. */
export type EventScope<Type extends EventType> = Type extends
  | `run.${string}`
  | `anomaly.${string}`
  | `training-data.${string}`
  | `features-profile.${string}`
  ? RunScope
  : Scope;

/** What a trigger builder takes. */
export interface TriggerOptions<Where extends Scope = Scope> {
  /** Where it must happen. */
  readonly scope: Where;
  /** What must hold. Left out: every such event matches. */
  readonly filter?: FilterInput | undefined;
}

/** Keys that are not known stay, so that parsing names them: a misspelt filter would ring for everything. */
function trigger<Type extends EventType>(type: Type, options: TriggerOptions): Trigger<Type> {
  const { scope, filter, ...unknown } = givenOptions(options);
  return Object.freeze({
    ...unknown,
    type,
    scope: scope as Scope,
    ...(filter === undefined ? {} : { filter: filterJson(filter) }),
  });
}

/**
 * Rings when a run logs a metric and the filter holds, by default once a run in 24 hours.
 *
 * @param options - Where, and a filter that names at least one metric.
 * @see W&B, "Automation events": run metrics.
 */
export function onRunMetric(options: Required<TriggerOptions<RunScope>>): Trigger<'run.metrics'> {
  return trigger('run.metrics', options);
}

/**
 * Rings when a run comes into a state, by default once a run and state in 24 hours.
 *
 * @param options - Where, and which states (`runEvent.state`). Without a filter every state but `killed` rings.
 * @see W&B, "Automation events": run status.
 */
export function onRunState(options: TriggerOptions<RunScope>): Trigger<'run.state'> {
  return trigger('run.state', options);
}

/**
 * Rings when a run's own code raises an alert.
 *
 * @param options - Where, and which alerts (fields `title`, `text`, `level`).
 * @see W&B, `run.alert()`.
 */
export function onRunAlert(options: TriggerOptions<RunScope>): Trigger<'run.alert'> {
  return trigger('run.alert', options);
}

/**
 * Rings when a version of an artifact is created.
 *
 * @param options - Where, and of which artifacts.
 * @see W&B, "Automation events": a new artifact version. Their SDK takes only a collection; any scope is fine here.
 */
export function onCreateArtifact(options: TriggerOptions): Trigger<'artifact.created'> {
  return trigger('artifact.created', options);
}

/**
 * Rings when a version of an artifact is linked to a collection.
 *
 * @param options - Where, and of which artifacts.
 * @see W&B, "Automation events": an artifact version is linked.
 */
export function onLinkArtifact(options: TriggerOptions): Trigger<'artifact.linked'> {
  return trigger('artifact.linked', options);
}

/**
 * Rings when a version of an artifact is unlinked from a collection.
 *
 * @param options - Where, and of which artifacts.
 * @see W&B, `UNLINK_ARTIFACT`.
 */
export function onUnlinkArtifact(options: TriggerOptions): Trigger<'artifact.unlinked'> {
  return trigger('artifact.unlinked', options);
}

/**
 * Rings when an alias is added to a version of an artifact.
 *
 * @param options - Where, and which alias.
 * @see W&B, "Automation events": an artifact alias is added.
 */
export function onAddArtifactAlias(options: TriggerOptions): Trigger<'artifact.alias-added'> {
  return trigger('artifact.alias-added', options);
}

/**
 * Rings when an alias is removed from a version of an artifact.
 *
 * @param options - Where, and which alias. W&B has no such event.
 */
export function onRemoveArtifactAlias(options: TriggerOptions): Trigger<'artifact.alias-removed'> {
  return trigger('artifact.alias-removed', options);
}

/**
 * Rings when a tag is added to a version of an artifact.
 *
 * @param options - Where, and which tag.
 * @see W&B, `ADD_ARTIFACT_TAG`.
 */
export function onAddArtifactTag(options: TriggerOptions): Trigger<'artifact.tag-added'> {
  return trigger('artifact.tag-added', options);
}

/**
 * Rings when a tag is removed from a version of an artifact.
 *
 * @param options - Where, and which tag.
 * @see W&B, `REMOVE_ARTIFACT_TAG`.
 */
export function onRemoveArtifactTag(options: TriggerOptions): Trigger<'artifact.tag-removed'> {
  return trigger('artifact.tag-removed', options);
}

/**
 * Rings when a tag is added to a collection.
 *
 * @param options - Where, and which tag.
 * @see W&B, `ADD_COLLECTION_TAG`.
 */
export function onAddCollectionTag(options: TriggerOptions): Trigger<'collection.tag-added'> {
  return trigger('collection.tag-added', options);
}

/**
 * Rings when a tag is removed from a collection.
 *
 * @param options - Where, and which tag.
 * @see W&B, `REMOVE_COLLECTION_TAG`.
 */
export function onRemoveCollectionTag(options: TriggerOptions): Trigger<'collection.tag-removed'> {
  return trigger('collection.tag-removed', options);
}

/**
 * Rings when a metric turns anomalous, by default once a metric in an hour.
 *
 * @param options - Where, and which anomalies (fields `metric`, `value`, `source`, `label.<key>`).
 * @see Skyline, an alert and its EXPIRATION_TIME.
 * @example
 * `onAnomaly({ scope: team('my-team'), filter: anomalyEvent.metric.contains('cpu') })`
 */
export function onAnomaly(options: TriggerOptions<RunScope>): Trigger<'anomaly.detected'> {
  return trigger('anomaly.detected', options);
}

/**
 * Rings at any type of event: one of the host's own, `custom.` and a name, or a known one, such as
 * `training-data.viewed`.
 *
 * @param type - The type of event.
 * @param options - Where, and which of them. Filters on custom events ask for any field, by its dotted path.
 * @example
 * `onEvent('custom.deploy', { scope: team('my-team'), filter: field('target.region').eq('eu') })`
 */
export function onEvent<Type extends EventType>(type: Type, options: TriggerOptions<EventScope<Type>>): Trigger<Type> {
  return trigger(type, options);
}
