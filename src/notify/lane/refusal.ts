import { integrationIdOf } from '../../definition/action.js';
import type { Integration } from '../../definition/integration.js';
import type { DeliveryError } from '../../errors.js';
import type { Delivery, Destination } from '../../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../../ports/runtime.js';
import type { VerificationProblem } from '../../ports/verification.js';
import type { Announce } from '../../record/engine-events.js';
import type { Attempt, Execution } from '../../record/execution.js';
import type { IntegrationStore } from '../../record/integration-store.js';
import type { Carrier } from '../carrier.js';
import { toDeliveryError } from '../delivery-fault.js';
import type { Redactor } from '../redact.js';
import { keptText } from './attempt-record.js';

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
  | { readonly type: 'channel-refused'; readonly detail: string }
  /** The credential is good, but for this reaction. */
  | { readonly type: 'reaction-refused' };

type Refusal = Pick<DeliveryError, 'kind' | 'message'>;

/** So many refusals in a row count, whatever the destination says when it is asked: not every fault can be asked for. */
const refusalsThatCount = 3;

/** And they must reach back so far before they disable an integration: a slip of the destination can last for a while. */
const slipMs = 300_000;

/**
 * Makes the function that asks a destination again before its integration is disabled: one refusal can be a slip of
 * the destination, and disabling stops every message of the integration. A channel that routing chose disables nothing: the same
 * credential serves others.
 */
export function createRefusalConfirmer(options: RefusalOptions) {
  const { deliveries, integrations, carrier, redactor, runtime, announce, signal } = options;
  const lastChangeMs = createChangeWatch(runtime);

  const disable = async (integration: Integration, statusReason: string): Promise<RefusalVerdict> => {
    const disabled: Integration = {
      ...integration,
      status: 'disabled',
      statusReason: keptText(statusReason, redactor),
      revision: integration.revision + 1,
      updatedAt: runtime.now(),
    };
    await integrations.put(disabled);
    announce('integration-disabled', disabled);
    return { type: 'disabled' };
  };

  /**
   * What the destination says when it is asked; `undefined`: it takes messages.
   *
   * @param refusal - What it said before, which stands where it can't be asked.
   */
  const ask = async (
    delivery: Delivery,
    integration: Integration,
    destination: Destination | undefined,
    refusal?: Refusal,
  ): Promise<Refusal | undefined> => {
    const { ok, conclusive, problems } = await carrier.verify(delivery, integration, signal, destination);
    if (ok) return conclusive === false ? refusal : undefined;
    const isCredential = problems.length === 0 ? refusal?.kind === 'credential' : problems.some(isOfCredential);
    const message = problems.map((problem) => problem.message).join(' ');
    return { kind: isCredential ? 'credential' : 'channel', message };
  };

  return async (execution: Execution, refusal: DeliveryError, used?: Integration): Promise<RefusalVerdict> => {
    const { action, reaction } = execution;
    const integrationId = integrationIdOf(action);
    if (integrationId === undefined) return { type: 'unconfirmed' };
    const integration = integrations.get(integrationId);
    if (integration === undefined || integration.status === 'disabled') return { type: 'disabled' };
    const changedMs = lastChangeMs(integration);
    // It may just have been put right: what was refused before says nothing of it.
    if (used !== undefined && used.revision !== integration.revision) return { type: 'unconfirmed' };
    const delivery = deliveries.get(integration.delivery);
    // One that can't choose its channel has posted to the integration's own.
    const destination = delivery?.capabilities?.channels === true ? execution.destination : undefined;

    const act = async ({ kind, message }: Refusal): Promise<RefusalVerdict> => {
      if (reaction !== undefined && kind !== 'credential') return { type: 'reaction-refused' };
      if (destination === undefined || kind !== 'channel') return disable(integration, message);
      return { type: 'channel-refused', detail: keptText(`${destination.channel}: ${message}`, redactor) };
    };

    try {
      if (reaction !== undefined) {
        // What is refused to reactions alone is told by a destination that says itself that the credential is good.
        const confirmed = delivery?.verify === undefined ? undefined : await ask(delivery, integration, destination);
        return confirmed === undefined ? { type: 'reaction-refused' } : await act(confirmed);
      }
      const isBelieved = believes(execution, refusal, {
        isOneOfSeveral: destination !== undefined,
        changedMs,
        nowMs: runtime.now(),
      });
      if (delivery?.verify === undefined || isBelieved) return await act(refusal);
      const confirmed = await ask(delivery, integration, destination, refusal);
      return confirmed === undefined ? { type: 'unconfirmed' } : await act(confirmed);
    } catch (error) {
      const fault = toDeliveryError(error);
      // A missing secret refuses the question as it refused the message. Anything else: ask another time.
      if (fault.retryable) return { type: 'unconfirmed' };
      return act(fault).catch(() => ({ type: 'unconfirmed' }));
    }
  };
}

function isOfCredential({ kind }: VerificationProblem): boolean {
  return kind === 'credential';
}

/**
 * Makes the function that tells when an integration was seen to be another than at the refusal before, in epoch milliseconds.
 * What is learnt of its destination, now and then when it is asked, changes nothing.
 */
function createChangeWatch(runtime: Runtime): (integration: Integration) => number {
  let seen: string | undefined;
  let changedMs = 0;
  return ({ revision, updatedAt, channelId, channelName, teamName, statusReason, ...used }) => {
    const use = JSON.stringify(used);
    if (seen !== undefined && seen !== use) changedMs = runtime.now();
    seen = use;
    return changedMs;
  };
}

interface RefusalCircumstances {
  /** A channel that routing chose: its message goes elsewhere, and nothing is disabled. */
  readonly isOneOfSeveral: boolean;
  /** What was refused before says nothing, in epoch milliseconds. */
  readonly changedMs: number;
  readonly nowMs: number;
}

/** Whether a refusal counts, whatever the destination says when it is asked. */
function believes(
  { attempts }: Execution,
  { kind }: DeliveryError,
  { isOneOfSeveral, changedMs, nowMs }: RefusalCircumstances,
): boolean {
  // After one without a rest it waited to be enabled, or was answered.
  const isBefore = ({ kind: kindBefore, retryInMs = 0, at }: Attempt): boolean =>
    kindBefore !== kind || retryInMs <= 0 || at < changedMs;
  const refusals: readonly Attempt[] = attempts.slice(attempts.findLastIndex(isBefore) + 1);
  if (refusals.length + 1 < refusalsThatCount) return false;
  const sinceMs = refusals[0]?.at ?? nowMs;
  return (isOneOfSeveral && kind === 'channel') || nowMs - sinceMs >= slipMs;
}
