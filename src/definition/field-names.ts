import { type EventFamily, type EventType, eventFamily, isKnownEventType, type KnownEventType } from './event-type.js';

const ofEvery = ['type', 'id', 'at', 'organization', 'entity', 'project', 'registry'];

const ofAnomaly = ['metric', 'timestamp', 'anomalyId'];

/** What a filter can ask of each family of events. */
const ofFamily: Readonly<Record<Exclude<EventFamily, 'custom'>, readonly string[]>> = {
  run: ['name', 'user', 'tag', 'runId', 'config.', 'run.'],
  artifact: ['alias', 'tag', 'artifactType', 'version', 'collection', 'author', 'metadata.', 'artifact.'],
  collection: ['collection', 'tag', 'author'],
  anomaly: [...ofAnomaly, 'value', 'source', 'image', 'links', 'label.', 'labels.'],
  'anomaly-update': ofAnomaly,
};

const ofProfile = ['profileId', 'link'];

/** What a filter can ask of single types besides. */
const ofType: Readonly<Partial<Record<KnownEventType, readonly string[]>>> = {
  'run.metrics': ['step', 'metrics.'],
  'run.state': ['state', 'error'],
  'run.alert': ['title', 'text', 'level', 'waitMs', 'alertIntegrationId'],
  'anomaly.labelled': ['label'],
  'training-data.viewed': ['viewer', 'link'],
  'features-profile.created': [...ofProfile, 'learnDays'],
  'features-profile.layers-created': ofProfile,
  'features-profile.learnt': ofProfile,
  'features-profile.disabled': ofProfile,
  'features-profile.validated': [...ofProfile, 'count'],
};

/**
 * The fields that events of a type have by name. A filter may ask for any other too, since unknown fields of events are
 * kept; more often it is a slip of the pen.
 *
 * @returns The names; one that ends in a dot, such as `config.`, stands for everything under it. `undefined` for custom
 * events, which may have any field.
 */
export function fieldNames(type: EventType): readonly string[] | undefined {
  const family = eventFamily(type);
  if (family === 'custom' || !isKnownEventType(type)) return undefined;
  return [...ofEvery, ...ofFamily[family], ...(ofType[type] ?? [])];
}
