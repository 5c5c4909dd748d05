import { mayUse } from '../definition/integration.js';
import { routeOf } from '../definition/routing/route-of.js';
import type { SavedRouting } from '../definition/routing/routing.js';
import { isOwnChannel } from '../firing/targets.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { RoutingStore } from '../record/routing-store.js';
import type { NoticeTarget } from './notices.js';

/**
 * Makes the function that finds where notices go that concern an entity, or anybody.
 *
 * @returns A function that finds the default channel of the entity's routing, or else of the shared one. For what concerns
 * anybody, and where no routing is shared, it finds those of all entities, each once. Without a routing, a default channel, or the
 * routing's integration it finds none.
 */
export function createDefaultChannels(routings: Pick<RoutingStore, 'find' | 'all'>, integrations: IntegrationStore) {
  const targetOf = (routing: SavedRouting): NoticeTarget[] => {
    const integration = integrations.get(routing.integrationId);
    const [channel] = routeOf(routing, undefined);
    // The integration may have been given to another team since.
    if (integration === undefined || channel === undefined || !mayUse(routing.entity, integration)) return [];
    const { entity } = routing;
    return isOwnChannel(channel, integration)
      ? [{ integration, entity }]
      : [{ integration, entity, destination: channel }];
  };

  return (entity: string | undefined): readonly NoticeTarget[] => {
    const routing = routings.find(entity);
    if (routing !== undefined) return targetOf(routing);
    return entity === undefined ? routings.all().flatMap(targetOf) : [];
  };
}
