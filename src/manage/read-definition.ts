import type { AutomationDefinition } from '../definition/automation.js';
import { definitionWarnings } from '../definition/definition-warnings.js';
import type { Limits } from '../definition/limits.js';
import { type ParseResult, parseAutomation } from '../definition/parse-automation.js';
import { payloadSecretNames } from '../definition/template-variables.js';
import { type ActionTargets, actionIssues } from './action-issues.js';

/** What definitions are checked against. */
export interface DefinitionChecks extends ActionTargets {
  readonly limits: Limits;
}

/** Checks a definition, and that what its action names is there and may be used. */
export function readDefinition(input: unknown, checks: DefinitionChecks): ParseResult<AutomationDefinition> {
  const parsed = parseAutomation(input, checks.limits);
  if (parsed.value === undefined) return parsed;
  const issues = actionIssues(parsed.value, checks);
  if (issues.length > 0) return { issues };
  return { value: parsed.value, warnings: definitionWarnings(parsed.value, secretNamesOf(parsed.value, checks)) };
}

/** What parsing alone can't know: that a variable is a secret of the webhook's integration, and no misspelt name. */
function secretNamesOf({ action }: AutomationDefinition, { integrations }: DefinitionChecks): readonly string[] {
  const integration = action.type === 'webhook' ? integrations.get(action.integrationId) : undefined;
  return integration?.type === 'webhook' ? payloadSecretNames(integration) : [];
}
