import type { Integration } from '../definition/integration.js';
import type { Delivery } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { createQueuedPacer, type Pacer } from './lane/pacer.js';
import { integrationOfLane } from './outbox.js';

/** What lanes are paced together by. */
interface SharedPaceOptions {
  readonly runtime: Runtime;
  readonly integrations: IntegrationStore;
  readonly deliveries: ReadonlyMap<string, Delivery>;
}

/**
 * Makes the function that paces all lanes together that use one credential: a workspace takes only so much, over however many
 * channels. They take turns in the order in which they ask, and a lane asks for one message at a time: so a busy one keeps no
 * other from its turn.
 *
 * @returns A function of a lane's name that takes its next turn, and tells after how many milliseconds that is.
 */
export function createSharedPace({ runtime, integrations, deliveries }: SharedPaceOptions): (lane: string) => number {
  const pacers = new Map<string, { readonly pacing: object; readonly pacer: Pacer }>();

  return (lane) => {
    const integration = integrations.get(integrationOfLane(lane) ?? '');
    if (integration === undefined) return 0;
    const pacing = deliveries.get(integration.delivery)?.pacing?.together;
    if (pacing === undefined) return 0;
    const key = credentialOf(integration);
    let shared = pacers.get(key);
    if (shared?.pacing !== pacing) {
      shared = { pacing, pacer: createQueuedPacer(pacing) };
      pacers.set(key, shared);
    }
    return shared.pacer.take(runtime.now());
  };
}

/** The same for all integrations that use one credential. */
function credentialOf(integration: Integration): string {
  const { id, delivery, type, entity = '' } = integration;
  const secret = type === 'slack' ? (integration.tokenSecretName ?? integration.urlSecretName) : undefined;
  // Secrets of the same name may differ from entity to entity.
  return JSON.stringify(secret === undefined ? [id] : [delivery, entity, secret]);
}
