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
      readonly change: Pick<Execution, 'status' | 'reason' | 'detail' | 'receipt'>;
      readonly attempt: Attempt | undefined;
      /** Its message is the first one of its thread. */
      readonly opensThread?: boolean | undefined;
      /** The one that brought it to its own channel, as it was used. */
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
  { receipt, integration, place }: Extract<AttemptResult, { type: 'delivered' }>,
  made: MadeAttempt,
  redactor: Redactor,
): FollowUp {
  const kept = cleanReceipt(receipt, redactor);
  const attempt = deliveredAttempt(kept, timingOf(made));
  const opensThread = place?.type === 'alone' && place.opens;
  // A reply may stand in another channel than the integration's own by now.
  const used = place?.type === 'reply' || made.execution.destination !== undefined ? undefined : integration;
  return { type: 'end', change: { status: 'finished', receipt: kept }, attempt, opensThread, integration: used };
}

/**
 * It is given up.
 *
 * @param detail - What to do about it.
 */
export function givenUp(reason: ExecutionReason, attempt: Attempt | undefined, detail?: string): FollowUp {
  const change = { status: 'failed', reason, ...(detail === undefined ? {} : { detail }) } as const;
  return { type: 'end', change, attempt };
}

/** It is left out. */
export function leftOut(reason: ExecutionReason): FollowUp {
  return { type: 'end', change: { status: 'skipped', reason }, attempt: undefined };
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
export function executionAfter({ execution, endedMs, isDoubted }: MadeAttempt, followUp: FollowUp): Execution {
  const { type, attempt } = followUp;
  // Its lane's entry, which tells of a doubt, goes with its end.
  const isDoubtLeft = isDoubted && type === 'end' && attempt === undefined;
  return Object.freeze({
    ...execution,
    ...(followUp.type === 'end' ? followUp.change : {}),
    ...(attempt === undefined ? {} : withAttempt(execution, attempt)),
    ...(isDoubtLeft ? { mayHaveArrived: true } : {}),
    updatedAt: endedMs,
  });
}
