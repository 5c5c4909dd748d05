import type { Issue } from '../errors.js';
import type { WebhookAction } from './action.js';
import type { AutomationDefinition } from './automation.js';
import { type EventType, eventFamily } from './event-type.js';
import { filterLeaves, isMetricLeaf, toFilter } from './filter-tree.js';
import type { WebhookIntegrationDefinition } from './integration.js';
import { nearest } from './nearest.js';
import { formatPath } from './path.js';
import { jsonTexts, type TemplateText, templateFault, templateVariables } from './template.js';

/** The variable that stands for a webhook integration's access token, as W&B calls it. */
export const accessTokenVariable = 'ACCESS_TOKEN';

const everyEvent = ['automation_name', 'event_type', 'event_author', 'entity_name', 'project_name'];

const ofRun = ['run_name', 'run_id'];

const ofMetrics = ['metric_name', 'metric_values', 'metric_filter', 'metric_filter_short', 'metric_current_status'];

const ofArtifact = [
  'artifact_collection_name',
  'artifact_version',
  'artifact_version_string',
  'artifact_version_index',
  'artifact_metadata.',
];

/** The variables of a type of event beside those of every event; one that ends in a dot takes a key. */
function variablesOfType(type: EventType): readonly string[] {
  switch (type) {
    case 'run.metrics':
      return [...ofRun, ...ofMetrics];
    case 'run.state':
      return [...ofRun, 'run_status', ...ofMetrics];
    case 'run.alert':
      return ofRun;
    case 'artifact.alias-added':
    case 'artifact.alias-removed':
      return [...ofArtifact, 'alias'];
    case 'artifact.tag-added':
    case 'artifact.tag-removed':
      return [...ofArtifact, 'tag'];
    case 'collection.tag-added':
    case 'collection.tag-removed':
      return ['artifact_collection_name', 'tag'];
    default:
      return variablesOfFamily(type);
  }
}

function variablesOfFamily(type: EventType): readonly string[] {
  switch (eventFamily(type)) {
    case 'artifact':
      return ofArtifact;
    case 'anomaly':
    case 'anomaly-update':
      return ['metric_name', 'metric_value', 'timestamp'];
    default:
      return [];
  }
}

function variablesOf(type: EventType): readonly string[] {
  return [...everyEvent, 'event.', ...variablesOfType(type)];
}

/**
 * Whether events of a type have a variable.
 *
 * @param name - What stands in `${…}`.
 * @param type - The type of event.
 */
export function isTemplateVariable(name: string, type: EventType): boolean {
  return variablesOf(type).some((known) =>
    known.endsWith('.') ? name.length > known.length && name.startsWith(known) : name === known,
  );
}

/**
 * What is wrong with an automation's templates.
 *
 * @param maxCharacters - How long all its texts with variables may be together: every match writes them all.
 */
export function templateIssues(definition: AutomationDefinition, maxCharacters: number): Issue[] {
  const templates = templateTexts(definition).filter(({ text }) => text.includes('${'));
  const characters = templates.reduce((sum, { text }) => sum + text.length, 0);
  if (characters > maxCharacters) {
    const message = `Expected at most ${maxCharacters} characters of texts with variables, got ${characters}`;
    return [{ code: 'limit_exceeded', path: 'action', message }];
  }
  return templates.flatMap(({ text, path }) => {
    const message = templateFault(text);
    return message === undefined ? [] : [{ code: 'invalid_template' as const, path: formatPath(path), message }];
  });
}

/** More than these nobody reads. */
const maxWarnings = 100;

/**
 * Names the variables in an automation's templates that will always be empty, the first hundred of them.
 *
 * @param definition - The automation.
 * @param secretNames - The names of the secrets of its webhook integration, which its payload may name.
 */
