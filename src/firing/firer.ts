import { TocsinError } from '../errors.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { CommitResult } from '../ports/storage.js';
import type { CommitQueue } from '../record/commit-queue.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';
import { type Candidate, executionOf } from './candidate.js';
import { type CommittedFirings, type Firing, type LostFiring, planCommit, readCommit } from './commit-plan.js';
import type { EmitResult } from './emit-result.js';
import type { HeldClaim, HeldClaims } from './held-claims.js';
import { isOfferedInPart, type RateLimits } from './rate-limits.js';
import { alertClaim, runAlertId } from './run-alert.js';
import type { Skipper } from './skipper.js';

/** What a {@link Firer} works with. */
export interface FirerOptions {
  readonly runtime: Runtime;
  readonly queue: CommitQueue;
  readonly heldClaims: HeldClaims;
  readonly skipper: Skipper;
  readonly announce: Announce;
  readonly nextId: () => string;
  readonly rateLimits: RateLimits;
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
export type Firer = (
  event: ParsedEvent,
  candidates: readonly Candidate[],
  nowMs: number,
  arrivedLate: () => void,
) => Promise<EmitResult>;

/**
 * Makes the function that brings candidates through the queue: their turn, json-rules-engine's verdict, one commit.
 *
 * A cooldown that is known to be held skips its match at once. Whether one is free is settled by the storage, which takes
 * commits in the order of the emits: so no match is lost to a firing that never came to be.
 */
export function createFirer(options: FirerOptions): Firer {
  const { runtime, queue, heldClaims, rateLimits, skipper, announce, nextId } = options;

  const heldBy = ({ cooldown }: Candidate): HeldClaim | undefined =>
    cooldown === undefined ? undefined : heldClaims.find(cooldown.subject, cooldown.holder, runtime.now());

  const skipLost = (event: ParsedEvent, { candidate, reason, untilMs }: LostFiring): SkippedMatch => {
    const held = reason === 'cooldown' ? heldBy(candidate) : undefined;
    if (held !== undefined) return skipper.cooling(event, candidate, held);
    const { cooldown, rateLimit, automationId } = candidate;
    const story = (reason === 'cooldown' ? cooldown?.key : rateLimit?.key) ?? automationId;
    return skipper.skip(event, { candidate, reason, story, untilMs });
  };

  /** Takes out the candidates whose cooldown is known to be held; the others are left. */
  const sift = (candidates: readonly Candidate[], lost: LostFiring[]): Candidate[] =>
    candidates.filter((candidate) => {
      const held = heldBy(candidate);
      if (held !== undefined) lost.push({ candidate, reason: 'cooldown', untilMs: held.untilMs });
      return held === undefined;
    });

  /** The slots that a candidate can be offered; `undefined` when its rate limit is reached. */
  const slotsFor = async (candidate: Candidate, lost: LostFiring[]): Promise<readonly string[] | undefined> => {
    if (candidate.rateLimit === undefined) return [];
    const search = await rateLimits.find(candidate.rateLimit);
    if (search.type === 'free') return search.keys;
    lost.push({ candidate, reason: 'rate_limited', untilMs: search.untilMs });
    return undefined;
  };

  const judge = async (candidate: Candidate, event: ParsedEvent, freeSlots: readonly string[]): Promise<Firing[]> => {
    try {
      const { matched, conditions } = await candidate.judge();
      if (!matched) throw disagreement(candidate);
      // Before the id, whose time is what a list goes by: asked for what was created since then, it is in it.
      const createdAt = runtime.now();
      const id = nextId();
      const execution = executionOf(candidate, event, {
        id,
        status: candidate.action.type === 'none' ? 'finished' : 'pending',
        createdAt,
        conditions,
        ...candidate.content(id),
      });
      return [{ candidate, execution, freeSlots }];
    } catch (error) {
      announce('error', TocsinError.is(error) ? error : disagreement(candidate, error));
      return [];
    }
  };

  const prepare = async (candidates: readonly Candidate[], event: ParsedEvent, lost: LostFiring[]) => {
    const firings: Firing[] = [];
    for (const candidate of sift(candidates, lost)) {
      const freeSlots = await slotsFor(candidate, lost);
      if (freeSlots !== undefined) firings.push(...(await judge(candidate, event, freeSlots)));
    }
    return firings;
  };

  const report = ({ fired, held }: CommittedFirings): void => {
    for (const { claim, untilMs, cooldown, slotOf } of held) {
      if (cooldown !== undefined) heldClaims.hold(cooldown.subject, cooldown.holder, untilMs);
      if (slotOf !== undefined) rateLimits.hold(slotOf, claim, untilMs);
    }
    for (const execution of fired) {
      announce('execution-created', execution);
      if (execution.status === 'finished') announce('execution-finished', execution);
    }
    options.committed(fired);
  };

  const isActive = ({ automationId }: Candidate): boolean =>
    automationId === runAlertId || options.isActive(automationId);

  return async (event, candidates, nowMs, arrivedLate) => {
    // Counted only when the emit is through, so that one that is refused and emitted again counts once.
    const lost: LostFiring[] = [];
    const skipAll = (): SkippedMatch[] => lost.map((each) => skipLost(event, each));
    const open = sift(candidates, lost);
    if (open.length === 0) return { fired: [], skipped: skipAll(), duplicate: false };

    let firings: readonly Firing[] = [];
    const doubt = (): void => options.perhapsCommitted(firings.map(({ execution }) => execution));

    const conclude = (result: CommitResult): EmitResult => {
      const committed = readCommit(result, firings, event);
      const { fired, duplicate } = committed;
      if (!result.committed) doubt();
      if (duplicate) return { fired, skipped: [], duplicate };
      const alert = alertClaim(event);
      if (alert !== undefined && result.committed) heldClaims.hold(alert.subject, alert.holder, nowMs + alert.holdMs);
      report(committed);
      lost.push(...committed.lost);
      return { fired, skipped: skipAll(), duplicate };
    };

    try {
      const result = await queue.submit({
        async prepare(earlier) {
          if (open.some(({ rateLimit }) => rateLimit !== undefined && isOfferedInPart(rateLimit))) await earlier;
          firings = await prepare(open, event, lost);
        },
        plan() {
          // At the last moment: what is disabled or deleted by now must not be delivered.
          firings = firings.filter(({ candidate }) => isActive(candidate));
          return firings.length === 0 ? undefined : planCommit(firings, event, nowMs);
        },
        conclude,
        arrivedLate,
      });
      return result ?? { fired: [], skipped: skipAll(), duplicate: false };
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
