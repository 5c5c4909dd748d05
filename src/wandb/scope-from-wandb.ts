import { describeValue } from '../definition/path.js';
import type { Scope } from '../definition/scope.js';
import type { JsonObject } from '../json.js';
import { isJsonObject, reportUnknownKeys } from './decode-json.js';
import type { Envelope } from './envelope.js';
import { type Findings, refuse, warn } from './findings.js';
import type { WandbOptions, WandbScopeType } from './wire.js';

/** A registry is a project whose name starts so and goes on; the bare prefix is a project like any other. */
const registryPrefix = 'wandb-registry-';

const kinds: Readonly<Record<string, WandbScopeType>> = {
  Project: 'PROJECT',
  Entity: 'ENTITY',
  ArtifactCollection: 'ARTIFACT_COLLECTION',
  ArtifactPortfolio: 'ARTIFACT_COLLECTION',
  ArtifactSequence: 'ARTIFACT_COLLECTION',
};

const kindOfScope: Readonly<Record<Scope['type'], WandbScopeType>> = {
  organization: 'ENTITY',
  team: 'ENTITY',
  project: 'PROJECT',
  registry: 'PROJECT',
  collection: 'ARTIFACT_COLLECTION',
};

/** What W&B calls a kind of scope. */
export function scopeTypeToWandb(scope: Scope): WandbScopeType {
  return kindOfScope[scope.type];
}

/**
 * Finds out which scope is meant: from `options.scopes`, or from the names in the saved form and the owner in the options.
 *
 * @returns The scope, or `undefined` with an issue added that says which option would help.
 */
export function scopeFromWandb(envelope: Envelope, options: WandbOptions, findings: Findings): Scope | undefined {
  const { form, scope, scopeType } = envelope;
  const object = isJsonObject(scope.value) ? scope.value : {};
  const id = form === 'create' ? scope.value : object['id'];
  const idPath = form === 'create' ? scope.path : [...scope.path, 'id'];
  const given = String(scopeType.value);
  const kind = form === 'saved' ? own(kinds, given) : Object.values(kinds).find((each) => each === given.toUpperCase());
  const listed = typeof id === 'string' ? own(options.scopes ?? {}, id) : undefined;
  if (listed !== undefined) {
    if (kind === undefined || kindOfScope[listed.type] === kind) return listed;
    const message = `Expected options.scopes[${describeValue(id)}] to be of kind ${kind}, got a ${listed.type}`;
    return refuse(findings, 'invalid_value', scope.path, message);
  }
  if (kind === undefined) {
    if (scopeType.value === undefined)
      return refuse(findings, 'required', scopeType.path, 'Expected a kind, got nothing');
    const known = form === 'saved' ? Object.keys(kinds) : [...new Set(Object.values(kinds))];
    const message = `Expected ${known.join(' or ')}, got ${describeValue(scopeType.value)}`;
    return refuse(findings, 'not_convertible', scopeType.path, message);
  }
  if (form === 'create' || kind === 'ARTIFACT_COLLECTION') {
    if (typeof id !== 'string')
      return refuse(findings, 'required', idPath, `Expected a text, got ${describeValue(id)}`);
    const message = `Expected options.scopes[${describeValue(id)}] to say which scope this is, got nothing`;
    return refuse(findings, 'required', idPath, message);
  }
  return namedScope(object, kind, options, findings);
}

function namedScope(
  scope: JsonObject,
  kind: Exclude<WandbScopeType, 'ARTIFACT_COLLECTION'>,
  options: WandbOptions,
  findings: Findings,
): Scope | undefined {
  const known = ['__typename', 'id', 'name', 'entityType', 'scopeType', 'isRegistry'];
  reportUnknownKeys(scope, known, ['scope'], (path, message) => warn(findings, 'unknown_key', path, message));
  const { name, entityType } = scope;
  if (typeof name !== 'string') {
    return refuse(findings, 'required', ['scope', 'name'], `Expected a text, got ${describeValue(name)}`);
  }
  if (kind === 'PROJECT') {
    const { entity } = options;
    if (entity === undefined) {
      return refuse(
        findings,
        'required',
        ['scope'],
        'Expected options.entity to say who owns the project, got nothing',
      );
    }
    return name.startsWith(registryPrefix) && name !== registryPrefix
      ? { type: 'registry', entity, registry: name.slice(registryPrefix.length) }
      : { type: 'project', entity, project: name };
  }
  if (entityType === 'team') return { type: 'team', entity: name };
  if (entityType !== 'organization') {
    const message = `Expected "team" or "organization", got ${describeValue(entityType)}`;
    return refuse(findings, 'not_convertible', ['scope', 'entityType'], message);
  }
  const { organization } = options;
  if (organization !== undefined) return { type: 'organization', organization };
  // The name is that of the organization's own entity, by which no event of yours would be found.
  const message = 'Expected options.organization to say how your events name it, got nothing';
  return refuse(findings, 'required', ['scope'], message);
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
