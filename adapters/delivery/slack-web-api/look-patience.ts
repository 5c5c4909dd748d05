import { DeliveryError } from '../../../src/index.js';
import { createMemory } from './memory.js';

/** After so many looks that failed a message is posted unseen. */
const mostLooks = 5;
/** After this time too, in milliseconds: a lane that has failed for long makes long pauses. */
const mostMs = 100_000;
/** So long at most it waits for the next look, in milliseconds, whatever Slack asks for. */
const longestRestMs = 30_000;
const oneHour = 3_600_000;

/** How long a message waits for looks that fail, before it is posted again without having been looked for. */
export interface LookPatience {
  /**
   * Counts a look that failed.
   *
   * @param token - The token.
   * @param deliveryId - What was looked for.
   * @returns Whether to wait and look again.
   */
  lasts(token: string, deliveryId: string): boolean;
  /** Begins anew: what is posted from now on is in doubt by itself. */
  renew(token: string, deliveryId: string): void;
}

/**
 * Makes the patience of one adapter. With the pauses of a lane it lasts for a minute, and for two where Slack asks for long
 * ones.
 *
 * @param now - A clock in milliseconds that never goes back.
 */
export function createLookPatience(now: () => number = () => performance.now()): LookPatience {
  const failures = createMemory<{ readonly times: number; readonly sinceMs: number }>(
    { forMs: oneHour, maxEntries: 10_000 },
    now,
  );
  return {
    lasts(token, deliveryId) {
      const { times, sinceMs } = failures.get(token, deliveryId) ?? { times: 0, sinceMs: now() };
      failures.set(token, deliveryId, { times: times + 1, sinceMs });
      return times + 1 < mostLooks && now() - sinceMs < mostMs;
    },
    renew: (token, deliveryId) => failures.delete(token, deliveryId),
  };
}

/**
 * Makes the error of an attempt that could not look, and so has posted nothing.
 *
 * @param error - Why it could not.
 * @returns An ambiguous error, for the earlier attempt may have arrived.
 */
export function waitingToLook(error: DeliveryError): DeliveryError {
  const { kind, message, reason, status, body, retryAfterMs = 0 } = error;
  const restMs = Math.min(retryAfterMs, longestRestMs);
  return new DeliveryError({ kind, message, reason, status, body, retryAfterMs: restMs, ambiguous: true });
}
