import { DeliveryError } from '../../../src/index.js';
import { createMemory } from './memory.js';

/** After so many looks that failed a message is posted unseen, once. */
const mostLooks = 5;
/** After this time too, in milliseconds: a lane that has failed for long makes long pauses. */
const mostMs = 100_000;
/** So long at most it waits for the next look, in milliseconds, whatever Slack asks for. */
const longestRestMs = 30_000;
/** Longer than a message is tried, unless somebody has chosen so: what is forgotten begins anew. */
const oneDay = 86_400_000;

/** How long a message waits for looks that fail, before it is posted again, once, without having been looked for. */
export interface LookPatience {
  /**
   * Counts a look that failed.
   *
   * @param token - The token.
   * @param deliveryId - What was looked for.
   * @returns Whether to wait and look again; always, once the patience is spent.
   */
  lasts(token: string, deliveryId: string): boolean;
  /**
   * Says that it was posted unseen, and that this is in doubt as well: one such copy is enough.
   *
   * @param token - The token.
   * @param deliveryId - What was posted.
   */
  spend(token: string, deliveryId: string): void;
  /**
   * Says that a look came right: from now on it begins anew.
   *
   * @param token - The token.
   * @param deliveryId - What was looked for.
   */
  renew(token: string, deliveryId: string): void;
}

interface Failures {
  readonly times: number;
  readonly sinceMs: number;
  /** Whether a copy was posted unseen. */
  readonly isSpent: boolean;
}

/**
 * Makes the patience of one adapter, which lives in memory: another process begins anew. With the pauses of a lane it lasts for a minute, and for two where Slack asks for long
 * ones.
 *
 * @param now - A clock in milliseconds that never goes back.
 */
export function createLookPatience(now: () => number = () => performance.now()): LookPatience {
  const failures = createMemory<Failures>({ forMs: oneDay, maxEntries: 10_000 }, now);
  const known = (token: string, deliveryId: string): Failures =>
    failures.get(token, deliveryId) ?? { times: 0, sinceMs: now(), isSpent: false };
  return {
    lasts(token, deliveryId) {
      const { times, sinceMs, isSpent } = known(token, deliveryId);
      failures.set(token, deliveryId, { times: times + 1, sinceMs, isSpent });
      return isSpent || (times + 1 < mostLooks && now() - sinceMs < mostMs);
    },
    spend: (token, deliveryId) => failures.set(token, deliveryId, { ...known(token, deliveryId), isSpent: true }),
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