export function templateWarnings(definition: AutomationDefinition, secretNames: readonly string[] = []): Issue[] {
  const { type } = definition.event;
  const isWebhook = definition.action.type === 'webhook';
  const lacking = lacksMetrics(definition) ? ofMetrics : [];
  const variables = variablesOf(type).filter((name) => !lacking.includes(name));
  const known = (name: string): boolean => {
    if (isWebhook && (name === accessTokenVariable || secretNames.includes(name))) return true;
    return isTemplateVariable(name, type) && !lacking.includes(name);
  };
  const warnings: Issue[] = [];
  for (const { text, path } of templateTexts(definition)) {
    for (const name of new Set(templateVariables(text))) {
      if (known(name)) continue;
      if (warnings.length === maxWarnings) return warnings;
      const message = `Expected a variable of ${type} events, got ${quote(name)}; it will be empty; ${hint(name, variables)}`;
      warnings.push({ code: 'unknown_variable', path: formatPath(path), message });
    }
  }
  return warnings;
}

/** Says which variable was probably meant, or where to look. */
function hint(name: string, variables: readonly string[]): string {
  const [near] = nearest(name, variables, 1);
  if (near === undefined) return 'docs/templates.md lists those there are';
  return `did you mean ${quote(near.endsWith('.') ? `${near}<key>` : near)}?`;
}

/** A run that comes into a state is asked for metrics only where the filter does. */
function lacksMetrics({ event }: AutomationDefinition): boolean {
  return event.type === 'run.state' && !filterLeaves(toFilter(event.filter)).some(isMetricLeaf);
}

function quote(name: string): string {
  return `\${${name.length > 60 ? `${name.slice(0, 60)}…` : name}}`;
}

/**
 * The names by which a payload can name a webhook integration's secrets: `ACCESS_TOKEN`, and each secret's own.
 *
 * @param integration - The integration, whether it lets payloads have its secrets or not.
 */
export function payloadSecretNames(integration: WebhookIntegrationDefinition): readonly string[] {
  const { accessTokenSecretName, signingSecretName, previousSigningSecretName } = integration;
  const own = [accessTokenSecretName, signingSecretName, previousSigningSecretName].filter(
    (name) => name !== undefined,
  );
  return accessTokenSecretName === undefined ? own : [accessTokenVariable, ...own];
}

/**
 * The secrets that a webhook's payload names, each with the path of its text. A variable of the event wins over a secret
 * of the same name.
 *
 * @param action - The webhook action.
 * @param type - The type of event.
 * @param secretNames - What {@link payloadSecretNames} answers for its integration. `ACCESS_TOKEN` counts always.
 */
export function secretVariables(
  { payload }: WebhookAction,
  type: EventType,
  secretNames: readonly string[],
): readonly { readonly name: string; readonly path: string }[] {
  const secrets = new Set([accessTokenVariable, ...secretNames].filter((name) => !isTemplateVariable(name, type)));
  return jsonTexts(payload, ['action', 'payload']).flatMap(({ text, path }) =>
    [...new Set(templateVariables(text))]
      .filter((name) => secrets.has(name))
      .map((name) => ({ name, path: formatPath(path) })),
  );
}

/** Every text of an automation that may have variables in it, with its place. */
function templateTexts({ action }: AutomationDefinition): readonly TemplateText[] {
  switch (action.type) {
    case 'notification': {
      const { title, message, fields = [], links = [], image } = action;
      return [
        { text: title, path: ['action', 'title'] },
        { text: message, path: ['action', 'message'] },
        ...fields.flatMap((field, index) => members(field, ['name', 'value'], ['action', 'fields', index])),
        ...links.flatMap((link, index) => members(link, ['text', 'url'], ['action', 'links', index])),
        ...(image === undefined ? [] : [{ text: image, path: ['action', 'image'] }]),
      ];
    }
    case 'webhook':
      return jsonTexts(action.payload, ['action', 'payload']);
    case 'handler':
    case 'none':
      return [];
    default:
      return action satisfies never;
  }
}

function members<Key extends string>(
  texts: Readonly<Record<Key, string>>,
  keys: readonly Key[],
  path: TemplateText['path'],
): TemplateText[] {
  return keys.map((key) => ({ text: texts[key], path: [...path, key] }));
}
