import type { NotificationAction } from '../definition/action.js';
import type { Comparison, Filter, MetricFilter } from '../definition/filter.js';
import { isRunEvent, type ParsedEvent, type ParsedRunAlert, type RunInfo } from '../event/parsed-event.js';
import type { JsonValue } from '../json.js';
import type { Message, MessageField } from '../ports/message.js';
import type { CompiledAutomation } from '../rule/compiled-automation.js';
import { type FactValues, metricFact } from '../rule/fact.js';

/** What a message is made of. */
export interface MessageSource {
  readonly compiled: CompiledAutomation;
  readonly action: NotificationAction;
  readonly event: ParsedEvent;
  readonly run: RunInfo | undefined;
  readonly facts: FactValues;
}

/** Writes the notification of a firing, once, as it was at the match. */
export function writeMessage({ compiled, action, event, run, facts }: MessageSource): Message {
  return {
    title: action.title,
    text: action.message,
    severity: action.severity,
    fields: [
      ...placeFields(event),
      ...subjectFields(event, run),
      ...metricFields(compiled, facts),
      ...stepField(event),
    ],
    automationName: compiled.automation.name,
    atMs: event.atMs,
  };
}

/** Writes the notification of a run's own alert. */
export function alertMessage(event: ParsedRunAlert, run: RunInfo | undefined): Message {
  return {
    title: event.title,
    text: event.text,
    severity: event.level,
    fields: [...placeFields(event), ...subjectFields(event, run)],
    automationName: 'run.alert',
    atMs: event.atMs,
  };
}

function placeFields({ place }: ParsedEvent): MessageField[] {
  if (place.project !== undefined) return [{ name: 'Project', value: `${place.entity}/${place.project}` }];
  if (place.registry !== undefined) return [{ name: 'Registry', value: `${place.entity}/${place.registry}` }];
  return [{ name: 'Team', value: place.entity }];
}

function subjectFields(event: ParsedEvent, run: RunInfo | undefined): MessageField[] {
  if (isRunEvent(event)) {
    const { id, name, user } = run ?? event.run;
    return [
      { name: 'Run', value: name === undefined || name === id ? id : `${name} (${id})` },
      ...(event.type === 'run.state' ? [{ name: 'State', value: event.state }] : []),
      ...optionalField('Error', event.json['error']),
      ...optionalField('User', user),
    ];
  }
  const { artifact, json } = event;
  return [
    { name: 'Artifact', value: `${text(json['collection'])}:${text(artifact['version'])}` },
    ...optionalField('Type', artifact['type']),
    ...optionalField('Alias', json['alias']),
    ...optionalField('Author', json['author']),
  ];
}

function stepField(event: ParsedEvent): MessageField[] {
  return event.type === 'run.metrics' ? optionalField('Step', event.json['step']) : [];
}

function metricFields(compiled: CompiledAutomation, facts: FactValues): MessageField[] {
  return metricLeaves(compiled.filter, false).map(({ leaf, negated }) => {
    const words = comparisonWords[leaf.comparison][negated ? 1 : 0];
    return {
      name: windowLabel(leaf),
      value: `${formatNumber(facts[metricFact(leaf).id])} (${words} ${leaf.threshold})`,
    };
  });
}

interface MetricLeaf {
  readonly leaf: MetricFilter;
  readonly negated: boolean;
}

function metricLeaves(filter: Filter, negated: boolean): MetricLeaf[] {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.filters.flatMap((each) => metricLeaves(each, negated));
    case 'not':
      return metricLeaves(filter.filter, !negated);
    case 'metric':
      return [{ leaf: filter, negated }];
    case 'field':
    case 'state':
      return [];
    default:
      return filter satisfies never;
  }
}

/** How each comparison reads, as it stands and negated. */
const comparisonWords: Readonly<Record<Comparison, readonly [string, string]>> = {
  $gt: ['>', '≤'],
  $gte: ['≥', '<'],
  $lt: ['<', '≥'],
  $lte: ['≤', '>'],
  $eq: ['=', '≠'],
  $ne: ['≠', '='],
};

/** `accuracy`, or `avg(5) of accuracy`. */
function windowLabel({ name, aggregation, window }: MetricFilter): string {
  return aggregation === 'none' ? name : `${aggregation}(${window}) of ${name}`;
}

/** Six significant digits are what a person reads. */
function formatNumber(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : 'no value';
}

function optionalField(name: string, value: JsonValue | undefined): MessageField[] {
  return value === undefined || value === null || value === '' ? [] : [{ name, value: text(value) }];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
