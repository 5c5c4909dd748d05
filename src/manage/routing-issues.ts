import type { Integration } from '../definition/integration.js';
import { describeValue } from '../definition/path.js';
import type { Routing } from '../definition/routing/routing.js';
import type { Issue } from '../errors.js';
import type { Delivery } from '../ports/delivery.js';

/** What only an engine can tell: whether the routing's integration is there, and reaches more than one channel. */
export function routingIssues(
  { integrationId }: Routing,
  integration: Integration | undefined,
  deliveries: ReadonlyMap<string, Delivery>,
): readonly Issue[] {
  if (integration === undefined) {
    return [issue('unknown_integration', `There is no integration with the id ${describeValue(integrationId)}`)];
  }
  const { name, delivery } = integration;
  const adapter = deliveries.get(delivery);
  if (adapter === undefined) {
    const message = `Expected an integration whose delivery the engine has, got one of ${describeValue(delivery)}`;
    return [issue('unknown_delivery', message)];
  }
  if (adapter.capabilities?.channels === true) return [];
  const why = `an integration by ${describeValue(delivery)} such as ${describeValue(name)} posts to its own channel only`;
  return [issue('integration_type', `Expected an integration whose delivery reaches other channels; ${why}`)];
}

function issue(code: Issue['code'], message: string): Issue {
  return { code, path: 'integrationId', message };
}
