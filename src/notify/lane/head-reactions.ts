import { DeliveryError } from '../../errors.js';
import type { Runtime } from '../../ports/runtime.js';
import type { Storage } from '../../ports/storage.js';
import type { Attempt, Execution, ExecutionReason } from '../../record/execution.js';
import { waitingSince } from '../../record/waiting-since.js';
import type { AttemptResult } from '../carrier.js';
import type { Redactor } from '../redact.js';
import type { ThreadPlace } from '../thread-place.js';
import { failedAttempt } from './attempt-record.js';
import { failuresOf } from './back-off-of-others.js';
import { arrived, type FollowUp, givenUp, leftOut, leftToOthers, parked, triedAgain } from './follow-up.js';
import { type MadeAttempt, timingOf } from './head-attempt.js';
import { type Reaction, react } from './reaction.js';
import type { RefusalVerdict } from './refusal.js';
import { leaveToOthersMs } from './served-elsewhere.js';

/** What it takes to decide on what follows an attempt. */
export interface HeadReactionsOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly redactor: Redactor;
  /** Asks a destination that refused its credential or channel whether it means it, and disables its integration if so. */
  confirmRefusal(execution: Execution, error: DeliveryError): Promise<RefusalVerdict>;
  /** Whether this process has the delivery or handler of the lane. */
  isServed(): boolean;
  /** Told after each attempt of its error; `undefined` when it had none. */
  attempted(error: string | undefined): void;
}

/**
 * Makes the function that decides on what follows an attempt in one lane. It counts the failures in a row.
 *
 * @returns A function of an attempt and what came of it.
 */
export function createHeadReactions(options: HeadReactionsOptions) {
  const { storage, runtime, redactor, confirmRefusal, isServed, attempted } = options;
  /** Reactions may fail where messages arrive, and the other way round. */
  const failures = { message: 0, reaction: 0 };

  const reactTo = (
    error: DeliveryError,
    { execution, isHandler, giveUpAfterMs, hasPlainText, endedMs }: MadeAttempt,
    place?: ThreadPlace,
  ) =>
    react({
      error,
      // A handler's failures are its own: what rang next is no worse for them.
      failuresInARow: isHandler ? failuresOf(execution) + 1 : failures[kindOf(execution)],
      waitedMs: endedMs - waitingSince(execution),
      giveUpAfterMs,
      hasPlainText,
      form: execution.reaction !== undefined ? 'reaction' : place?.type === 'reply' ? 'reply' : 'alone',
      random: runtime.random(),
    });

  /** The destination refused its credential or its channel. */
  const afterRefusal = async (error: DeliveryError, made: MadeAttempt, failed: Attempt): Promise<FollowUp> => {
    const verdict = await confirmRefusal(made.execution, error);
    switch (verdict.type) {
      case 'disabled':
        return parked(failed);
      case 'channel-refused':
        // It has answered; what is behind is tried at once.
        failures.message = 0;
        return givenUp('channel_refused', failed, verdict.detail);
      case 'reaction-refused':
        failures.reaction = 0;
        return givenUp('message_refused', failed);
      case 'unconfirmed': {
        const retry = reactTo(asUnavailable(error), made);
        return retry.type === 'retry' ? triedAgain(failed, retry.delayMs) : givenUp('gave_up', failed);
      }
      default:
        return verdict satisfies never;
    }
  };

  const afterFailure = async (error: DeliveryError, made: MadeAttempt, place?: ThreadPlace): Promise<FollowUp> => {
    const { execution } = made;
    const kind = kindOf(execution);
    failures[kind] = Math.max(failures[kind], storage.capabilities.shared ? failuresOf(execution) : 0) + 1;
    const attempt = failedAttempt(error, timingOf(made), redactor);
    // The doubt outlives the lane's entry: the message may be called for again.
    const failed = made.isDoubted ? { ...attempt, ambiguous: true } : attempt;
    attempted(failed.error);
    const reaction: Reaction = reactTo(error, made, place);
    switch (reaction.type) {
      case 'retry':
        return triedAgain(failed, reaction.delayMs);
      case 'plain-text':
        return triedAgain(failed, 0);
      case 'no-reply':
        return triedAgain({ ...failed, threadRefused: true }, 0);
      case 'fail':
        if (reaction.reason !== 'gave_up') failures[kind] = 0;
        return givenUp(reaction.reason, failed);
      case 'confirm':
        return afterRefusal(error, made, failed);
      default:
        return reaction satisfies never;
    }
  };

  const afterImpossible = async (reason: ExecutionReason, made: MadeAttempt): Promise<FollowUp> => {
    const { execution, giveUpAfterMs, endedMs } = made;
    const leftMs = giveUpAfterMs - (endedMs - waitingSince(execution));
    const delayMs = await leaveToOthersMs(storage, execution, { reason, isServed: isServed(), leftMs });
    if (delayMs === undefined) return givenUp(reason, undefined);
    attempted(reason);
    return leftToOthers(delayMs);
  };

  return async (made: MadeAttempt, result: AttemptResult): Promise<FollowUp> => {
    switch (result.type) {
      case 'delivered':
        failures[kindOf(made.execution)] = 0;
        attempted(undefined);
        return arrived(result, made, redactor);
      case 'failed':
        return afterFailure(result.error, made, result.place);
      case 'left-out':
        return leftOut(result.reason);
      case 'impossible':
        return afterImpossible(result.reason, made);
      case 'parked':
        return parked(undefined);
      default:
        return result satisfies never;
    }
  };
}

function kindOf({ reaction }: Execution): 'message' | 'reaction' {
  return reaction === undefined ? 'message' : 'reaction';
}

/** A refusal that the destination does not confirm is a passing fault. */
function asUnavailable(error: DeliveryError): DeliveryError {
  return new DeliveryError({ kind: 'unavailable', reason: error.reason, message: error.message });
}
