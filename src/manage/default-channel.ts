import { routeOf } from '../definition/routing/route-of.js';
import { isOwnChannel } from '../firing/targets.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { RoutingStore } from '../record/routing-store.js';
import type { NoticeTarget } from './notices.js';

/**
 * Makes the function that finds the default channel of an entity's routing.
 *
 * @returns A function that finds none where there is no routing, or it has no default channel, or its integration is gone.
 */
export function createDefaultChannel(routings: Pick<RoutingStore, 'find'>, integrations: IntegrationStore) {
  return (entity: string | undefined): NoticeTarget | undefined => {
    const routing = routings.find(entity);
    const integration = routing === undefined ? undefined : integrations.get(routing.integrationId);
    const channel = routing === undefined ? undefined : routeOf(routing, undefined)[0];
    if (integration === undefined || channel === undefined) return undefined;
    return isOwnChannel(channel, integration) ? { integration } : { integration, destination: channel };
  };
}
