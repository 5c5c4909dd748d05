import type { Integration } from '../../definition/integration.js';
import { DeliveryError } from '../../errors.js';
import type { Delivery } from '../../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../../ports/runtime.js';
import type { Announce } from '../../record/engine-events.js';
import type { Attempt, Execution } from '../../record/execution.js';
import type { IntegrationStore } from '../../record/integration-store.js';
import type { Carrier } from '../carrier.js';
import type { Redactor } from '../redact.js';

/** What {@link createRefusalConfirmer} works with. */
export interface RefusalOptions {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly integrations: IntegrationStore;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly runtime: Runtime;
  readonly announce: Announce;
  readonly signal: AbortSignalLike;
}

/** So many refusals in a row count, whatever the destination says when it is asked: not every fault can be asked for. */
const refusalsThatCount = 3;

/**
 * Makes the function that asks a destination again before its integration is disabled: one refusal can be a slip of
 * the destination, and disabling stops every message of the integration.
 *
 * @returns A function that tells whether the integration is disabled now.
 */
export function createRefusalConfirmer(options: RefusalOptions) {
  const { deliveries, integrations, carrier, redactor, runtime, announce, signal } = options;

  const disable = async (integration: Integration, statusReason: string): Promise<boolean> => {
    const disabled: Integration = {
      ...integration,
      status: 'disabled',
      statusReason: redactor.text(statusReason),
      revision: integration.revision + 1,
      updatedAt: runtime.now(),
    };
    await integrations.put(disabled);
    announce('integration-disabled', disabled);
    return true;
  };

  return async ({ action, attempts }: Execution, refusal: DeliveryError): Promise<boolean> => {
    if (!('integrationId' in action)) return false;
    const integration = integrations.get(action.integrationId);
    if (integration === undefined || integration.status === 'disabled') return true;
    const delivery = deliveries.get(integration.delivery);
    try {
      if (delivery?.verify === undefined || refusalsInARow(attempts, refusal) + 1 >= refusalsThatCount) {
        return await disable(integration, refusal.message);
      }
      const verification = await carrier.verify(delivery, integration, signal);
      if (verification.ok && verification.conclusive !== false) return false;
      if (verification.ok) return await disable(integration, refusal.message);
      return await disable(integration, verification.problems.map((problem) => problem.message).join(' '));
    } catch (error) {
      // A missing secret refuses the question as it refused the message. Anything else: ask another time.
      if (!DeliveryError.is(error) || error.retryable) return false;
      return disable(integration, error.message).catch(() => false);
    }
  };
}

/** How many of the last attempts were refused in the same way. */
function refusalsInARow(attempts: readonly Attempt[], { kind }: DeliveryError): number {
  const last = attempts.findLastIndex((attempt) => attempt.kind !== kind);
  return attempts.length - 1 - last;
}
