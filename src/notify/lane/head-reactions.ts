import type { Integration } from '../../definition/integration.js';
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
import { type HeadKind, kindOf, type LaneOutage } from './outage.js';
import { type Reaction, react } from './reaction.js';
import type { RefusalVerdict } from './refusal.js';
import { leaveToOthersMs } from './served-elsewhere.js';
import { createUnservedTime } from './unserved.js';

/** What it takes to decide on what follows an attempt. */
export interface HeadReactionsOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly redactor: Redactor;
  /**
   * Asks a destination that refused its credential or channel whether it means it, and disables its integration if so.
   *
   * @param used - The integration as the attempt used it.
   */
  confirmRefusal(execution: Execution, error: DeliveryError, used: Integration | undefined): Promise<RefusalVerdict>;
  readonly outage: LaneOutage;
  /** How long what can't be carried out here is left to other processes on the same storage, in milliseconds. */
  readonly giveUpAfterMs: number;
  /** Whether this process has the delivery or handler of the lane. */
  isServed(): boolean;
  /** This process has no delivery and no handler at all: it fails nothing that it can't carry out. */
  readonly isOnlooker: boolean;
  /** Told after each attempt of its error; `undefined` when it had none. */
  attempted(error: string | undefined): void;
}

type FailedResult = Extract<AttemptResult, { type: 'failed' }>;

/**
 * Makes the function that decides on what follows an attempt in one lane. It counts the failures in a row.
 *
 * @returns A function of an attempt and what came of it.
 */
export function createHeadReactions(options: HeadReactionsOptions) {
  const { storage, runtime, redactor, confirmRefusal, isServed, attempted, outage } = options;
  const unserved = createUnservedTime();
  /** Reactions may fail where messages arrive, and the other way round. */
  const failures = { message: 0, reaction: 0 };

  const reactTo = (error: DeliveryError, made: MadeAttempt, place?: ThreadPlace) => {
    const { execution, isHandler, giveUpAfterMs, hasPlainText, endedMs } = made;
    return react({
      error,
      // A handler's failures are its own: what rang next is no worse for them.
      failuresInARow: isHandler ? failuresOf(execution) + 1 : failures[kindOf(execution)],
      // Time in which it was parked, or nobody tried, is no reason to give it up at the first hiccup.
      waitedMs: endedMs - Math.max(outage.sinceMs(made), waitingSince(execution)),
      giveUpAfterMs,
      hasPlainText,
      form: execution.reaction !== undefined ? 'reaction' : place?.type === 'reply' ? 'reply' : 'alone',
      random: runtime.random(),
    });
  };

  const answered = (kind: HeadKind): void => {
    failures[kind] = 0;
    outage.answered(kind);
  };

  const afterOutage = (
    reaction: Extract<Reaction, { type: 'retry' | 'give-up' }>,
    made: MadeAttempt,
    failed: Attempt,
  ): FollowUp => {
    outage.failed(made, reaction.type === 'retry' ? reaction.delayMs : reaction.restMs);
    return reaction.type === 'retry' ? triedAgain(failed, reaction.delayMs) : givenUp('gave_up', failed);
  };

  /** The destination refused its credential or its channel. */
  const afterRefusal = async (
    { error, integration }: FailedResult,
    made: MadeAttempt,
    failed: Attempt,
  ): Promise<FollowUp> => {
    const verdict = await confirmRefusal(made.execution, error, integration);
    switch (verdict.type) {
      case 'disabled':
        outage.forget();
        return parked(failed);
      case 'channel-refused':
        // It has answered; what is behind is tried at once.
        answered('message');
        return givenUp('channel_refused', failed, verdict.detail);
      case 'reaction-refused':
        answered('reaction');
        return givenUp('message_refused', failed);
      case 'unconfirmed': {
        const reaction = reactTo(asUnavailable(error), made);
        const isPassing = reaction.type === 'retry' || reaction.type === 'give-up';
        return isPassing ? afterOutage(reaction, made, failed) : givenUp('gave_up', failed);
      }
      default:
        return verdict satisfies never;
    }
  };

  const afterFailure = async (result: FailedResult, made: MadeAttempt): Promise<FollowUp> => {
    const { error, place } = result;
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
      case 'give-up':
        return afterOutage(reaction, made, failed);
      case 'plain-text':
        outage.answered(kind);
        return triedAgain(failed, 0);
      case 'no-reply':
        outage.answered(kind);
        return triedAgain({ ...failed, threadRefused: true }, 0);
      case 'fail':
        answered(kind);
        return givenUp(reaction.reason, failed);
      case 'confirm':
        return afterRefusal(result, made, failed);
      default:
        return reaction satisfies never;
    }
  };

  const afterImpossible = async (reason: ExecutionReason, { execution, endedMs }: MadeAttempt): Promise<FollowUp> => {
    const leftMs = options.giveUpAfterMs - unserved.waitedMs(execution, endedMs);
    const impossible = { reason, isServed: isServed(), isOnlooker: options.isOnlooker, leftMs };
    const delayMs = await leaveToOthersMs(storage, execution, impossible);
    if (delayMs === undefined) {
      unserved.failed();
      return givenUp(reason, undefined);
    }
    attempted(reason);
    return leftToOthers(delayMs);
  };

  return async (made: MadeAttempt, result: AttemptResult): Promise<FollowUp> => {
    switch (result.type) {
      case 'delivered':
        answered(kindOf(made.execution));
        attempted(undefined);
        return arrived(result, made, redactor);
      case 'failed':
        return afterFailure(result, made);
      case 'left-out':
        return leftOut(result.reason);
      case 'impossible':
        return afterImpossible(result.reason, made);
      case 'parked':
        outage.forget();
        return parked(undefined);
      default:
        return result satisfies never;
    }
  };
}

/** A refusal that the destination does not confirm is a passing fault. */
function asUnavailable(error: DeliveryError): DeliveryError {
  return new DeliveryError({ kind: 'unavailable', reason: error.reason, message: error.message });
}
