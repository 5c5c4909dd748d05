import type { Integration } from '../../definition/integration.js';
import type { Receipt } from '../../ports/delivery.js';
import type { Step, Write } from '../../ports/storage.js';
import type { Announce } from '../../record/engine-events.js';
import type { Attempt, Execution, ExecutionReason } from '../../record/execution.js';
import { putExecution } from '../../record/execution-writes.js';
import { createGiveWay } from '../../record/give-way.js';
import type { Carrier } from '../carrier.js';
import { appendToOutbox, readEntry } from '../outbox.js';
import { attemptCount, mayHaveArrived } from './attempt-history.js';
import { restToHeedMs } from './back-off-of-others.js';
import type { LaneFallbackOptions } from './fallback.js';
import { executionAfter, type FollowUp, givenUp } from './follow-up.js';
import { type MadeAttempt, planAttempt } from './head-attempt.js';
import type { HeadOutcome } from './head-outcome.js';
import { createHeadReactions, type HeadReactionsOptions } from './head-reactions.js';
import { arrivedStep, attemptAgainStep, attemptStep, dropStep, endStep } from './head-steps.js';
import { type KnownThread, openedThread, readKnownThread, type WrittenAlong } from './known-thread.js';
import { findMovedThread } from './moved-thread.js';
import type { LaneOptions } from './options.js';
import { type PendingRecord, readPending } from './pending-record.js';
import { redirected } from './redirect.js';

/** Works on the heads of one lane. */
type LaneWorker = LaneOptions['work'];

/** What a {@link LaneWorker} works with. */
export interface LaneWorkerOptions
  extends HeadReactionsOptions,
    Pick<LaneFallbackOptions, 'nextId' | 'sentOn' | 'perhapsSentOn'> {
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
  const { storage, runtime, carrier, announce, nextId, outage, signal } = options;
  const isShared = storage.capabilities.shared;
  const followUpOf = createHeadReactions(options);
  // What is not tried takes no time, and there may be thousands.
  const giveWay = createGiveWay(runtime);

  const outcomeOf = (made: MadeAttempt, followUp: FollowUp, { pending, remove, known }: WorkedOn): HeadOutcome => {
    const { attempt } = followUp;
    const after = executionAfter(made, followUp);
    const onward = after.reason === 'channel_refused' ? redirected(after, { nextId, nowMs: made.endedMs }) : undefined;
    const execution = onward === undefined ? after : Object.freeze({ ...after, fallbackExecutionId: onward.id });
    const tellOfAttempt = (): void => {
      if (attempt !== undefined) announce('delivery-attempted', { executionId: execution.id, attempt });
    };
    /** Somebody has changed it meanwhile, and it is as they made it. */
    let isOverruled = false;
    const recordAgain = async (failed: Attempt): Promise<Step> => {
      const step = await attemptAgainStep(storage, made.execution, failed, made.endedMs);
      isOverruled ||= step !== undefined;
      return step ?? { write: [] };
    };
    if (followUp.type === 'stay') {
      tellOfAttempt();
      if (attempt === undefined) return { ...followUp.rest, step: undefined };
      return { ...followUp.rest, step: attemptStep(execution, pending), stepAgain: () => recordAgain(attempt) };
    }
    const { integration, opensThread } = followUp;
    const along = (thread: KnownThread | undefined): WrittenAlong | undefined => {
      if (onward !== undefined) return { when: [], write: [...putExecution(onward), ...appendToOutbox(onward)] };
      return opensThread === true ? openedThread(lane, execution, thread) : undefined;
    };
    const stepAgain = async (): Promise<Step> => {
      if (attempt !== undefined && execution.status !== 'finished') return recordAgain(attempt);
      const thread = opensThread === true ? await readKnownThread(storage, lane, execution) : undefined;
      return arrivedStep(storage, execution, remove, along(thread));
    };
    const perhapsSettled = onward === undefined ? undefined : () => options.perhapsSentOn(onward);
    return {
      type: 'settled',
      step: endStep(execution, pending, remove, along(known)),
      isAnswered: attempt !== undefined && execution.reason !== 'gave_up',
      ...(attempt === undefined ? {} : { stepAgain }),
      async settled() {
        tellOfAttempt();
        if (isOverruled) return perhapsSettled?.();
        if (integration !== undefined) await options.delivered(integration, execution.receipt ?? {});
        tellOfEnd(execution);
        if (onward !== undefined) options.sentOn(execution, onward);
      },
      perhapsSettled,
    };
  };

  /** What is left out has done nothing that anybody waits for. */
  const tellOfEnd = (execution: Execution): void => {
    if (execution.status === 'finished') announce('execution-finished', execution);
    else if (execution.status === 'failed') announce('execution-failed', execution);
  };

  return async (entry, { isKnown, urge }) => {
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
    const fate = outage.fateOf(execution, startedMs);
    const restMs = fate.type === 'overdue' ? 0 : restToHeedMs(execution, urge, isShared, startedMs);
    if (restMs > 0) return { type: 'rest', step: undefined, delayMs: restMs };
    if (fate.type === 'rest') return { type: 'rest', step: undefined, delayMs: fate.delayMs };
    const planned = planAttempt(execution, options.giveUpAfterMs, startedMs);
    const isDoubted = !isKnown || readEntry(entry).isDoubtful;
    if (fate.type === 'overdue') {
      await giveWay();
      const untried = { ...planned, isDoubted, endedMs: startedMs };
      return outcomeOf(untried, givenUp('gave_up', undefined, fate.detail), { pending, remove, known: undefined });
    }
    const known = await readKnownThread(storage, lane, execution);
    const moved =
      known?.record?.location === undefined
        ? await findMovedThread(storage, execution, known?.record, startedMs)
        : undefined;
    if (moved?.type === 'awaited') return { type: 'rest', step: undefined, delayMs: moved.delayMs };
    const result = await carrier.carry({
      execution,
      attempt: attemptCount(execution) + 1,
      mayHaveArrived: mayHaveArrived(execution) || isDoubted,
      plainText: planned.plainText,
      thread: moved?.record ?? known?.record,
      signal,
    });
    const made = { ...planned, isDoubted, endedMs: runtime.now() };
    return outcomeOf(made, await followUpOf(made, result), { pending, remove, known });
  };
}

/** What stands at the head. */
interface WorkedOn {
  readonly pending: PendingRecord;
  /** Takes it out of its lane. */
  readonly remove: Write;
  readonly known: KnownThread | undefined;
}

/** It leaves the lane without being tried; nobody is told. */
function withoutAttempt(step: Step): HeadOutcome {
  return { type: 'settled', step, settled: async () => {} };
}
