import type { JsonObject, JsonValue } from '../json.js';
import { ownPath } from './own-path.js';
import type { ParsedEvent, RunInfo } from './parsed-event.js';

/**
 * Reads the field that a filter asks for.
 *
 * Known names come first (`alias`, `config.lr`, `label.region`); every other name is a dotted path of own properties of the event.
 *
 * @param event - The event.
 * @param run - What the event's run has said of itself, so far and now.
 * @returns The value, a list where the field is one, or `undefined` where there is none.
 */
export function fieldValue(event: ParsedEvent, run: RunInfo | undefined, field: string): JsonValue | undefined {
  const known = knownField(event, run, field);
  // A field that is null is there all the same.
  return known === undefined ? ownPath(event.json, field) : known;
}

function knownField(event: ParsedEvent, run: RunInfo | undefined, field: string): JsonValue | undefined {
  switch (event.family) {
    case 'run':
      return runField(run ?? event.run, field);
    case 'artifact':
      return artifactField(event.json, event.artifact, field);
    case 'anomaly':
    case 'anomaly-update':
      return field.startsWith('label.') ? ownPath(event.json['labels'], field.slice('label.'.length)) : undefined;
    case 'collection':
    case 'custom':
      return undefined;
    default:
      return event satisfies never;
  }
}

function runField(run: RunInfo, field: string): JsonValue | undefined {
  switch (field) {
    case 'name':
      return run.name;
    case 'user':
      return run.user;
    case 'tag':
      return run.tags;
    case 'runId':
      return run.id;
    default:
      return field.startsWith('config.') ? ownPath(run.config, field.slice('config.'.length)) : undefined;
  }
}

function artifactField(json: JsonObject, artifact: JsonObject, field: string): JsonValue | undefined {
  switch (field) {
    case 'alias':
      return json['alias'] ?? artifact['aliases'];
    case 'tag':
      return json['tag'] ?? artifact['tags'];
    case 'artifactType':
      return artifact['type'];
    case 'version':
      return artifact['version'];
    default:
      return field.startsWith('metadata.') ? ownPath(artifact['metadata'], field.slice('metadata.'.length)) : undefined;
  }
}
