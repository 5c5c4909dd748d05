import type { Delivery } from '../ports/delivery.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { integrationOfLane, laneOf } from './outbox.js';

/** What a process can carry out. */
interface ServedLanesOptions {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, unknown>;
  readonly integrations: IntegrationStore;
}

/**
 * Makes the function that says whether this process can carry out what stands in a lane: a process that was given fewer
 * deliveries or handlers must not fail what another can deliver.
 */
export function createServedLanes({
  deliveries,
  handlers,
  integrations,
}: ServedLanesOptions): (name: string) => boolean {
  const handlerLanes = new Set([...handlers.keys()].map((name) => laneOf({ action: { type: 'handler', name } })));

  return (name) => {
    const id = integrationOfLane(name);
    if (id === undefined) return handlerLanes.has(name);
    const integration = integrations.get(id);
    // What waits for one that is deleted is to fail.
    return integration === undefined || deliveries.has(integration.delivery);
  };
}
