import type { Automation, AutomationDefinition, AutomationInput } from '../definition/automation.js';
import { copyJson } from '../definition/copy-json.js';
import { isRunEventType } from '../definition/event-type.js';
import { completeLimits, type Limits } from '../definition/limits.js';
import { type ParseResult, parseAutomation } from '../definition/parse-automation.js';
import { type Scope, scopeKey } from '../definition/scope.js';
import { actionToWandb } from './action-to-wandb.js';
import { isJsonObject, wireBounds } from './decode-json.js';
import { artifactFilterToWandb, runFilterToWandb, type WireFilter } from './event-filter-to-wandb.js';
import { eventTypeToWandb } from './event-types.js';
import { distinct, type Findings, refuse } from './findings.js';
import { optionIssues } from './option-issues.js';
import { scopeTypeToWandb } from './scope-from-wandb.js';
import type { WandbCreateInput, WandbOptions } from './wire.js';

/**
 * Writes an automation in W&B's create form, the input of their `createFilterTrigger`.
 *
 * What W&B can't say is refused, with its path: several metrics, `$eq` and `$ne` of a metric, `$finite`, `minSamples`, a
 * z-score over the project's runs, events, scopes, states and actions that W&B does not have, policies, headers, fields,
 * links. What comes out means the same there, and {@link fromWandb} reads it back as it was.
 *
 * @param automation - A definition, or a stored automation.
 * @param options - The ids of scopes and integrations at W&B. A scope that `options.scopes` does not have is an issue.
 * @returns W&B's create form, with warnings; or what can't be said, each with its path in the definition.
 */
export function toWandb(
  automation: AutomationInput | Automation,
  options: WandbOptions = {},
): ParseResult<WandbCreateInput> {
  const wrongOptions = optionIssues(options);
  if (wrongOptions.length > 0) return { issues: wrongOptions };
  const limits = completeLimits(options.limits ?? {});
  const parsed = parseAutomation(withoutState(automation, limits), limits);
  if (parsed.issues !== undefined) return parsed;
  const findings: Findings = { issues: [], warnings: [] };
  const { name, description, enabled, event, policy, action } = parsed.value;
  const wire = filterToWandb(parsed.value, findings);
  const scopeID = scopeToWandb(event.scope, options, findings);
  if (policy !== undefined && Object.values(policy).some((each) => each !== undefined)) {
    refuse(findings, 'not_convertible', ['policy'], 'Expected no policy: W&B has one of its own, the same for all');
  }
  const wireAction = actionToWandb(action, options, findings);
  if (findings.issues.length > 0 || wire === undefined || scopeID === undefined || wireAction === undefined) {
    return { issues: findings.issues };
  }
  const value: WandbCreateInput = {
    name,
    ...(description === undefined ? {} : { description }),
    enabled,
    triggeringEventType: wire.eventType,
    scopeType: scopeTypeToWandb(event.scope),
    scopeID,
    eventFilter: JSON.stringify(wire.filter),
    ...wireAction,
  };
  return { value, warnings: distinct([...findings.warnings, ...parsed.warnings]) };
}

/** What storage has added is none of W&B's business. What is no JSON is left as it is: the parser says what is wrong. */
function withoutState(automation: unknown, limits: Limits): unknown {
  const copy = copyJson(automation, wireBounds(limits));
  if ('issue' in copy || !isJsonObject(copy.value) || copy.value['revision'] === undefined) return automation;
  const { id, revision, createdAt, updatedAt, ...definition } = copy.value;
  return definition;
}

function filterToWandb({ event }: AutomationDefinition, findings: Findings): WireFilter | undefined {
  const { type, scope, filter } = event;
  const eventType = eventTypeToWandb(type);
  if (eventType === undefined) {
    return refuse(findings, 'not_convertible', ['event', 'type'], `Expected an event that W&B has, got "${type}"`);
  }
  const expected = isRunEventType(type)
    ? scope.type !== 'registry' || 'a project, a team or an organization'
    : type !== 'artifact.created' || scope.type === 'collection' || 'a collection';
  if (expected !== true) {
    const message = `Expected ${expected}, which is all that W&B takes for ${type}, got a ${scope.type}`;
    refuse(findings, 'not_convertible', ['event', 'scope'], message);
  }
  return isRunEventType(type)
    ? runFilterToWandb(event, findings)
    : { eventType, filter: artifactFilterToWandb(filter, findings) };
}

function scopeToWandb(scope: Scope, { scopes = {} }: WandbOptions, findings: Findings): string | undefined {
  const key = scopeKey(scope);
  const id = Object.keys(scopes).find((each) => scopes[each] !== undefined && scopeKey(scopes[each]) === key);
  if (id !== undefined) return id;
  const message = `Expected options.scopes to have W&B's id of the ${scope.type}, got nothing`;
  return refuse(findings, 'required', ['event', 'scope'], message);
}
