import { TocsinError } from '../errors.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { CommitQueue } from '../record/commit-queue.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';
import type { SkipLedger } from '../record/skip-ledger.js';
import { type Candidate, executionOf } from './candidate.js';
import { type CommittedFirings, type Firing, planCommit, readCommit } from './commit-plan.js';
import type { HeldClaims } from './cooldowns.js';
import type { EmitResult } from './emit-result.js';
import { alertClaim } from './run-alert.js';

/** What a {@link Firer} works with. */
export interface FirerOptions {
  readonly runtime: Runtime;
  readonly queue: CommitQueue;
  readonly heldClaims: HeldClaims;
  readonly skips: SkipLedger;
  readonly announce: Announce;
  readonly nextId: () => string;
  /** Told of what has been committed, and is to be delivered. */
  committed(executions: readonly Execution[]): void;
  /** Told of a commit that had been given up and arrived after all. */
  arrivedLate(event: ParsedEvent): void;
}

/** Fires the candidates of one event, or skips them. */
export type Firer = (event: ParsedEvent, candidates: readonly Candidate[], nowMs: number) => Promise<EmitResult>;

/**
 * Makes the function that brings candidates through the queue: their turn, json-rules-engine's verdict, one commit.
 *
 * A cooldown that is known to be held skips its match at once. Whether one is free is settled when the emit's turn to
 * commit comes, by the storage: then every earlier emit has either fired or failed, so no match is lost to a firing
 * that never came to be.
 */
export function createFirer(options: FirerOptions): Firer {
  const { runtime, queue, heldClaims, skips, announce, nextId } = options;

  const skip = (candidate: Candidate, event: ParsedEvent, untilMs: number): SkippedMatch => {
    const { automationId } = candidate;
    const reason = 'cooldown';
    skips.add({
      key: JSON.stringify([candidate.claim, reason]),
      untilMs,
      record: () =>
        executionOf(candidate, event, { id: nextId(), status: 'skipped', reason, createdAt: runtime.now() }),
    });
    announce('execution-skipped', { automationId, reason });
    return { automationId, reason };
  };

  /** Skips the candidates whose claim is known to be held; the others are left. */
  const sift = (candidates: readonly Candidate[], event: ParsedEvent, skipped: SkippedMatch[]): Candidate[] =>
    candidates.filter((candidate) => {
      const untilMs = candidate.claim === undefined ? undefined : heldClaims.heldUntil(candidate.claim, runtime.now());
      if (untilMs !== undefined) skipped.push(skip(candidate, event, untilMs));
      return untilMs === undefined;
    });

  const judge = async (candidates: readonly Candidate[], event: ParsedEvent): Promise<Firing[]> => {
    const firings: Firing[] = [];
    for (const candidate of candidates) {
      try {
        const { matched, conditions } = await candidate.judge();
        if (!matched) throw disagreement(candidate);
        const execution = executionOf(candidate, event, {
          id: nextId(),
          status: candidate.action.type === 'none' ? 'finished' : 'pending',
          createdAt: runtime.now(),
          conditions,
          message: candidate.message(),
        });
        firings.push({ candidate, execution });
      } catch (error) {
        announce('error', TocsinError.is(error) ? error : disagreement(candidate, error));
      }
    }
    return firings;
  };

  const report = ({ fired, held }: CommittedFirings): void => {
    for (const { claim, untilMs } of held) heldClaims.hold(claim, untilMs);
    for (const execution of fired) {
      announce('execution-created', execution);
      if (execution.status === 'finished') announce('execution-finished', execution);
    }
    options.committed(fired);
  };

  return async (event, candidates, nowMs) => {
    const skipped: SkippedMatch[] = [];
    const open = sift(candidates, event, skipped);
    if (open.length === 0) return { fired: [], skipped, duplicate: false };

    let firings: readonly Firing[] = [];
    const result = await queue.submit({
      async prepare() {
        firings = await judge(sift(open, event, skipped), event);
        return firings.length === 0 ? undefined : planCommit(firings, event, nowMs);
      },
      arrivedLate(late) {
        options.arrivedLate(event);
        report(readCommit(late, firings));
      },
    });
    if (result === undefined) return { fired: [], skipped, duplicate: false };

    const committed = readCommit(result, firings);
    const alert = alertClaim(event);
    if (alert !== undefined) heldClaims.hold(alert.key, nowMs + alert.holdMs);
    report(committed);
    for (const { candidate, untilMs } of committed.lost) skipped.push(skip(candidate, event, untilMs));
    return { fired: committed.fired, skipped, duplicate: committed.duplicate };
  };
}

function disagreement({ automationName }: Candidate, cause?: unknown): TocsinError {
  const message = `json-rules-engine did not confirm the match of ${automationName}`;
  return new TocsinError({ code: 'verdict_failed', message, cause });
}
