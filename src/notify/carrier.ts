import { type Integration, mayUse } from '../definition/integration.js';
import { DeliveryError } from '../errors.js';
import type { Delivery, DeliveryTarget, Verification } from '../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../ports/runtime.js';
import type { SecretRequest, Secrets } from '../ports/secrets.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { copyOf } from './copy-of.js';
import { toDeliveryError } from './delivery-fault.js';
import { type Handler, invokeHandler, mayCall, type RestrictedHandler } from './handlers.js';
import type { Redactor } from './redact.js';
import { senderOf } from './sender.js';
import { withinTime } from './within-time.js';

/** What a {@link Carrier} works with. */
export interface CarrierOptions {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, Handler | RestrictedHandler>;
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
  | {
      readonly type: 'delivered';
      /** As the adapter gave it. */
      readonly receipt: unknown;
      /** The integration as it was used; none for handlers. */
      readonly integration: Integration | undefined;
    }
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
  /**
   * Asks an adapter about an integration, for as long as an attempt may take.
   *
   * @throws `DeliveryError`.
   */
  verify(delivery: Delivery, integration: Integration, signal: AbortSignalLike): Promise<Verification>;
}

/** Makes a carrier. */
export function createCarrier(options: CarrierOptions): Carrier {
  const { deliveries, handlers, integrations, secrets, redactor, runtime, deliveryTimeoutMs } = options;

  const target = (integration: Integration, signal: AbortSignalLike): DeliveryTarget => ({
    integration,
    signal,
    secret: async (name) => {
      const value = await resolveSecret(secrets, { name, integration });
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

  const deliver = async (integrationId: string, request: AttemptRequest): Promise<AttemptResult> => {
    const { execution, attempt, mayHaveArrived, plainText } = request;
    let integration = integrations.get(integrationId);
    try {
      integration ??= await integrations.lookUp(integrationId);
    } catch (cause) {
      const message = 'The integration could not be read';
      const error = new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message, cause });
      return { type: 'failed', error };
    }
    if (integration === undefined) return { type: 'impossible', reason: 'integration_deleted' };
    if (!mayUse(execution.entity, integration)) return { type: 'impossible', reason: 'integration_not_owned' };
    if (integration.status === 'disabled') return { type: 'parked' };
    const delivery = deliveries.get(integration.delivery);
    const send = delivery === undefined ? undefined : senderOf(delivery, execution, plainText);
    if (send === undefined) return { type: 'impossible', reason: 'delivery_missing' };
    return within(request.signal, integration, (signal) =>
      send({
        ...target(integration, signal),
        deliveryId: execution.id,
        committedAtMs: execution.createdAt,
        attempt,
        mayHaveArrived,
      }),
    );
  };

  const call = (
    name: string,
    { execution, attempt, signal: outer }: AttemptRequest,
  ): Promise<AttemptResult> | AttemptResult => {
    const handler = handlers.get(name);
    if (handler === undefined) return { type: 'impossible', reason: 'handler_missing' };
    if (!mayCall(execution.entity, handler)) return { type: 'impossible', reason: 'handler_not_allowed' };
    const { id: executionId, automationId, automationName } = execution;
    const event = copyOf(execution.event);
    return within(outer, undefined, (signal) =>
      invokeHandler(handler, { executionId, automationId, automationName, attempt, event, signal }),
    );
  };

  /** Makes the attempt, and gives it up when it takes too long or the engine closes. Never rejects. */
  const within = async (
    outer: AbortSignalLike,
    integration: Integration | undefined,
    attempt: (signal: AbortSignalLike) => Promise<unknown>,
  ): Promise<AttemptResult> => {
    try {
      const receipt = await withinTime({ runtime, outer, timeoutMs: deliveryTimeoutMs }, attempt);
      return { type: 'delivered', receipt, integration };
    } catch (cause) {
      return { type: 'failed', error: toDeliveryError(cause) };
    }
  };

  return {
    target,
    async verify(delivery, integration, outer) {
      try {
        return await withinTime({ runtime, outer, timeoutMs: deliveryTimeoutMs }, async (signal) => {
          if (delivery.verify === undefined) return { ok: true, problems: [] };
          return delivery.verify(target(integration, signal));
        });
      } catch (cause) {
        throw toDeliveryError(cause);
      }
    },
    async carry(request) {
      const { action } = request.execution;
      switch (action.type) {
        case 'notification':
        case 'webhook':
          return deliver(action.integrationId, request);
        case 'handler':
          return call(action.name, request);
        case 'none':
          return { type: 'delivered', receipt: {}, integration: undefined };
        default:
          return action satisfies never;
      }
    },
  };
}

async function resolveSecret(secrets: Secrets | undefined, request: SecretRequest): Promise<string | undefined> {
  try {
    return await secrets?.resolve(request);
  } catch (cause) {
    // Nothing was sent. What the vault said is not kept: it may quote the secret.
    const message = `The secret ${request.name} could not be read`;
    const kind = DeliveryError.is(cause) ? cause.kind : 'unavailable';
    throw new DeliveryError({ kind, reason: 'secret_unavailable', message });
  }
}
