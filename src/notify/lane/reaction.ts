import type { DeliveryError } from '../../errors.js';
import { backOffMs } from './back-off.js';

/** What to do after an attempt failed. */
export type Reaction =
  /** Try again later; the lane waits, so that the order stays. */
  | { readonly type: 'retry'; readonly delayMs: number }
  /** Try again at once, as plain text. */
  | { readonly type: 'plain-text' }
  /** Give this message up and go on with the next. */
  | { readonly type: 'fail'; readonly reason: 'message_refused' | 'gave_up' }
  /** Ask the destination whether credential and channel are really wrong. */
  | { readonly type: 'confirm' };

/** What a {@link Reaction} depends on. */
export interface FailedAttempt {
  readonly error: DeliveryError;
  /** How often this lane has failed in a row, this time included. */
  readonly failuresInARow: number;
  /** For how long this message has been waiting, in milliseconds. */
  readonly waitedMs: number;
  readonly giveUpAfterMs: number;
  /** There is a plainer form of it, which has not been tried. */
  readonly hasPlainText: boolean;
  /** From 0 to 1. */
  readonly random: number;
}

/** Decides what follows a failed attempt: three kinds of failure, three reactions. */
export function react(attempt: FailedAttempt): Reaction {
  const { error, failuresInARow, waitedMs, giveUpAfterMs, hasPlainText, random } = attempt;
  switch (error.kind) {
    case 'message':
      return hasPlainText ? { type: 'plain-text' } : { type: 'fail', reason: 'message_refused' };
    case 'unavailable': {
      const leftMs = giveUpAfterMs - waitedMs;
      if (leftMs <= 0) return { type: 'fail', reason: 'gave_up' };
      // The last try is made when the time is up, however long the lane would rest.
      return { type: 'retry', delayMs: Math.min(backOffMs(failuresInARow, random, error.retryAfterMs), leftMs) };
    }
    case 'credential':
    case 'channel':
      return { type: 'confirm' };
    default:
      return error.kind satisfies never;
  }
}
