import { integrationIdOf } from '../definition/action.js';
import { type Integration, mayUse } from '../definition/integration.js';
import { DeliveryError } from '../errors.js';
import type { Delivery, DeliveryTarget, Destination } from '../ports/delivery.js';
import type { AbortSignalLike, Runtime } from '../ports/runtime.js';
import type { Secrets } from '../ports/secrets.js';
import type { Storage } from '../ports/storage.js';
import type { Verification, VerificationProblem } from '../ports/verification.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import { readImage } from '../record/images.js';
import type { IntegrationStore } from '../record/integration-store.js';
import type { ThreadRecord } from '../record/thread.js';
import { createAttemptSecrets } from './attempt-secrets.js';
import { copyOf } from './copy-of.js';
import { toDeliveryError } from './delivery-fault.js';
import { type Handler, invokeHandler, mayCall, type RestrictedHandler } from './handlers.js';
import type { Redactor } from './redact.js';
import { senderOf } from './sender.js';
import { placeOf, type ThreadPlace } from './thread-place.js';
import { withinTime } from './within-time.js';

/** What a {@link Carrier} works with. */
export interface CarrierOptions {
  /** Where pictures are. */
  readonly storage: Storage;
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
  /** What is known of its thread. */
  readonly thread: ThreadRecord | undefined;
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
      readonly place: ThreadPlace | undefined;
    }
  | {
      readonly type: 'failed';
      readonly error: DeliveryError;
      /** The integration as it was used; none for handlers, and when it could not be read. */
      readonly integration?: Integration | undefined;
      readonly place?: ThreadPlace | undefined;
    }
  /** It is left out: what it belongs to is not there, or its destination can't do it. */
  | { readonly type: 'left-out'; readonly reason: ExecutionReason }
  /** It can't be tried at all, now or ever. */
  | { readonly type: 'impossible'; readonly reason: ExecutionReason }
  /** The integration is disabled; the message waits for it. */
  | { readonly type: 'parked' };

/** Makes single attempts to carry out an execution's action; never throws. */
export interface Carrier {
  carry(request: AttemptRequest): Promise<AttemptResult>;
  /**
   * What an adapter needs to reach an integration.
   *
   * @param destination - The channel, where it is not the integration's own.
   */
  target(integration: Integration, signal: AbortSignalLike, destination?: Destination): DeliveryTarget;
  /**
   * Asks an adapter about an integration, for as long as an attempt may take.
   *
   * @param destination - The channel, where it is not the integration's own.
   * @throws `DeliveryError`.
   */
  verify(
    delivery: Delivery,
    integration: Integration,
    signal: AbortSignalLike,
    destination?: Destination,
  ): Promise<Verification>;
}

/** Makes a carrier. */
export function createCarrier(options: CarrierOptions): Carrier {
  const { storage, deliveries, handlers, integrations, secrets, redactor, runtime, deliveryTimeoutMs } = options;

  const readPicture = async (handle: string): Promise<Uint8Array | undefined> => {
    try {
      return await readImage(storage, handle);
    } catch (cause) {
      const message = 'The picture could not be read';
      throw new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message, cause });
    }
  };

  const target = (
    integration: Integration,
    signal: AbortSignalLike,
    destination?: Destination,
    { read } = createAttemptSecrets({ secrets, redactor }, integration),
  ): DeliveryTarget => ({
    integration,
    ...(destination === undefined ? {} : { destination }),
    signal,
    secret: read,
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
    if (delivery === undefined) return { type: 'impossible', reason: 'delivery_missing' };
    const place = placeOf(execution, request.thread, delivery);
    if (place.type === 'nowhere') return { type: 'left-out', reason: place.reason };
    const send = senderOf(delivery, execution, { plainText, place, readImage: readPicture });
    if (send === undefined) return { type: 'impossible', reason: 'delivery_missing' };
    const attemptSecrets = createAttemptSecrets({ secrets, redactor }, integration);
    return within(request.signal, { integration, place }, async (signal) => {
      const there = {
        ...target(integration, signal, execution.destination, attemptSecrets),
        deliveryId: execution.id,
        committedAtMs: execution.createdAt,
        attempt,
        mayHaveArrived,
      };
      try {
        return await send(there);
      } catch (cause) {
        const error = toDeliveryError(cause);
        // A token may have expired before its time: with another one it may go through.
        if (!isOfSecret(error) || !(await attemptSecrets.renew())) throw error;
        return send(there);
      }
    });
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
    return within(outer, {}, (signal) =>
      invokeHandler(handler, { executionId, automationId, automationName, attempt, event, signal }),
    );
  };

  /** Makes the attempt, and gives it up when it takes too long or the engine closes. Never rejects. */
  const within = async (
    outer: AbortSignalLike,
    { integration, place }: { readonly integration?: Integration; readonly place?: ThreadPlace },
    attempt: (signal: AbortSignalLike) => Promise<unknown>,
  ): Promise<AttemptResult> => {
    try {
      const receipt = await withinTime({ runtime, outer, timeoutMs: deliveryTimeoutMs }, attempt);
      return { type: 'delivered', receipt, integration, place };
    } catch (cause) {
      return { type: 'failed', error: toDeliveryError(cause), integration, place };
    }
  };

  return {
    target,
    async verify(delivery, integration, outer, destination) {
      try {
        return await withinTime({ runtime, outer, timeoutMs: deliveryTimeoutMs }, async (signal) => {
          if (delivery.verify === undefined) return { ok: true, problems: [] };
          const attemptSecrets = createAttemptSecrets({ secrets, redactor }, integration);
          const there = target(integration, signal, destination, attemptSecrets);
          try {
            const found = await delivery.verify(there);
            if (!saysRefusedSecret(found) || !(await attemptSecrets.renew())) return found;
          } catch (cause) {
            const error = toDeliveryError(cause);
            if (!isOfSecret(error) || !(await attemptSecrets.renew())) throw error;
          }
          return delivery.verify(there);
        });
      } catch (cause) {
        throw toDeliveryError(cause);
      }
    },
    async carry(request) {
      const { action } = request.execution;
      switch (action.type) {
        case 'notification':
        case 'webhook': {
          const integrationId = integrationIdOf(action);
          // Routing finds the integration at the match: without one there is nothing to be carried out.
          return integrationId === undefined
            ? { type: 'impossible', reason: 'no_routing' }
            : deliver(integrationId, request);
        }
        case 'handler':
          return call(action.name, request);
        case 'none':
          return { type: 'delivered', receipt: {}, integration: undefined, place: undefined };
        default:
          return action satisfies never;
      }
    },
  };
}

/** Whether a destination says that it refuses a secret; an adapter of an outsider may answer anything. */
function saysRefusedSecret(found: Partial<Verification> | undefined): boolean {
  const { ok, problems } = found ?? {};
  return ok === false && Array.isArray(problems) && problems.some((problem) => isOfSecret(problem ?? {}));
}

/** Whether another secret may do better. */
function isOfSecret({ kind, reason }: Partial<Pick<DeliveryError | VerificationProblem, 'kind' | 'reason'>>): boolean {
  return kind === 'credential' && reason !== 'missing_scope';
}
