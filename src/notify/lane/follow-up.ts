import type { Integration } from '../../definition/integration.js';
import type { Attempt, Execution, ExecutionReason } from '../../record/execution.js';
import type { AttemptResult } from '../carrier.js';
import type { Redactor } from '../redact.js';
import { withAttempt } from './attempt-history.js';
import { cleanReceipt, deliveredAttempt } from './attempt-record.js';
import { type MadeAttempt, timingOf } from './head-attempt.js';

/** What follows when the head of a lane has been tried. `attempt` is its record; `undefined` when it could not be tried. */
export type FollowUp =
  /** It has come to its end. */
  | {
      readonly type: 'end';
      readonly change: Pick<Execution, 'status' | 'reason' | 'receipt'>;
      readonly attempt: Attempt | undefined;
      /** The one that brought it to its destination, as it was used. */
      readonly integration?: Integration | undefined;
    }
  /** It stays at the head, for a time or until the lane is woken. */
  | {
      readonly type: 'stay';
      readonly attempt: Attempt | undefined;
      readonly rest: { readonly type: 'rest'; readonly delayMs: number } | { readonly type: 'parked' };
    };

/** It has arrived. */
export function arrived(
  { receipt, integration }: Extract<AttemptResult, { type: 'delivered' }>,
  made: MadeAttempt,
  redactor: Redactor,
): FollowUp {
  const kept = cleanReceipt(receipt, redactor);
  const attempt = deliveredAttempt(kept, timingOf(made));
  return { type: 'end', change: { status: 'finished', receipt: kept }, attempt, integration };
}

/** It is given up. */
export function givenUp(reason: ExecutionReason, attempt: Attempt | undefined): FollowUp {
  return { type: 'end', change: { status: 'failed', reason }, attempt };
}

/** It is tried again after a rest, in milliseconds. */
export function triedAgain(attempt: Attempt, delayMs: number): FollowUp {
  return { type: 'stay', attempt: { ...attempt, retryInMs: delayMs }, rest: { type: 'rest', delayMs } };
}

/** It waits until its integration is enabled. */
export function parked(attempt: Attempt | undefined): FollowUp {
  return { type: 'stay', attempt, rest: { type: 'parked' } };
}

/** It is left to other processes for a time, in milliseconds. */
export function leftToOthers(delayMs: number): FollowUp {
  return { type: 'stay', attempt: undefined, rest: { type: 'rest', delayMs } };
}

/** The execution as it is recorded then. */
export function executionAfter({ execution, endedMs }: MadeAttempt, followUp: FollowUp): Execution {
  const { attempt } = followUp;
  return Object.freeze({
    ...execution,
    ...(followUp.type === 'end' ? followUp.change : {}),
    ...(attempt === undefined ? {} : withAttempt(execution, attempt)),
    updatedAt: endedMs,
  });
}
