import type { Execution } from '../../record/execution.js';
import { isBeforeGap } from './attempt-history.js';
import { sinceRetry } from './back-off-of-others.js';

/** By so much the next attempt may be late, for a restart or for its pace, at most: beyond that nobody tried. In milliseconds. */
const mostLateMs = 300_000;

/**
 * Whether two attempts belong to one row of failures: nobody tried in between, but was about to.
 *
 * @param dueMs - When the later one was to be made, in epoch milliseconds.
 * @param startedMs - When it was made.
 */
export function isInRow(dueMs: number, startedMs: number, giveUpAfterMs: number): boolean {
  return startedMs <= dueMs + Math.min(mostLateMs, giveUpAfterMs / 4);
}

/**
 * Since when a destination has failed without a break, as far as the record of an execution tells: the start of the row of
 * failed attempts that leads to the present one. Time in which nobody tried is no time in which the destination failed.
 *
 * @param startedMs - When the present attempt began, which failed as well, in epoch milliseconds.
 * @returns Epoch milliseconds.
 */
export function failingSince(execution: Execution, startedMs: number, giveUpAfterMs: number): number {
  const attempts = sinceRetry(execution);
  const before = execution.attempts.length - attempts.length;
  let sinceMs = startedMs;
  for (const [position, { at, durationMs, retryInMs = 0 }] of [...attempts.entries()].toReversed()) {
    // It was answered, or its lane was parked.
    if (retryInMs <= 0) break;
    const isGap = isBeforeGap(execution, before + position);
    if (!isGap && !isInRow(at + durationMs + retryInMs, sinceMs, giveUpAfterMs)) break;
    sinceMs = at;
  }
  return sinceMs;
}
