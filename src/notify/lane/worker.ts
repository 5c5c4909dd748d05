import type { Integration } from '../../definition/integration.js';
import type { Receipt } from '../../ports/delivery.js';
import type { Step, Write } from '../../ports/storage.js';
import type { Announce } from '../../record/engine-events.js';
import type { Execution, ExecutionReason } from '../../record/execution.js';
import type { Carrier } from '../carrier.js';
import { readEntry } from '../outbox.js';
import { attemptCount, mayHaveArrived } from './attempt-history.js';
import { restLeftMs } from './back-off-of-others.js';
import { executionAfter, type FollowUp } from './follow-up.js';
import { type MadeAttempt, planAttempt } from './head-attempt.js';
import type { HeadOutcome } from './head-outcome.js';
import { createHeadReactions, type HeadReactionsOptions } from './head-reactions.js';
import { arrivedStep, attemptStep, dropStep, endStep } from './head-steps.js';
import type { LaneOptions } from './options.js';
import { type PendingRecord, readPending } from './pending-record.js';

/** Works on the heads of one lane. */
type LaneWorker = LaneOptions['work'];

/** What a {@link LaneWorker} works with. */
export interface LaneWorkerOptions extends HeadReactionsOptions {
  readonly carrier: Carrier;
  readonly announce: Announce;
  /** How long a notification is tried, in milliseconds. */
  readonly giveUpAfterMs: number;
  readonly signal: Parameters<Carrier['carry']>[0]['signal'];
  /** Says why an execution is no longer to be carried out; `undefined` when it is. */
  calledOff(execution: Execution): Promise<ExecutionReason | undefined>;
  /** Told of each message that has arrived, and of the integration as it was used. */
  delivered(integration: Integration, receipt: Receipt): Promise<void>;
}

/** Makes the worker of one lane. */
export function createLaneWorker(lane: string, options: LaneWorkerOptions): LaneWorker {
  const { storage, runtime, carrier, announce, signal } = options;
  const isShared = storage.capabilities.shared;
  const followUpOf = createHeadReactions(options);

  const outcomeOf = (made: MadeAttempt, followUp: FollowUp, pending: PendingRecord, remove: Write): HeadOutcome => {
    const { attempt } = followUp;
    const execution = executionAfter(made, followUp);
    const tellOfAttempt = (): void => {
      if (attempt !== undefined) announce('delivery-attempted', { executionId: execution.id, attempt });
    };
    if (followUp.type === 'stay') {
      tellOfAttempt();
      return { ...followUp.rest, step: attempt === undefined ? undefined : attemptStep(execution, pending) };
    }
    const { integration } = followUp;
    const isFinished = execution.status === 'finished';
    return {
      type: 'settled',
      step: endStep(execution, pending, remove),
      ...(isFinished ? { stepAgain: () => arrivedStep(storage, execution, remove) } : {}),
      async settled() {
        tellOfAttempt();
        if (integration !== undefined) await options.delivered(integration, execution.receipt ?? {});
        announce(isFinished ? 'execution-finished' : 'execution-failed', execution);
      },
    };
  };

  return async (entry, { isKnown, isUrged }) => {
    const remove: Write = { type: 'remove', lane, id: entry.id };
    const pending = await readPending(storage, entry);
    const { execution } = pending;
    if (execution === undefined) return withoutAttempt(dropStep(pending, remove));
    const startedMs = runtime.now();
    const reason = await options.calledOff(execution);
    if (reason !== undefined) {
      const cancelled: Execution = { ...execution, status: 'cancelled', reason, updatedAt: startedMs };
      return withoutAttempt(endStep(cancelled, pending, remove));
    }
    // Who shares the storage may have been told to wait.
    const restMs = isShared && !isUrged ? restLeftMs(execution, startedMs) : 0;
    if (restMs > 0) return { type: 'rest', step: undefined, delayMs: restMs };
    const planned = planAttempt(execution, options.giveUpAfterMs, startedMs);
    const isDoubted = !isKnown || readEntry(entry).isDoubtful;
    const result = await carrier.carry({
      execution,
      attempt: attemptCount(execution) + 1,
      mayHaveArrived: mayHaveArrived(execution) || isDoubted,
      plainText: planned.plainText,
      signal,
    });
    const made = { ...planned, isDoubted, endedMs: runtime.now() };
    return outcomeOf(made, await followUpOf(made, result), pending, remove);
  };
}

/** It leaves the lane without being tried; nobody is told. */
function withoutAttempt(step: Step): HeadOutcome {
  return { type: 'settled', step, settled: async () => {} };
}
