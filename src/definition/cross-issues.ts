import type { Issue } from '../errors.js';
import type { Action, ThreadChoice } from './action.js';
import type { AutomationDefinition } from './automation.js';
import { type EventType, eventFamily } from './event-type.js';
import { type FilterQuestion, filterQuestions } from './filter-questions.js';
import type { Limits } from './limits.js';
import { formatPath } from './path.js';
import { fittingPers, type PolicyPer, policyFits } from './policy.js';
import { headerFault } from './reserved-headers.js';
import { templateIssues } from './template-variables.js';

/** What no single part of a definition can tell. */
export function crossIssues(definition: AutomationDefinition, limits: Limits): Issue[] {
  const { event, policy } = definition;
  return [
    ...scopeIssues(event),
    ...filterIssues(event),
    ...perIssues(policy?.per, event.type, 'policy.per'),
    ...perIssues(policy?.rateLimit?.per, event.type, 'policy.rateLimit.per'),
    ...templateIssues(definition, limits.templateCharacters),
    ...headerIssues(definition.action),
    ...destinationIssues(definition.action),
    ...threadIssues(definition.action, event.type),
  ];
}

/** Only what happens to artifacts, and custom events, can be in a collection. */
function scopeIssues({ type, scope }: AutomationDefinition['event']): Issue[] {
  const family = eventFamily(type);
  if (scope.type !== 'collection' || family === 'artifact' || family === 'collection' || family === 'custom') return [];
  const message = `Expected an organization, team, project or registry for ${type}, got a collection`;
  return [{ code: 'scope_not_supported', path: 'event.scope', message }];
}

function filterIssues({ type, filter = {} }: AutomationDefinition['event']): Issue[] {
  const questions = filterQuestions(filter, ['event', 'filter']);
  if (type === 'run.metrics' && !questions.some(({ key }) => metricQuestions.includes(key))) {
    const message = 'Expected a condition on a metric for run.metrics, got none';
    return [{ code: 'metric_required', path: 'event.filter', message }, ...unsupportedQuestions(questions, type)];
  }
  return unsupportedQuestions(questions, type);
}

const metricQuestions: readonly string[] = ['$metric', '$change', '$zscore'];

function unsupportedQuestions(questions: readonly FilterQuestion[], type: EventType): Issue[] {
  return questions.flatMap(({ key, path }) => {
    const expected = expectedEvents(key, type);
    if (expected === undefined) return [];
    const message = `Expected ${expected}, got ${key} on ${type}`;
    return [{ code: 'filter_not_supported' as const, path: formatPath(path), message }];
  });
}

/** On which events a question can be asked; `undefined` where it can be asked on these. */
function expectedEvents(key: string, type: EventType): string | undefined {
  if (type === 'run.state') return undefined;
  if (key === '$state') return '$state only on run.state';
  if (type === 'run.metrics' || !metricQuestions.includes(key)) return undefined;
  return '$metric, $change and $zscore only on run.metrics and run.state';
}

function perIssues(per: PolicyPer | undefined, type: EventType, path: string): Issue[] {
  if (per === undefined || policyFits(per, type)) return [];
  const fitting = fittingPers(type).map((each) => `"${each}"`);
  const expected = `${fitting.slice(0, -1).join(', ')} or ${fitting.at(-1)}`;
  return [{ code: 'invalid_value', path, message: `Expected ${expected} for ${type}, got "${per}"` }];
}

function headerIssues(action: Action): Issue[] {
  if (action.type !== 'webhook') return [];
  return Object.entries(action.headers ?? {}).flatMap(([name, value]) => {
    const message = headerFault(name, value);
    const path = formatPath(['action', 'headers', name]);
    return message === undefined ? [] : [{ code: 'reserved_header' as const, path, message }];
  });
}

function destinationIssues(action: Action): Issue[] {
  if (action.type !== 'notification') return [];
  // The types say that it is one or the other; what was parsed may be neither, or both.
  const { integrationId, routing } = action as Partial<Record<'integrationId' | 'routing', unknown>>;
  const path = 'action.integrationId';
  if (integrationId === undefined && routing === undefined) {
    return [{ code: 'required', path, message: 'Expected the id of an integration, or routing: true, got nothing' }];
  }
  if (integrationId === undefined || routing === undefined) return [];
  return [{ code: 'invalid_value', path, message: 'Expected an integration or routing: true, got both' }];
}

function threadIssues(action: Action, type: EventType): Issue[] {
  if (action.type !== 'notification' || action.thread === undefined) return [];
  const family = eventFamily(type);
  const fits: Readonly<Record<ThreadChoice, boolean>> = {
    run: family === 'run',
    anomaly: family === 'anomaly',
    automation: true,
    none: true,
  };
  if (fits[action.thread]) return [];
  const fitting = Object.entries(fits).flatMap(([choice, isFitting]) => (isFitting ? [`"${choice}"`] : []));
  const message = `Expected ${fitting.join(' or ')} for ${type}, got "${action.thread}"`;
  return [{ code: 'invalid_value', path: 'action.thread', message }];
}
