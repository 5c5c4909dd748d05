import type { Automation, AutomationDefinition } from '../definition/automation.js';
import { isSmallObject } from './refused-input.js';

/** A stored automation as a user would write it: without what the engine adds. */
export function plainDefinition(automation: Automation): AutomationDefinition {
  const { id: _, revision: __, createdAt: ___, updatedAt: ____, ...definition } = automation;
  return definition;
}

/**
 * A definition with a patch applied, not checked yet. What is `undefined` stays; `null` takes away what may be missing.
 *
 * @param patch - Anything; what is no small object is left for the check to refuse.
 */
export function applyPatch(before: Automation, patch: unknown): unknown {
  if (!isSmallObject(patch)) return patch;
  const definition = plainDefinition(before);
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  const event = patch['event'];
  return {
    ...definition,
    // Not assigned key by key: a key `__proto__` must reach the check, not the prototype.
    ...Object.fromEntries(named.map(([key, value]) => [key, value === null && mayGo.has(key) ? undefined : value])),
    ...(isSmallObject(event) ? { event: withScope(event, before) } : {}),
  };
}

const mayGo: ReadonlySet<string> = new Set(['description', 'policy']);

/** A new trigger that names no scope keeps the present one. */
function withScope(event: Record<string, unknown>, before: Automation): object {
  return event['scope'] === undefined ? { ...event, scope: before.event.scope } : event;
}
