import type { Attempt, Execution } from '../../record/execution.js';

/**
 * How long the last attempt asked to wait, from now on, in milliseconds: it may have been another process's, whose rest this
 * one knows nothing of.
 */
export function restLeftMs(execution: Execution, nowMs: number): number {
  const last = sinceRetry(execution).at(-1);
  if (last?.retryInMs === undefined) return 0;
  const leftMs = last.at + last.durationMs + last.retryInMs - nowMs;
  // The clock may have been set back.
  return Math.min(Math.max(leftMs, 0), last.retryInMs);
}

/** How often it failed since it was committed, or since somebody called for it again, whichever process tried. */
export function failuresOf(execution: Execution): number {
  const { attemptsLeftOut = 0, retriedAt } = execution;
  return sinceRetry(execution).length + (retriedAt === undefined ? attemptsLeftOut : 0);
}

function sinceRetry({ attempts, retriedAt }: Execution): readonly Attempt[] {
  return retriedAt === undefined ? attempts : attempts.filter(({ at }) => at >= retriedAt);
}
