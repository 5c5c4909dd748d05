import type { Trigger } from './automation.js';
import type { EventType } from './event-type.js';
import { type FilterInput, filterJson } from './filter-builders.js';
import type { OrganizationScope, ProjectScope, RegistryScope, Scope, TeamScope } from './scope.js';

/** Where runs live. */
export type RunScope = OrganizationScope | TeamScope | ProjectScope | RegistryScope;

/** What a trigger builder takes. */
export interface TriggerOptions<Where extends Scope = Scope> {
  /** Where it must happen. */
  readonly scope: Where;
  /** What must hold. Left out: every such event matches. */
  readonly filter?: FilterInput | undefined;
}

function trigger<Type extends EventType>(type: Type, { scope, filter }: TriggerOptions): Trigger<Type> {
  return Object.freeze({ type, scope, ...(filter === undefined ? {} : { filter: filterJson(filter) }) });
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
 * Rings when an alias is added to a version of an artifact.
 *
 * @param options - Where, and which alias.
 * @see W&B, "Automation events": an artifact alias is added.
 */
export function onAddArtifactAlias(options: TriggerOptions): Trigger<'artifact.alias-added'> {
  return trigger('artifact.alias-added', options);
}
