import type { Attempt, Execution } from '../../record/execution.js';

/** How many attempts are kept in all, and how many of them are the first ones. */
const mostAttempts = 500;
const firstAttempts = 100;

/** How many attempts have been made. */
export function attemptCount({ attempts, attemptsLeftOut = 0 }: Execution): number {
  return attempts.length + attemptsLeftOut;
}

/** The history with one more attempt. A long one loses the oldest behind its first 100. */
export function withAttempt(
  { attempts, attemptsLeftOut = 0 }: Execution,
  attempt: Attempt,
): Pick<Execution, 'attempts' | 'attemptsLeftOut'> {
  if (attempts.length < mostAttempts) return { attempts: [...attempts, attempt] };
  const first = attempts.slice(0, firstAttempts);
  const [oldest, ...rest] = attempts.slice(firstAttempts);
  // That one may have arrived must never be forgotten.
  const isNeeded = oldest?.ambiguous === true && ![...first, ...rest].some(isAmbiguous);
  const kept = isNeeded ? [oldest, ...rest.slice(1)] : rest;
  return { attempts: [...first, ...kept, attempt], attemptsLeftOut: attemptsLeftOut + 1 };
}

/** Whether one of the attempts may have arrived, though nothing was heard of it. */
export function mayHaveArrived({ attempts }: Execution): boolean {
  return attempts.some(isAmbiguous);
}

function isAmbiguous({ ambiguous }: Attempt): boolean {
  return ambiguous === true;
}
