import { describeValue } from '../definition/path.js';
import { destinationsOf } from '../definition/routing/route-of.js';
import type { Routing } from '../definition/routing/routing.js';
import type { Carrier } from '../notify/carrier.js';
import type { Redactor } from '../notify/redact.js';
import type { Delivery } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { askDestination } from './ask-destination.js';
import type { RoutingVerification, VerifiedChannel } from './routing.js';
import { routingIssues } from './routing-issues.js';

/** What {@link verifyRouting} works with. */
export interface RoutingVerifierOptions {
  readonly integrations: IntegrationStore;
  readonly runtime: Runtime;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
}

/**
 * Asks the destination of each channel of a routing whether messages would arrive.
 *
 * @throws `delivery_failed`.
 */
export async function verifyRouting(
  routing: Routing,
  { integrations, runtime, deliveries, carrier, redactor }: RoutingVerifierOptions,
): Promise<RoutingVerification> {
  const destinations = destinationsOf(routing);
  const integration = integrations.get(routing.integrationId);
  const delivery = integration === undefined ? undefined : deliveries.get(integration.delivery);
  // What was right when the routing was stored may have gone since.
  const [issue] = routingIssues(routing, integration, deliveries);
  if (issue !== undefined || integration === undefined || delivery === undefined) {
    const message = issue?.message ?? `There is no integration ${describeValue(routing.integrationId)}`;
    const problem = { kind: 'channel', reason: issue?.code ?? 'unknown_integration', message } as const;
    return { ok: false, channels: destinations.map(({ channel }) => ({ channel, ok: false, problems: [problem] })) };
  }
  const { signal } = runtime.abortController();
  const channels: VerifiedChannel[] = [];
  for (const destination of destinations) {
    const { ok, problems, notes, channelId } = await askDestination(
      delivery.name,
      () => carrier.verify(delivery, integration, signal, destination),
      redactor,
    );
    const known = channelId ?? destination.channelId;
    channels.push({
      channel: destination.channel,
      ok,
      problems,
      ...(notes === undefined ? {} : { notes }),
      ...(known === undefined ? {} : { channelId: known }),
    });
  }
  return { ok: channels.every(({ ok }) => ok), channels };
}
