import type { Integration } from '../definition/integration.js';
import { DeliveryError } from '../errors.js';
import type { Receipt } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage, Write } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Attempt, Execution, ExecutionReason } from '../record/execution.js';
import { waitingSince } from '../record/waiting-since.js';
import { attemptCount, mayHaveArrived, withAttempt } from './attempt-history.js';
import { cleanReceipt, deliveredAttempt, failedAttempt } from './attempt-record.js';
import { failuresOf, restLeftMs } from './back-off-of-others.js';
import type { AttemptResult, Carrier } from './carrier.js';
import type { HeadOutcome } from './head-outcome.js';
import { arrivedStep, attemptStep, dropStep, endStep } from './head-steps.js';
import type { LaneOptions } from './lane-options.js';
import { readEntry } from './outbox.js';
import { readPending } from './pending-record.js';
import { type Reaction, react } from './reaction.js';
import type { Redactor } from './redact.js';
import { leaveToOthersMs } from './served-elsewhere.js';

/** Works on the heads of one lane. */
type LaneWorker = LaneOptions['work'];

/** What a {@link LaneWorker} works with. */
export interface LaneWorkerOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly carrier: Carrier;
  readonly redactor: Redactor;
  readonly announce: Announce;
  /** How long a notification is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly signal: Parameters<Carrier['carry']>[0]['signal'];
  /**
   * Asks a destination that refused its credential or channel whether it means it, and disables it if so.
   *
   * @returns Whether the integration is disabled now.
   */
  confirmRefusal(execution: Execution, error: DeliveryError): Promise<boolean>;
  /** Says why an execution is no longer to be carried out; `undefined` when it is. */
  calledOff(execution: Execution): Promise<ExecutionReason | undefined>;
  /** Told of each message that has arrived, and of the integration as it was used. */
  delivered(integration: Integration, receipt: Receipt): Promise<void>;
  /** Whether this process has the delivery or handler of the lane. */
  isServed(): boolean;
  /** Told after each attempt of its error; `undefined` when it had none. */
  attempted(error: string | undefined): void;
}

/** A handler is in process: if it does not work within a minute it will not work at all. */
const handlerGiveUpAfterMs = 60_000;

