import type { Attempt, Execution } from '../../record/execution.js';

/** Why a lane is to try its head now, whatever another process or an earlier one is waiting for. */
export type LaneUrge =
  | 'none'
  /** This process has just begun. */
  | 'started'
  /** What the lane waited for has changed. */
  | 'woken';

/** With this status a destination says itself how long to leave it alone. */
const tooManyRequests = 429;

/** By so much the clocks of two processes may differ, in milliseconds. */
const mostSkewMs = 60_000;

/**
 * How long to leave the head of a lane alone for what was recorded of its last attempt, in milliseconds. A restart is often
 * there to mend something, so it ends a back-off, but not what the destination has asked for.
 *
 * @param isShared - The last attempt may have been another process's, whose rest this one knows nothing of.
 */
export function restToHeedMs(execution: Execution, urge: LaneUrge, isShared: boolean, nowMs: number): number {
  switch (urge) {
    case 'none':
      return isShared ? restLeftMs(execution, nowMs) : 0;
    case 'started':
      return sinceRetry(execution).at(-1)?.status === tooManyRequests ? restLeftMs(execution, nowMs) : 0;
    case 'woken':
      return 0;
    default:
      return urge satisfies never;
  }
}

/** How long the last attempt asked to wait, from now on, in milliseconds. */
function restLeftMs(execution: Execution, nowMs: number): number {
  const last = sinceRetry(execution).at(-1);
  if (last?.retryInMs === undefined) return 0;
  // It was made by a clock that has been set back since: it would ask to wait again and again until the clock is there.
  if (last.at > nowMs + mostSkewMs) return 0;
  const leftMs = last.at + last.durationMs + last.retryInMs - nowMs;
  // The clock of another may be somewhat ahead.
  return Math.min(Math.max(leftMs, 0), last.retryInMs);
}

/** How often it failed since it was committed, or since somebody called for it again, whichever process tried. */
export function failuresOf(execution: Execution): number {
  const { attemptsLeftOut = 0, retriedAt } = execution;
  return sinceRetry(execution).length + (retriedAt === undefined ? attemptsLeftOut : 0);
}

/** The attempts since it was committed, or since somebody called for it again. */
export function sinceRetry({ attempts, retriedAt }: Execution): readonly Attempt[] {
  return retriedAt === undefined ? attempts : attempts.filter(({ at }) => at >= retriedAt);
}
