import type { Attempt, Execution } from '../../record/execution.js';

/** How the head of a lane is tried. */
interface HeadAttempt {
  /** As it is before. */
  readonly execution: Execution;
  readonly isHandler: boolean;
  /** For how long it may be tried in all, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** A message goes without its layout. */
  readonly plainText: boolean;
  /** There is a plainer form of it, which has not been tried. */
  readonly hasPlainText: boolean;
  /** In epoch milliseconds. */
  readonly startedMs: number;
}

/** How the head of a lane was tried. */
export interface MadeAttempt extends HeadAttempt {
  /** An earlier one may have been made without a record, and have arrived. */
  readonly isDoubted: boolean;
  /** In epoch milliseconds. */
  readonly endedMs: number;
}

/** A handler is in process: if it does not work within a minute it will not work at all. */
const handlerGiveUpAfterMs = 60_000;

/**
 * Says how an execution is to be tried.
 *
 * @param giveUpAfterMs - How long a notification is tried, in milliseconds.
 * @param startedMs - Epoch milliseconds.
 */
export function planAttempt(execution: Execution, giveUpAfterMs: number, startedMs: number): HeadAttempt {
  const { action, attempts, reaction } = execution;
  const isHandler = action.type === 'handler';
  // A payload is what the automation's author wrote: there is no plainer form of it.
  const isMessage = action.type === 'notification' && reaction === undefined;
  // At once after the layout was refused; one that is called for again begins with its layout.
  const plainText = isMessage && wasLayoutRefused(attempts.at(-1));
  return {
    execution,
    isHandler,
    giveUpAfterMs: isHandler ? handlerGiveUpAfterMs : giveUpAfterMs,
    plainText,
    hasPlainText: isMessage && !plainText,
    startedMs,
  };
}

function wasLayoutRefused(last: Attempt | undefined): boolean {
  if (last?.retryInMs !== 0) return false;
  // Refused as a reply, its layout is as good as before.
  return last.threadRefused === true ? last.plainText === true : last.kind === 'message';
}

/** When an attempt was made and in which form, for its record. */
export function timingOf({
  startedMs,
  endedMs,
  plainText,
}: MadeAttempt): Pick<Attempt, 'at' | 'durationMs' | 'plainText'> {
  return { at: startedMs, durationMs: endedMs - startedMs, ...(plainText ? { plainText } : {}) };
}