/** Makes the worker of one lane. */
export function createLaneWorker(lane: string, options: LaneWorkerOptions): LaneWorker {
  const { storage, runtime, carrier, redactor, announce, signal } = options;
  const isShared = storage.capabilities.shared;
  let failuresInARow = 0;

  return async (entry, { isKnown, isUrged }) => {
    const remove: Write = { type: 'remove', lane, id: entry.id };
    const pending = await readPending(storage, entry);
    const { execution: found } = pending;
    if (found === undefined) return { type: 'settled', step: dropStep(pending, remove), settled: async () => {} };
    const isHandler = found.action.type === 'handler';
    const giveUpAfterMs = isHandler ? handlerGiveUpAfterMs : options.giveUpAfterMs;
    // A payload is what the automation's author wrote: there is no plainer form of it.
    const isMessage = found.action.type === 'notification';
    const last = found.attempts.at(-1);
    // At once after the layout was refused; one that is called for again begins with its layout.
    const plainText = isMessage && last?.kind === 'message' && last.retryInMs === 0;
    const startedMs = runtime.now();
    const calledOff = await options.calledOff(found);
    if (calledOff !== undefined) {
      const execution: Execution = { ...found, status: 'cancelled', reason: calledOff, updatedAt: startedMs };
      return { type: 'settled', step: endStep(execution, pending, remove), settled: async () => {} };
    }
    // Who shares the storage may have been told to wait.
    const restMs = isShared && !isUrged ? restLeftMs(found, startedMs) : 0;
    if (restMs > 0) return { type: 'rest', step: undefined, delayMs: restMs };
    const result = await carrier.carry({
      execution: found,
      attempt: attemptCount(found) + 1,
      mayHaveArrived: mayHaveArrived(found) || !isKnown || readEntry(entry).isDoubtful,
      plainText,
      signal,
    });
    const nowMs = runtime.now();
    const timing = { at: startedMs, durationMs: nowMs - startedMs, ...(plainText ? { plainText } : {}) };

    const ended = (
      change: Partial<Execution>,
      attempt: Attempt | undefined,
      integration?: Integration,
    ): HeadOutcome => {
      const execution: Execution = Object.freeze({
        ...found,
        ...change,
        ...(attempt === undefined ? {} : withAttempt(found, attempt)),
        updatedAt: nowMs,
      });
      const isFinished = execution.status === 'finished';
      return {
        type: 'settled',
        step: endStep(execution, pending, remove),
        ...(isFinished ? { stepAgain: () => arrivedStep(storage, execution, remove) } : {}),
        async settled() {
          if (attempt !== undefined) announce('delivery-attempted', { executionId: execution.id, attempt });
          if (integration !== undefined) await options.delivered(integration, execution.receipt ?? {});
          announce(isFinished ? 'execution-finished' : 'execution-failed', execution);
        },
      };
    };

    const again = (attempt: Attempt, rest: { type: 'rest'; delayMs: number } | { type: 'parked' }): HeadOutcome => {
      const execution: Execution = { ...found, ...withAttempt(found, attempt), updatedAt: nowMs };
      announce('delivery-attempted', { executionId: execution.id, attempt });
      return { ...rest, step: attemptStep(execution, pending) };
    };

    const reactTo = (error: DeliveryError): Reaction =>
      react({
        error,
        // A handler's failures are its own: what rang next is no worse for them.
        failuresInARow: isHandler ? failuresOf(found) + 1 : failuresInARow,
        waitedMs: nowMs - waitingSince(found),
        giveUpAfterMs,
        hasPlainText: isMessage && !plainText,
        random: runtime.random(),
      });

    const afterFailure = async (error: DeliveryError): Promise<HeadOutcome> => {
      failuresInARow = Math.max(failuresInARow, isShared ? failuresOf(found) : 0) + 1;
      const failed = failedAttempt(error, timing, redactor);
      options.attempted(failed.error);
      const reaction = reactTo(error);
      switch (reaction.type) {
        case 'retry':
          return again({ ...failed, retryInMs: reaction.delayMs }, { type: 'rest', delayMs: reaction.delayMs });
        case 'plain-text':
          return again({ ...failed, retryInMs: 0 }, { type: 'rest', delayMs: 0 });
        case 'fail':
          failuresInARow = reaction.reason === 'message_refused' ? 0 : failuresInARow;
          return ended({ status: 'failed', reason: reaction.reason }, failed);
        case 'confirm': {
          if (await options.confirmRefusal(found, error)) return again(failed, { type: 'parked' });
          const retry = reactTo(asUnavailable(error));
          if (retry.type !== 'retry') return ended({ status: 'failed', reason: 'gave_up' }, failed);
          return again({ ...failed, retryInMs: retry.delayMs }, { type: 'rest', delayMs: retry.delayMs });
        }
        default:
          return reaction satisfies never;
      }
    };

    return outcomeOf(result, {
      delivered: ({ receipt, integration }) => {
        failuresInARow = 0;
        options.attempted(undefined);
        const kept = cleanReceipt(receipt, redactor);
        return ended({ status: 'finished', receipt: kept }, deliveredAttempt(kept, timing), integration);
      },
      failed: afterFailure,
      impossible: async (reason) => {
        const delayMs = await leaveToOthersMs(storage, found, {
          reason,
          isServed: options.isServed(),
          leftMs: giveUpAfterMs - (nowMs - waitingSince(found)),
        });
        if (delayMs !== undefined) {
          options.attempted(reason);
          return { type: 'rest', step: undefined, delayMs };
        }
        return ended({ status: 'failed', reason }, undefined);
      },
      parked: () => ({ type: 'parked', step: undefined }),
    });
  };
}

interface Reactions {
  delivered(result: Extract<AttemptResult, { type: 'delivered' }>): HeadOutcome;
  failed(error: DeliveryError): Promise<HeadOutcome>;
  impossible(reason: ExecutionReason): Promise<HeadOutcome>;
  parked(): HeadOutcome;
}

async function outcomeOf(result: AttemptResult, reactions: Reactions): Promise<HeadOutcome> {
  switch (result.type) {
    case 'delivered':
      return reactions.delivered(result);
    case 'failed':
      return reactions.failed(result.error);
    case 'impossible':
      return reactions.impossible(result.reason);
    case 'parked':
      return reactions.parked();
    default:
      return result satisfies never;
  }
}

/** A refusal that the destination does not confirm is a passing fault. */
function asUnavailable(error: DeliveryError): DeliveryError {
  return new DeliveryError({ kind: 'unavailable', reason: error.reason, message: error.message });
}
