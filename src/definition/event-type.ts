/** The types of event that have a meaning of their own. */
export const eventTypes = [
  'run.metrics',
  'run.state',
  'run.alert',
  'artifact.created',
  'artifact.linked',
  'artifact.unlinked',
  'artifact.alias-added',
  'artifact.alias-removed',
  'artifact.tag-added',
  'artifact.tag-removed',
  'collection.tag-added',
  'collection.tag-removed',
  'anomaly.detected',
  'anomaly.labelled',
  'training-data.viewed',
  'features-profile.created',
  'features-profile.layers-created',
  'features-profile.learnt',
  'features-profile.disabled',
  'features-profile.validated',
] as const;

/** A type of event that has a meaning of its own. */
export type KnownEventType = (typeof eventTypes)[number];

/** A type of event of the host's own: `custom.` and a name. */
export type CustomEventType = `custom.${string}`;

/** What can happen: for what a host emits and for what an automation watches alike. */
export type EventType = KnownEventType | CustomEventType;

/** A state of a run. An automation that waits for `failed` rings for `crashed` too. */
export type RunState = 'running' | 'finished' | 'failed' | 'crashed' | 'killed';

/** The states that a run can be in and an automation can wait for. */
export const runStates = ['running', 'finished', 'failed', 'crashed', 'killed'] as const satisfies readonly RunState[];

/**
 * What an event is about. An `anomaly-update` tells what became of an anomaly: somebody looked at it, a profile was
 * learnt from it.
 */
export type EventFamily = 'run' | 'artifact' | 'collection' | 'anomaly' | 'anomaly-update' | 'custom';

/** The types of event of each family. */
const families = {
  'run.metrics': 'run',
  'run.state': 'run',
  'run.alert': 'run',
  'artifact.created': 'artifact',
  'artifact.linked': 'artifact',
  'artifact.unlinked': 'artifact',
  'artifact.alias-added': 'artifact',
  'artifact.alias-removed': 'artifact',
  'artifact.tag-added': 'artifact',
  'artifact.tag-removed': 'artifact',
  'collection.tag-added': 'collection',
  'collection.tag-removed': 'collection',
  'anomaly.detected': 'anomaly',
  'anomaly.labelled': 'anomaly-update',
  'training-data.viewed': 'anomaly-update',
  'features-profile.created': 'anomaly-update',
  'features-profile.layers-created': 'anomaly-update',
  'features-profile.learnt': 'anomaly-update',
  'features-profile.disabled': 'anomaly-update',
  'features-profile.validated': 'anomaly-update',
} as const satisfies Record<KnownEventType, EventFamily>;

/** What events of a type are about. */
export function eventFamily(type: EventType): EventFamily {
  return isKnownEventType(type) ? families[type] : 'custom';
}

/** Whether this is a type of event; `custom.` needs a name, and both together are at most 255 characters. */
export function isEventType(type: unknown): type is EventType {
  if (typeof type !== 'string') return false;
  return isKnownEventType(type) || (type.startsWith('custom.') && type.length > 'custom.'.length && type.length <= 255);
}

/** Whether a type has a meaning of its own. */
export function isKnownEventType(type: string): type is KnownEventType {
  return Object.hasOwn(families, type);
}

/** Whether an event of this type is about a run. */
export function isRunEventType(type: EventType): boolean {
  return eventFamily(type) === 'run';
}
