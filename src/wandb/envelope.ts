import type { JsonBounds } from '../definition/copy-json.js';
import { describeValue, type PathSegments } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { decodeObject, isJsonObject, reportUnknownKeys } from './decode-json.js';
import { type Findings, refuse, warn } from './findings.js';

/** A part of what was given, and where it stands there. */
export interface Part {
  readonly value: JsonValue | undefined;
  readonly path: PathSegments;
}

/** The parts of an automation, whichever of the two forms it came in. */
export interface Envelope {
  /** `saved`: as W&B's API answers. `create`: as it is sent there. */
  readonly form: 'saved' | 'create';
  readonly name: JsonValue | undefined;
  readonly description: JsonValue | undefined;
  readonly enabled: JsonValue | undefined;
  readonly eventType: Part;
  readonly filter: Part;
  /** An object in the saved form; an id, with its kind apart, in the create form. */
  readonly scope: Part;
  readonly scopeType: Part;
  /** An object in the saved form; the configuration, with its type apart, in the create form. */
  readonly action: Part;
  readonly actionType: Part;
}

const savedKeys = [
  ...['__typename', 'id', 'createdAt', 'updatedAt', 'name', 'description', 'enabled'],
  ...['scope', 'event', 'action'],
];

const createKeys = [
  ...['clientMutationId', 'id', 'name', 'description', 'enabled', 'scopeID', 'scopeType'],
  ...['triggeringEventType', 'eventFilter', 'triggeredActionType', 'triggeredActionConfig'],
];

/** Tells the two forms apart, and takes either to pieces. */
export function readEnvelope(json: unknown, bounds: JsonBounds, findings: Findings): Envelope | undefined {
  const object = decodeObject(json, [], bounds, findings);
  if (object === undefined) return undefined;
  const created = 'triggeringEventType' in object || 'eventFilter' in object || 'scopeID' in object;
  return created ? readCreateForm(object, findings) : readSavedForm(object, findings);
}

function readCreateForm(object: JsonObject, findings: Findings): Envelope {
  const part = (key: string): Part => ({ value: object[key], path: [key] });
  reportUnknownKeys(object, createKeys, [], (path, message) => refuse(findings, 'unknown_key', path, message));
  return {
    form: 'create',
    name: object['name'],
    description: object['description'],
    enabled: object['enabled'],
    eventType: part('triggeringEventType'),
    filter: part('eventFilter'),
    scope: part('scopeID'),
    scopeType: part('scopeType'),
    action: part('triggeredActionConfig'),
    actionType: part('triggeredActionType'),
  };
}

function readSavedForm(object: JsonObject, findings: Findings): Envelope | undefined {
  // A query of one's own to W&B's API may ask for more than we know.
  const ignore = (path: PathSegments, message: string): void => warn(findings, 'unknown_key', path, message);
  reportUnknownKeys(object, savedKeys, [], ignore);
  const { scope, event, action } = object;
  for (const [key, value] of Object.entries({ scope, event, action })) {
    if (value === undefined) refuse(findings, 'required', [key], 'Expected an object, got nothing');
    else if (!isJsonObject(value))
      refuse(findings, 'invalid_type', [key], `Expected an object, got ${describeValue(value)}`);
  }
  if (!isJsonObject(scope) || !isJsonObject(event) || !isJsonObject(action)) return undefined;
  reportUnknownKeys(event, ['__typename', 'eventType', 'filter'], ['event'], ignore);
  return {
    form: 'saved',
    name: object['name'],
    description: object['description'],
    enabled: object['enabled'],
    eventType: { value: event['eventType'], path: ['event', 'eventType'] },
    filter: { value: event['filter'], path: ['event', 'filter'] },
    scope: { value: scope, path: ['scope'] },
    scopeType: { value: scope['__typename'], path: ['scope', '__typename'] },
    action: { value: action, path: ['action'] },
    actionType: { value: action['__typename'], path: ['action', '__typename'] },
  };
}
