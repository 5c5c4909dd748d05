import { copyJson } from '../definition/copy-json.js';
import {
  type Integration,
  type IntegrationDefinition,
  type IntegrationState,
  integrationSchema,
} from '../definition/integration.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { Issue } from '../errors.js';
import type { Delivery } from '../ports/delivery.js';
import { askCheck } from './ask-check.js';
import { invalidInput, isSmallObject, smallBounds } from './refused-input.js';

/**
 * Checks the definition of an integration, and that its delivery can work with it.
 *
 * @throws `invalid_integration` with issues; `invalid_options` when the delivery can't check.
 */
export function readIntegration(input: unknown, deliveries: ReadonlyMap<string, Delivery>): IntegrationDefinition {
  const copy = copyJson(input, smallBounds);
  if ('issue' in copy) throw invalidInput('invalid_integration', [copy.issue]);
  const parsed = integrationSchema.safeParse(copy.value, { reportInput: true });
  if (!parsed.success) throw invalidInput('invalid_integration', fromZodIssues(parsed.error.issues));
  const issues = deliveryIssues(parsed.data, deliveries);
  if (issues.length > 0) throw invalidInput('invalid_integration', issues);
  return parsed.data;
}

function deliveryIssues(
  definition: IntegrationDefinition,
  deliveries: ReadonlyMap<string, Delivery>,
): readonly Issue[] {
  const delivery = deliveries.get(definition.delivery);
  if (delivery?.integrationTypes.includes(definition.type)) return askCheck(delivery, definition);
  const fitting = [...deliveries.values()].filter(({ integrationTypes }) => integrationTypes.includes(definition.type));
  const names = fitting.map(({ name }) => `"${name}"`).join(' or ');
  const expected = names === '' ? `a delivery for ${definition.type} in createEngine({ deliveries })` : names;
  return [
    { code: 'unknown_delivery', path: 'delivery', message: `Expected ${expected}, got "${definition.delivery}"` },
  ];
}

/** A stored integration, parted in what a user defines and what the engine adds. */
export function partIntegration(integration: Integration): { definition: object; state: IntegrationState } {
  const { id, revision, createdAt, updatedAt, status, statusReason, channelId, channelName, teamName, ...definition } =
    integration;
  const state = { id, revision, createdAt, updatedAt, status, statusReason, channelId, channelName, teamName };
  return { definition, state };
}

/**
 * A definition with a patch applied, not checked yet. What is `undefined` stays; `null` takes away what may be missing.
 *
 * @param patch - Anything; what is no small object is left for the check to refuse.
 */
export function applyIntegrationPatch(definition: object, patch: unknown): unknown {
  if (!isSmallObject(patch)) return patch;
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  // What must be there and is `null` is then missing, which the check tells.
  return { ...definition, ...Object.fromEntries(named.map(([part, value]) => [part, value ?? undefined])) };
}
