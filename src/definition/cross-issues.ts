import type { Issue } from '../errors.js';
import type { Action } from './action.js';
import type { AutomationDefinition } from './automation.js';
import { type EventType, eventFamily } from './event-type.js';
import type { FilterLeaf } from './filter.js';
import { filterLeaves, isMetricLeaf, toFilter } from './filter-tree.js';
import type { Limits } from './limits.js';
import { formatPath } from './path.js';
import { type PolicyPer, policyFits } from './policy.js';
import { headerFault } from './reserved-headers.js';
import { templateIssues } from './template-variables.js';

/** What no single part of a definition can tell. */
export function crossIssues(definition: AutomationDefinition, limits: Limits): Issue[] {
  const { event, policy } = definition;
  const leaves = filterLeaves(toFilter(event.filter));
  return [
    ...scopeIssues(event),
    ...filterIssues(leaves, event.type),
    ...perIssues(policy?.per, event.type, 'policy.per'),
    ...perIssues(policy?.rateLimit?.per, event.type, 'policy.rateLimit.per'),
    ...templateIssues(definition, limits.templateCharacters),
    ...headerIssues(definition.action),
  ];
}

/** Only what happens to artifacts, and custom events, can be in a collection. */
function scopeIssues({ type, scope }: AutomationDefinition['event']): Issue[] {
  const family = eventFamily(type);
  if (scope.type !== 'collection' || family === 'artifact' || family === 'collection' || family === 'custom') return [];
  const message = `Expected an organization, team, project or registry for ${type}, got a collection`;
  return [{ code: 'scope_not_supported', path: 'event.scope', message }];
}

function filterIssues(leaves: readonly FilterLeaf[], type: EventType): Issue[] {
  const issues: Issue[] = [];
  const hasMetric = leaves.some(isMetricLeaf);
  if (type === 'run.metrics' && !hasMetric) {
    const message = 'Expected a condition on a metric for run.metrics, got none';
    issues.push({ code: 'metric_required', path: 'event.filter', message });
  }
  if (type !== 'run.metrics' && type !== 'run.state' && hasMetric) {
    const message = `Expected $metric, $change and $zscore only on run.metrics and run.state, got one on ${type}`;
    issues.push({ code: 'filter_not_supported', path: 'event.filter', message });
  }
  if (type !== 'run.state' && leaves.some((leaf) => leaf.type === 'state')) {
    const message = `Expected $state only on run.state, got it on ${type}`;
    issues.push({ code: 'filter_not_supported', path: 'event.filter', message });
  }
  return issues;
}

function perIssues(per: PolicyPer | undefined, type: EventType, path: string): Issue[] {
  if (per === undefined || policyFits(per, type)) return [];
  return [{ code: 'invalid_value', path, message: `Expected something that ${type} events have, got "${per}"` }];
}

function headerIssues(action: Action): Issue[] {
  if (action.type !== 'webhook') return [];
  return Object.entries(action.headers ?? {}).flatMap(([name, value]) => {
    const message = headerFault(name, value);
    const path = formatPath(['action', 'headers', name]);
    return message === undefined ? [] : [{ code: 'reserved_header' as const, path, message }];
  });
}
