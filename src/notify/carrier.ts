import type { NotificationAction } from '../definition/action.js';
import { type Integration, mayUse } from '../definition/integration.js';
import { DeliveryError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Delivery, DeliveryTarget, Receipt } from '../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../ports/runtime.js';
import type { Secrets } from '../ports/secrets.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { Redactor } from './redact.js';

/** What a handler is told. */
export interface HandlerCall {
  /** The same at every attempt: a handler that must act once can remember it. */
  readonly executionId: string;
  readonly automationId: string;
  readonly automationName: string;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** The event that matched, as JSON. */
  readonly event: JsonObject;
  /** Aborted when the call takes too long or the engine closes. */
  readonly signal: AbortSignalLike;
}

/** A function of the host that an automation can call. What it throws counts as a failed attempt. */
export type Handler = (call: HandlerCall) => unknown;

/** What a {@link Carrier} works with. */
export interface CarrierOptions {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly integrations: IntegrationStore;
  readonly secrets: Secrets | undefined;
  readonly redactor: Redactor;
  readonly runtime: Runtime;
  /** How long one attempt may take, in milliseconds. */
  readonly deliveryTimeoutMs: number;
}

/** How one attempt is made. */
interface AttemptRequest {
  readonly execution: Execution;
  readonly attempt: number;
  readonly mayHaveArrived: boolean;
  readonly plainText: boolean;
  readonly signal: AbortSignalLike;
}

/** What came of one attempt. */
export type AttemptResult =
  | { readonly type: 'delivered'; readonly receipt: Receipt }
  | { readonly type: 'failed'; readonly error: DeliveryError }
  /** It can't be tried at all, now or ever. */
  | { readonly type: 'impossible'; readonly reason: ExecutionReason }
  /** The integration is disabled; the message waits for it. */
  | { readonly type: 'parked' };

/** Makes single attempts to carry out an execution's action; never throws. */
export interface Carrier {
  carry(request: AttemptRequest): Promise<AttemptResult>;
  /** What an adapter needs to reach an integration. */
  target(integration: Integration, signal: AbortSignalLike): DeliveryTarget;
}

/** Makes a carrier. */
export function createCarrier(options: CarrierOptions): Carrier {
  const { deliveries, handlers, integrations, secrets, redactor, runtime, deliveryTimeoutMs } = options;

  const target = (integration: Integration, signal: AbortSignalLike): DeliveryTarget => ({
    integration,
    signal,
    secret: async (name) => {
      const value = await secrets?.resolve({ name, integration });
      if (value === undefined || value === '') {
        throw new DeliveryError({
          kind: 'credential',
          reason: 'secret_unavailable',
          message: `There is no secret ${name} for the integration ${integration.name}, or it may not have it`,
        });
      }
      redactor.add(value);
      return value;
    },
  });

  const deliver = (action: NotificationAction, request: AttemptRequest): Promise<AttemptResult> | AttemptResult => {
    const { execution, attempt, mayHaveArrived, plainText } = request;
    const integration = integrations.get(action.integrationId);
    if (integration === undefined) return { type: 'impossible', reason: 'integration_deleted' };
    if (!mayUse(execution.entity, integration)) return { type: 'impossible', reason: 'integration_not_owned' };
    if (integration.status === 'disabled') return { type: 'parked' };
    const delivery = deliveries.get(integration.delivery);
    if (delivery === undefined || execution.message === undefined)
      return { type: 'impossible', reason: 'delivery_missing' };
    const { message } = execution;
    return within(request, (signal) =>
      delivery.deliver({
        ...target(integration, signal),
        deliveryId: execution.id,
        committedAtMs: execution.createdAt,
        attempt,
        message,
        mayHaveArrived,
        plainText,
      }),
    );
  };

  const call = (
    name: string,
    { execution, attempt, ...request }: AttemptRequest,
  ): Promise<AttemptResult> | AttemptResult => {
    const handler = handlers.get(name);
    if (handler === undefined) return { type: 'impossible', reason: 'handler_missing' };
    const { id: executionId, automationId, automationName, event } = execution;
    return within(request, async (signal) => {
      try {
        await handler({ executionId, automationId, automationName, attempt, event, signal });
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new DeliveryError({ kind: 'unavailable', reason: 'handler_failed', message, cause });
      }
      return {};
    });
  };

  /** Makes the attempt, and gives it up when it takes too long or the engine closes. */
  const within = (
    { signal: outer }: Pick<AttemptRequest, 'signal'>,
    attempt: (signal: AbortSignalLike) => Promise<Receipt>,
  ): Promise<AttemptResult> => {
    const controller = runtime.abortController();
    return new Promise((resolve) => {
      const giveUp = (reason: 'timeout' | 'closing', message: string): void => {
        controller.abort();
        finish(failed(new DeliveryError({ kind: 'unavailable', reason, message, ambiguous: true })));
      };
      const onClose = (): void => giveUp('closing', 'The engine was closed during the attempt');
      const timer = runtime.setTimer(
        () => giveUp('timeout', `Nothing came back within ${deliveryTimeoutMs} ms`),
        deliveryTimeoutMs,
      );
      const finish = (result: AttemptResult): void => {
        timer.cancel();
        outer.removeEventListener('abort', onClose);
        resolve(result);
      };
      outer.addEventListener('abort', onClose, { once: true });
      callSafely(attempt, controller.signal).then(
        (receipt) => finish({ type: 'delivered', receipt }),
        (cause) => finish(failed(toDeliveryError(cause))),
      );
    });
  };

  return {
    target,
    async carry(request) {
      const { action } = request.execution;
      switch (action.type) {
        case 'notification':
          return deliver(action, request);
        case 'handler':
          return call(action.name, request);
        case 'none':
          return { type: 'delivered', receipt: {} };
        default:
          return action satisfies never;
      }
    },
  };
}

async function callSafely(
  attempt: (signal: AbortSignalLike) => Promise<Receipt>,
  signal: AbortSignalLike,
): Promise<Receipt> {
  return attempt(signal);
}

function failed(error: DeliveryError): AttemptResult {
  return { type: 'failed', error };
}

/** What an adapter or handler threw without saying more may have had its effect. */
function toDeliveryError(cause: unknown): DeliveryError {
  if (DeliveryError.is(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message, ambiguous: true, cause });
}
