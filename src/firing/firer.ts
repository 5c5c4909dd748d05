import { TocsinError } from '../errors.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { CommitResult } from '../ports/storage.js';
import type { CommitQueue } from '../record/commit-queue.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';
import type { SkipLedger } from '../record/skip-ledger.js';
import { type Candidate, executionOf } from './candidate.js';
import { type CommittedFirings, type Firing, planCommit, readCommit } from './commit-plan.js';
import type { HeldClaims } from './cooldowns.js';
import type { EmitResult } from './emit-result.js';
import type { Evaluation } from './evaluation.js';
import { alertClaim, runAlertId } from './run-alert.js';

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
  /** Told of what may have been committed, now or by an earlier try: the storage did not say. */
  perhapsCommitted(executions: readonly Execution[]): void;
  /** Whether an automation is still there, and enabled. */
  isActive(automationId: string): boolean;
}

/**
 * Fires the candidates of one event, or skips them.
 *
 * @param nowMs - When the event was emitted.
 * @param arrivedLate - Told when the commit had been given up and arrived after all.
 */
export type Firer = (evaluation: Evaluation, nowMs: number, arrivedLate: () => void) => Promise<EmitResult>;

/** A match that did not fire because its claim is held. */
interface Skip {
  readonly candidate: Candidate;
  readonly untilMs: number;
}

/**
 * Makes the function that brings candidates through the queue: their turn, json-rules-engine's verdict, one commit.
 *
 * A cooldown that is known to be held skips its match at once. Whether one is free is settled when the emit's turn to
 * commit comes, by the storage: then every earlier emit has either fired or failed, so no match is lost to a firing
 * that never came to be.
 */
export function createFirer(options: FirerOptions): Firer {
  const { runtime, queue, heldClaims, skips, announce, nextId } = options;

  const skip = (event: ParsedEvent, { candidate, untilMs }: Skip): SkippedMatch => {
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

  /** Takes out the candidates whose claim is known to be held; the others are left. */
  const sift = (candidates: readonly Candidate[], held: Skip[]): Candidate[] =>
    candidates.filter((candidate) => {
      const untilMs = candidate.claim === undefined ? undefined : heldClaims.heldUntil(candidate.claim, runtime.now());
      if (untilMs !== undefined) held.push({ candidate, untilMs });
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

  const isActive = ({ automationId }: Candidate): boolean =>
    automationId === runAlertId || options.isActive(automationId);

  return async ({ event, candidates }, nowMs, arrivedLate) => {
    // Counted only when the emit is through, so that one that is refused and emitted again counts once.
    const held: Skip[] = [];
    const skipHeld = (): SkippedMatch[] => held.map((each) => skip(event, each));
    const open = sift(candidates, held);
    if (open.length === 0) return { fired: [], skipped: skipHeld(), duplicate: false };

    let firings: readonly Firing[] = [];
    const doubt = (): void => options.perhapsCommitted(firings.map(({ execution }) => execution));

    const conclude = (result: CommitResult): EmitResult => {
      const committed = readCommit(result, firings);
      const { fired, duplicate } = committed;
      if (!result.committed) doubt();
      if (duplicate) return { fired, skipped: [], duplicate };
      const alert = alertClaim(event);
      if (alert !== undefined && result.committed) heldClaims.hold(alert.key, nowMs + alert.holdMs);
      report(committed);
      held.push(...committed.lost);
      return { fired, skipped: skipHeld(), duplicate };
    };

    try {
      const result = await queue.submit({
        async prepare() {
          firings = await judge(sift(open, held), event);
        },
        plan() {
          // At the last moment: what is disabled or deleted by now must not be delivered.
          firings = firings.filter(({ candidate }) => isActive(candidate));
          return firings.length === 0 ? undefined : planCommit(firings, event, nowMs);
        },
        arrivedLate(late) {
          arrivedLate();
          conclude(late);
        },
      });
      return result === undefined ? { fired: [], skipped: skipHeld(), duplicate: false } : conclude(result);
    } catch (error) {
      doubt();
      throw error;
    }
  };
}

function disagreement({ automationName }: Candidate, cause?: unknown): TocsinError {
  const message = `json-rules-engine did not confirm the match of ${automationName}`;
  return new TocsinError({ code: 'verdict_failed', message, cause });
}
