import type { DeliveryError } from '../../errors.js';
import { backOffMs } from './back-off.js';

/** What to do after an attempt failed. */
export type Reaction =
  /** Try again later; the lane waits, so that the order stays. */
  | { readonly type: 'retry'; readonly delayMs: number }
  /** Try again at once, as plain text. */
  | { readonly type: 'plain-text' }
  /** Try again at once, as a message of its own instead of a reply. */
  | { readonly type: 'no-reply' }
  /** This message fails; go on with the next. */
  | { readonly type: 'fail'; readonly reason: 'message_refused' | 'channel_refused' }
  /** Give this message up; the next one is tried after a rest, in milliseconds. */
  | { readonly type: 'give-up'; readonly restMs: number }
  /** Ask the destination whether credential and channel are really wrong. */
  | { readonly type: 'confirm' };

/** What a {@link Reaction} depends on. */
export interface FailedAttempt {
  readonly error: DeliveryError;
  /** How often this lane has failed in a row, this time included. */
  readonly failuresInARow: number;
  /** For how long this message has been waiting while its destination failed without a break, in milliseconds. */
  readonly waitedMs: number;
  readonly giveUpAfterMs: number;
  /** There is a plainer form of it, which has not been tried. */
  readonly hasPlainText: boolean;
  /** What was tried: a message by itself, a reply, or a reaction. */
  readonly form: 'alone' | 'reply' | 'reaction';
  /** From 0 to 1. */
  readonly random: number;
}

/** What a destination says of a message that can't be replied to, or is gone. */
const lostParents: readonly string[] = [
  'cannot_reply_to_message',
  'invalid_thread_ts',
  'message_not_found',
  'thread_locked',
  'thread_not_found',
];

/** Decides what follows a failed attempt: three kinds of failure, three reactions. */
export function react(attempt: FailedAttempt): Reaction {
  const { error, failuresInARow, waitedMs, giveUpAfterMs, hasPlainText, form, random } = attempt;
  if (form === 'reply' && isLostParent(error)) return { type: 'no-reply' };
  switch (error.kind) {
    case 'message':
      return hasPlainText ? { type: 'plain-text' } : { type: 'fail', reason: 'message_refused' };
    case 'unavailable': {
      const leftMs = giveUpAfterMs - waitedMs;
      const restMs = backOffMs(failuresInARow, random, error.retryAfterMs);
      // The last try is made when the time is up, however long the lane would rest.
      return leftMs <= 0 ? { type: 'give-up', restMs } : { type: 'retry', delayMs: Math.min(restMs, leftMs) };
    }
    case 'credential':
      return { type: 'confirm' };
    case 'channel':
      // A reaction must stop no message.
      return form === 'reaction' ? { type: 'fail', reason: 'channel_refused' } : { type: 'confirm' };
    default:
      return error.kind satisfies never;
  }
}

/** Its own post then tells whether the channel is at fault: a thread can stand in another one, or be locked. */
function isLostParent({ kind, reason, ambiguous }: DeliveryError): boolean {
  return !ambiguous && (kind === 'channel' || lostParents.includes(reason));
}
