import { type IntegrationDefinition, mayUse } from '../definition/integration.js';
import { describeValue } from '../definition/path.js';
import type { Issue } from '../errors.js';
import type { Delivery } from '../ports/delivery.js';
import type { IntegrationStore } from '../record/integration-store.js';

/** What a fallback is checked with. */
interface FallbackTargets {
  readonly store: IntegrationStore;
  readonly deliveries: ReadonlyMap<string, Delivery>;
}

/**
 * What only an engine can tell of an integration's fallback: whether it is there, may be used by the same automations, and
 * takes what it would get.
 *
 * @param ownId - The integration's id; `undefined` for a new one.
 */
export function fallbackIssues(
  { type, entity, fallbackIntegrationId: id }: IntegrationDefinition,
  ownId: string | undefined,
  { store, deliveries }: FallbackTargets,
): readonly Issue[] {
  if (id === undefined) return [];
  if (id === ownId) return [issue('invalid_value', 'Expected another integration, got the integration itself')];
  const fallback = store.get(id);
  if (fallback === undefined) {
    return [issue('unknown_integration', `There is no integration with the id ${describeValue(id)}`)];
  }
  if (!mayUse(entity, fallback)) {
    const owner = entity === undefined ? 'a shared integration' : `a shared integration or one of ${entity}`;
    return [issue('integration_not_owned', `Expected ${owner}, got one of another entity`)];
  }
  if (type !== 'webhook') return [];
  if (fallback.type !== 'webhook') {
    const message = `Expected an integration of type "webhook", as payloads go to it, got one of type "${fallback.type}"`;
    return [issue('integration_type', message)];
  }
  const delivery = deliveries.get(fallback.delivery);
  if (delivery === undefined || delivery.deliverPayload !== undefined) return [];
  const message = `Expected an integration whose delivery takes payloads, got one of "${delivery.name}"`;
  return [issue('integration_type', message)];
}

function issue(code: Issue['code'], message: string): Issue {
  return { code, path: 'fallbackIntegrationId', message };
}
