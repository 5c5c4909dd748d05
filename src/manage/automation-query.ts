import * as z from 'zod';
import type { Automation } from '../definition/automation.js';
import { closedObject } from '../definition/closed-object.js';
import { scopeContains, scopeKey, scopeSchema } from '../definition/scope.js';
import type { AutomationQuery } from './automations.js';
import { pageLimitSchema } from './page-limit.js';

const scopeQuery = {
  scope: scopeSchema.optional(),
  includeDescendants: z.boolean().optional(),
};

/** What `export` takes. */
export const exportOptionsSchema = closedObject(scopeQuery);

/** What `list` takes. */
export const automationQuerySchema = closedObject({
  ...scopeQuery,
  name: z.string().optional(),
  enabled: z.boolean().optional(),
  cursor: z.string().optional(),
  limit: pageLimitSchema,
});

/** What `create` and `import` take. */
export const ifExistsSchema = closedObject({ ifExists: z.enum(['error', 'return']).default('error') });

/** What `update` takes. */
export const updateOptionsSchema = closedObject({ revision: z.int().optional() });

/** The automations that a query asks for, oldest first: the order stays, whatever is created or deleted meanwhile. */
export function selectAutomations(automations: Iterable<Automation>, query: AutomationQuery): Automation[] {
  // One that was read again after a conflict may stand behind younger ones.
  return [...automations].filter((automation) => fits(automation, query)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function fits(automation: Automation, { scope, includeDescendants = false, name, enabled }: AutomationQuery): boolean {
  if (name !== undefined && automation.name !== name) return false;
  if (enabled !== undefined && automation.enabled !== enabled) return false;
  if (scope === undefined) return true;
  const own = automation.event.scope;
  return includeDescendants ? scopeContains(scope, own) : scopeKey(own) === scopeKey(scope);
}
