import { DeliveryError } from '../../../../src/index.js';

/**
 * Passes on an error after an ambiguous attempt: nothing was posted this time, but the earlier attempt may have arrived
 * all the same, so this one is ambiguous too.
 *
 * @param error - What this attempt ended with.
 * @throws The error; one of kind `unavailable` as ambiguous.
 */
export function keepDoubt(error: unknown): never {
  if (!DeliveryError.is(error) || !error.retryable || error.ambiguous) {
    throw error;
  }
  return asDoubtful(error);
}

/**
 * Passes on an error of an attempt that may have posted something before.
 *
 * @param error - What it ended with.
 * @throws The error; a `DeliveryError` of any kind as ambiguous.
 */
export function asDoubtful(error: unknown): never {
  if (!DeliveryError.is(error) || error.ambiguous) throw error;
  const { kind, message, reason, status, retryAfterMs, body } = error;
  throw new DeliveryError({ kind, message, reason, status, retryAfterMs, body, ambiguous: true });
}
