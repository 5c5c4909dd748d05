import type { MetricLeaf } from '../definition/filter.js';
import { isObject, ownPath } from '../event/own-path.js';
import type { ParsedEvent, ParsedRunEvent, RunInfo } from '../event/parsed-event.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { MessageField } from '../ports/message.js';
import { jsonText } from './json-text.js';

/** How many fields of an event that tocsin knows nothing of a message tells. */
const maxOtherFields = 10;

/** Where it happened. */
export function placeFields({ place }: ParsedEvent): MessageField[] {
  if (place.project !== undefined) return [{ name: 'Project', value: `${place.entity}/${place.project}` }];
  if (place.registry !== undefined) return [{ name: 'Registry', value: `${place.entity}/${place.registry}` }];
  return [{ name: 'Team', value: place.entity }];
}

/** What the event is about. */
export function subjectFields(event: ParsedEvent, run: RunInfo | undefined): MessageField[] {
  const { type, json } = event;
  switch (event.family) {
    case 'run':
      return runFields(event, run);
    case 'artifact':
      return artifactFields(json);
    case 'collection':
      return namedFields(json, { collection: 'Collection', tag: 'Tag', author: 'Author' });
    case 'anomaly':
      return [
        ...namedFields(json, { metric: 'Metric', value: 'Value', timestamp: 'Timestamp', source: 'Source' }),
        ...otherFields(isObject(json['labels']) ? json['labels'] : {}, maxOtherFields),
      ];
    case 'anomaly-update':
      return [
        { name: 'Event', value: type },
        ...namedFields(json, { metric: 'Metric', timestamp: 'Timestamp', anomalyId: 'Anomaly' }),
        ...otherFields(without(json, ['metric', 'timestamp', 'anomalyId', 'link']), maxOtherFields),
      ];
    case 'custom':
      return [{ name: 'Event', value: type }, ...otherFields(without(json, []), maxOtherFields)];
    default:
      return event satisfies never;
  }
}

function runFields(event: ParsedRunEvent, run: RunInfo | undefined): MessageField[] {
  const { id, name, user } = run ?? event.run;
  return [
    { name: 'Run', value: name === undefined || name === '' || name === id ? id : `${name} (${id})` },
    ...(event.type === 'run.state' ? [{ name: 'State', value: event.state }] : []),
    ...optionalField('Error', event.json['error']),
    ...optionalField('User', user),
  ];
}

function artifactFields(json: JsonObject): MessageField[] {
  const { collection, artifact } = json;
  return [
    { name: 'Artifact', value: `${jsonText(collection)}:${jsonText(ownPath(artifact, 'version'))}` },
    ...optionalField('Type', ownPath(artifact, 'type')),
    ...namedFields(json, { alias: 'Alias', tag: 'Tag', author: 'Author' }),
  ];
}

/** What else a run says: the step of its training, or its alert. */
export function detailFields({ type, json }: ParsedEvent): MessageField[] {
  switch (type) {
    case 'run.metrics':
      return namedFields(json, { step: 'Step' });
    case 'run.alert':
      return namedFields(json, { title: 'Alert', text: 'Text', level: 'Level' });
    default:
      return [];
  }
}

/** What a metric's value is called in a message: `accuracy`, `avg(5) of accuracy`, `z-score(30) of loss`. */
export function metricFieldName(leaf: MetricLeaf): string {
  switch (leaf.type) {
    case 'threshold':
      return windowName(leaf);
    case 'finite':
      return leaf.name;
    case 'change':
      return `change of ${windowName(leaf)}`;
    case 'zscore':
      return `z-score(${leaf.window}${leaf.over === 'project' ? ' runs' : ''}) of ${leaf.name}`;
    default:
      return leaf satisfies never;
  }
}

function windowName({ name, aggregation, window }: Extract<MetricLeaf, { type: 'threshold' | 'change' }>): string {
  return aggregation === 'none' ? name : `${aggregation}(${window}) of ${name}`;
}

function namedFields(json: JsonObject, names: Readonly<Record<string, string>>): MessageField[] {
  return Object.entries(names).flatMap(([key, name]) => optionalField(name, json[key]));
}

/** What every event has, and its place, are told elsewhere. */
const common = ['type', 'id', 'at', 'organization', 'entity', 'project', 'registry'];

function without(json: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !common.includes(key) && !keys.includes(key)));
}

/** The first texts, numbers and booleans of an object, by their keys. */
function otherFields(json: JsonObject, most: number): MessageField[] {
  return Object.entries(json)
    .filter(([, value]) => typeof value !== 'object')
    .flatMap(([key, value]) => optionalField(key, value))
    .slice(0, most);
}

function optionalField(name: string, value: JsonValue | undefined): MessageField[] {
  const text = jsonText(value);
  return text === '' ? [] : [{ name, value: text }];
}
