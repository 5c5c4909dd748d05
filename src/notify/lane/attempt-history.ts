import type { Attempt, Execution } from '../../record/execution.js';

/** How many attempts are kept in all, and how many of them are the first ones. */
const mostAttempts = 500;
const firstAttempts = 100;

/**
 * Of how many attempts all that was said is kept, of the first and of the last ones: a destination that is down for a day
 * says the same hundreds of times.
 */
const wholeAttempts = 10;

/** How much of a text is kept of the attempts between, in characters. */
const briefCharacters = 128;

/** How many attempts have been made. */
export function attemptCount({ attempts, attemptsLeftOut = 0 }: Execution): number {
  return attempts.length + attemptsLeftOut;
}

/** The history with one more attempt. A long one loses long texts in its middle, then the oldest attempts behind the first 100. */
export function withAttempt(execution: Execution, attempt: Attempt): Pick<Execution, 'attempts' | 'attemptsLeftOut'> {
  const { attempts, ...leftOut } = withOneMore(execution, attempt);
  return { attempts: withFewTexts(attempts), ...leftOut };
}

function withOneMore(
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

function withFewTexts(attempts: readonly Attempt[]): readonly Attempt[] {
  const bodies = bodiesOf(attempts);
  const isWhole = (position: number): boolean =>
    position >= 0 && (position < wholeAttempts || position >= attempts.length - wholeAttempts);
  return attempts.map((attempt, position) => {
    if (!isWhole(position)) return brief(attempt);
    const body = bodies[position];
    if (body === undefined) return attempt;
    const { body: _, isSameBody: __, ...rest } = attempt;
    return isWhole(position - 1) && bodies[position - 1] === body ? { ...rest, isSameBody: true } : { ...rest, body };
  });
}

function brief({ body: _, isSameBody: __, ...attempt }: Attempt): Attempt {
  const { error, message } = attempt;
  return {
    ...attempt,
    ...(error === undefined ? {} : { error: start(error) }),
    ...(message === undefined ? {} : { message: start(message) }),
  };
}

function start(text: string): string {
  return text.length <= briefCharacters ? text : text.slice(0, briefCharacters).replace(/[\uD800-\uDBFF]$/, '');
}

/** What each attempt was answered, as far as it is kept. */
function bodiesOf(attempts: readonly Attempt[]): readonly (string | undefined)[] {
  let last: string | undefined;
  return attempts.map(({ body, isSameBody }) => {
    last = isSameBody === true ? last : body;
    return last;
  });
}

/** Whether attempts are left out behind the one at this position: one that may have arrived can stand alone among them. */
export function isBeforeGap({ attemptsLeftOut = 0 }: Execution, position: number): boolean {
  return attemptsLeftOut > 0 && (position === firstAttempts - 1 || position === firstAttempts);
}

/** Whether one of the attempts may have arrived, though nothing was heard of it. */
export function mayHaveArrived({ attempts }: Execution): boolean {
  return attempts.some(isAmbiguous);
}

function isAmbiguous({ ambiguous }: Attempt): boolean {
  return ambiguous === true;
}
