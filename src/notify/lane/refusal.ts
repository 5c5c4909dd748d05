import { integrationIdOf } from '../../definition/action.js';
import type { Integration } from '../../definition/integration.js';
import { DeliveryError } from '../../errors.js';
import type { Delivery, Destination } from '../../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../../ports/runtime.js';
import type { VerificationProblem } from '../../ports/verification.js';
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

/** What came of asking. */
export type RefusalVerdict =
  /** It may pass. */
  | { readonly type: 'unconfirmed' }
  /** The integration is disabled now: its messages wait. */
  | { readonly type: 'disabled' }
  /** One channel of several takes nothing; `detail` says what to do about it. */
  | { readonly type: 'channel-refused'; readonly detail: string };

type Refusal = Pick<DeliveryError, 'kind' | 'message'>;

/** So many refusals in a row count, whatever the destination says when it is asked: not every fault can be asked for. */
const refusalsThatCount = 3;

/**
 * Makes the function that asks a destination again before its integration is disabled: one refusal can be a slip of
 * the destination, and disabling stops every message of the integration. A channel that routing chose disables nothing: the same
 * credential serves others.
 */
export function createRefusalConfirmer(options: RefusalOptions) {
  const { deliveries, integrations, carrier, redactor, runtime, announce, signal } = options;

  const disable = async (integration: Integration, statusReason: string): Promise<RefusalVerdict> => {
    const disabled: Integration = {
      ...integration,
      status: 'disabled',
      statusReason: redactor.text(statusReason),
      revision: integration.revision + 1,
      updatedAt: runtime.now(),
    };
    await integrations.put(disabled);
    announce('integration-disabled', disabled);
    return { type: 'disabled' };
  };

  /** What the destination says when it is asked; `undefined`: it takes messages. */
  const ask = async (
    delivery: Delivery,
    integration: Integration,
    destination: Destination | undefined,
    refusal: Refusal,
  ): Promise<Refusal | undefined> => {
    const { ok, conclusive, problems } = await carrier.verify(delivery, integration, signal, destination);
    if (ok) return conclusive === false ? refusal : undefined;
    const isCredential = problems.length === 0 ? refusal.kind === 'credential' : problems.some(isOfCredential);
    const message = problems.map((problem) => problem.message).join(' ');
    return { kind: isCredential ? 'credential' : 'channel', message };
  };

  return async (execution: Execution, refusal: DeliveryError): Promise<RefusalVerdict> => {
    const { action, attempts } = execution;
    const integrationId = integrationIdOf(action);
    if (integrationId === undefined) return { type: 'unconfirmed' };
    const integration = integrations.get(integrationId);
    if (integration === undefined || integration.status === 'disabled') return { type: 'disabled' };
    const delivery = deliveries.get(integration.delivery);
    // One that can't choose its channel has posted to the integration's own.
    const destination = delivery?.capabilities?.channels === true ? execution.destination : undefined;

    const act = async ({ kind, message }: Refusal): Promise<RefusalVerdict> => {
      if (destination === undefined || kind !== 'channel') return disable(integration, message);
      return { type: 'channel-refused', detail: redactor.text(`${destination.channel}: ${message}`) };
    };

    try {
      if (delivery?.verify === undefined || refusalsInARow(attempts, refusal) + 1 >= refusalsThatCount) {
        return await act(refusal);
      }
      const confirmed = await ask(delivery, integration, destination, refusal);
      return confirmed === undefined ? { type: 'unconfirmed' } : await act(confirmed);
    } catch (error) {
      // A missing secret refuses the question as it refused the message. Anything else: ask another time.
      if (!DeliveryError.is(error) || error.retryable) return { type: 'unconfirmed' };
      return act(error).catch(() => ({ type: 'unconfirmed' }));
    }
  };
}

function isOfCredential({ kind }: VerificationProblem): boolean {
  return kind === 'credential';
}

/** How many of the last attempts were refused in the same way. */
function refusalsInARow(attempts: readonly Attempt[], { kind }: DeliveryError): number {
  const last = attempts.findLastIndex((attempt) => attempt.kind !== kind);
  return attempts.length - 1 - last;
}
