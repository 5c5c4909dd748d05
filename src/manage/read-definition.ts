import type { AutomationDefinition } from '../definition/automation.js';
import type { Limits } from '../definition/limits.js';
import { type ParseResult, parseAutomation } from '../definition/parse-automation.js';
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
  return issues.length > 0 ? { issues } : parsed;
}
