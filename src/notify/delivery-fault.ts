import { describeThrown } from '../definition/path.js';
import { DeliveryError, type DeliveryFaultKind } from '../errors.js';

const kinds: ReadonlySet<unknown> = new Set<DeliveryFaultKind>(['message', 'unavailable', 'credential', 'channel']);

/** Longer than this nobody means: it would silence a lane for good. */
const longestRetryAfterMs = 86_400_000;

/**
 * Makes a sound `DeliveryError` of whatever an adapter threw. What says nothing more, or throws itself when it is read, may
 * have had its effect, and counts as an ambiguous `unavailable`. Never throws.
 */
export function toDeliveryError(cause: unknown): DeliveryError {
  try {
    if (DeliveryError.is(cause)) return soundOf(cause);
    return unexpected(cause instanceof Error ? describeThrown(cause.message) : describeThrown(cause), cause);
  } catch {
    return unexpected('It threw something that cannot be read');
  }
}

function unexpected(message: string, cause?: unknown): DeliveryError {
  return new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message, ambiguous: true, cause });
}

function soundOf(error: DeliveryError): DeliveryError {
  const { kind, reason, message, status, ambiguous, retryAfterMs, body, cause } = error;
  return new DeliveryError({
    kind: kinds.has(kind) ? kind : 'unavailable',
    reason: typeof reason === 'string' ? reason : 'unexpected_error',
    message: describeThrown(message),
    ambiguous: ambiguous === true,
    status: Number.isFinite(status) ? status : undefined,
    retryAfterMs: isDelay(retryAfterMs) ? Math.min(retryAfterMs, longestRetryAfterMs) : undefined,
    body: typeof body === 'string' ? body : undefined,
    cause,
  });
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}
