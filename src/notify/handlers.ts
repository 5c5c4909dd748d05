import { describeThrown } from '../definition/path.js';
import { DeliveryError } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { AbortSignalLike } from '../ports/runtime.js';

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
  /** Aborted when the call takes longer than `deliveryTimeoutMs` or the engine closes; then nobody waits for it any more. */
  readonly signal: AbortSignalLike;
}

/**
 * A function of the host that an automation can call. What it throws counts as a failed attempt; it is called again with
 * growing pauses, for at most 1 minute.
 */
export type Handler = (call: HandlerCall) => unknown;

/** A handler that only automations of some entities may call. */
export interface RestrictedHandler {
  readonly handler: Handler;
  /**
   * The teams whose automations may call it. An automation on a whole organization belongs to no team, and may not. With
   * an empty list nobody may.
   */
  readonly entities: readonly string[];
}

/** The functions that automations can call, by name. Any automation may call one that is not restricted. */
export type Handlers = Readonly<Record<string, Handler | RestrictedHandler>>;

/**
 * Whether automations of an entity may call a handler.
 *
 * @param entity - The entity; `undefined` for an automation on a whole organization.
 */
export function mayCall(entity: string | undefined, handler: Handler | RestrictedHandler): boolean {
  return typeof handler === 'function' || (entity !== undefined && handler.entities.includes(entity));
}

/**
 * Calls a handler once.
 *
 * @throws `DeliveryError` of kind `unavailable`, reason `handler_failed`, whatever the handler throws.
 */
export async function invokeHandler(handler: Handler | RestrictedHandler, call: HandlerCall): Promise<void> {
  try {
    await (typeof handler === 'function' ? handler(call) : handler.handler(call));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : describeThrown(cause);
    throw new DeliveryError({ kind: 'unavailable', reason: 'handler_failed', message, cause });
  }
}
