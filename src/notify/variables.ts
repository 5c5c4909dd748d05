import type { Automation } from '../definition/automation.js';
import type { Filter } from '../definition/filter.js';
import type { TemplateVariables } from '../definition/template.js';
import { isTemplateVariable } from '../definition/template-variables.js';
import { ownPath } from '../event/own-path.js';
import { isRunEvent, type ParsedEvent, type RunInfo } from '../event/parsed-event.js';
import type { JsonValue } from '../json.js';
import { type FactValues, metricFact } from '../rule/fact.js';
import { eventName } from './event-name.js';
import { filterWords, metricWords } from './filter-words.js';
import { jsonText } from './json-text.js';
import { type AskedMetric, askedMetrics, boundWords, measureWords, readingWords, valueText } from './metric-words.js';

/** What variables are read from. */
export interface VariableSource {
  readonly automation: Automation;
  readonly filter: Filter;
  readonly event: ParsedEvent;
  /** What the event's run has said of itself, so far and now. */
  readonly run: RunInfo | undefined;
  readonly facts: FactValues;
}

/**
 * The template variables of a match. Each is worked out when it is first asked for.
 *
 * @see W&B, "Create a webhook automation", payload variables. It documents names; `docs/templates.md` says what we made of
 * them.
 */
export function variablesOf(source: VariableSource): TemplateVariables {
  const known = new Map<string, string | undefined>();
  return (name) => {
    if (!known.has(name)) known.set(name, read(name, source));
    return known.get(name);
  };
}

const eventPath = 'event.';
const metadataPath = 'artifact_metadata.';

function read(name: string, source: VariableSource): string | undefined {
  const { event, automation, filter } = source;
  const { json, place } = event;
  if (!isTemplateVariable(name, event.type)) return undefined;
  if (name.startsWith(eventPath)) return jsonText(ownPath(json, name.slice(eventPath.length)));
  if (name.startsWith(metadataPath)) return jsonText(ofArtifact(json, `metadata.${name.slice(metadataPath.length)}`));
  switch (name) {
    case 'automation_name':
      return automation.name;
    case 'event_type':
      return eventName(event.type, filter);
    case 'event_author':
      return isRunEvent(event) ? (source.run ?? event.run).user : jsonText(json['author']);
    case 'entity_name':
      return place.entity;
    case 'project_name':
      return place.project ?? place.registry;
    case 'run_id':
    case 'run_name':
    case 'run_status':
      return runVariable(name, source);
    case 'metric_name':
      return isRunEvent(event) ? metricVariable(name, source) : jsonText(json['metric']);
    case 'metric_value':
      return jsonText(json['value']);
    case 'artifact_collection_name':
      return jsonText(json['collection']);
    case 'artifact_version':
      return jsonText(ofArtifact(json, 'id'));
    case 'artifact_version_index':
      return jsonText(ofArtifact(json, 'version')).replace(/^v(?=\d+$)/, '');
    case 'artifact_version_string':
      return versionString(event);
    case 'alias':
    case 'tag':
    case 'timestamp':
      return jsonText(json[name]);
    default:
      return metricVariable(name, source);
  }
}

function ofArtifact(json: ParsedEvent['json'], path: string): JsonValue | undefined {
  return ownPath(json['artifact'], path);
}

/** `entity/project-or-registry/collection:alias-or-version`. */
function versionString({ json, place }: ParsedEvent): string {
  const parent = place.project ?? place.registry;
  const path = [place.entity, ...(parent === undefined ? [] : [parent]), jsonText(json['collection'])];
  return `${path.join('/')}:${jsonText(json['alias'] ?? ofArtifact(json, 'version'))}`;
}

function runVariable(name: 'run_id' | 'run_name' | 'run_status', { event, run }: VariableSource): string | undefined {
  if (!isRunEvent(event)) return undefined;
  const info = run ?? event.run;
  switch (name) {
    case 'run_id':
      return info.id;
    case 'run_name':
      return info.name === undefined || info.name === '' ? info.id : info.name;
    case 'run_status':
      return event.type === 'run.state' ? event.state : undefined;
    default:
      return name satisfies never;
  }
}

function metricVariable(name: string, { event, filter, facts }: VariableSource): string | undefined {
  const asked = askedMetrics(filter);
  const [first] = asked;
  if (first === undefined) return undefined;
  switch (name) {
    case 'metric_name':
      return listOf(asked, ({ leaf }) => leaf.name);
    case 'metric_values':
      return listOf(asked, ({ leaf }) => valueText(leaf, facts, event));
    case 'metric_filter':
      return filterWords(filter);
    case 'metric_filter_short':
      return metricWords(first);
    case 'metric_current_status':
      return asked
        .map((each) => `${measureWords(each.leaf)} = ${readingWords(each.leaf, facts, event)} (${boundWords(each)})`)
        .join(', ');
    default:
      return undefined;
  }
}

/** One text for each thing measured: names and values stand in the same order, and as many. */
function listOf(asked: readonly AskedMetric[], textOf: (asked: AskedMetric) => string): string {
  const measured = new Map(asked.map((each) => [metricFact(each.leaf).id, each]));
  return [...measured.values()].map(textOf).join(', ');
}
