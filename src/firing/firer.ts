import { TocsinError } from '../errors.js';
import type { ParsedEvent } from '../event/parsed-event.js';
import type { Timer } from '../ports/runtime.js';
import type { CommitResult } from '../ports/storage.js';
import type { CommitQueue } from '../record/commit-queue.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';
import type { Candidate } from './candidate.js';
import { type CommittedFirings, type Firing, planCommit, readCommit } from './commit-plan.js';
import type { EmitResult } from './emit-result.js';
import type { Evaluation } from './evaluation.js';
import type { FollowUps } from './follow-ups.js';
import { createKnownThreads } from './known-threads.js';
import type { PicturedInput } from './pictures.js';
import { isOfferedInPart, type RateLimits } from './rate-limits.js';
import { alertClaim, runAlertId } from './run-alert.js';
import { createSieve, type Lost, type SieveOptions } from './sift.js';
import { writeFiring } from './write-firing.js';

/** What a {@link Firer} works with. */
export interface FirerOptions extends SieveOptions {
  readonly queue: CommitQueue;
  readonly announce: Announce;
  readonly nextId: () => string;
  readonly rateLimits: RateLimits;
  /** Told of what has been committed, and is to be delivered. */
  committed(executions: readonly Execution[]): void;
  /** Told of what may have been committed, now or by an earlier try: the storage did not say. */
  perhapsCommitted(executions: readonly Execution[]): void;
  readonly followUps: FollowUps;
  /**
   * Whether an automation is still there, and enabled.
   *
   * @param orUnknown - What to answer of one that is not here; who delivers asks the storage.
   */
  isActive(automationId: string, orUnknown: boolean): boolean;
}

/**
 * Fires the candidates of one event, or skips them.
 *
 * @param nowMs - When the event was emitted.
 * @param arrivedLate - Told when the commit had been given up and arrived after all.
 */
export type Firer = (
  emitted: Pick<Evaluation, 'event' | 'keepPicture'>,
  candidates: readonly Candidate[],
  nowMs: number,
  arrivedLate: () => void,
) => Promise<EmitResult>;

/** How long the commit of an alert waits for its picture, in milliseconds. */
const mostForPictureMs = 2000;

/**
 * Makes the function that brings candidates through the queue: their turn, json-rules-engine's verdict, one commit.
 *
 * A cooldown that is known to be held skips its match at once. Whether one is free is settled by the storage, which takes
 * commits in the order of the emits: so no match is lost to a firing that never came to be.
 */
export function createFirer(options: FirerOptions): Firer {
  const { runtime, queue, heldClaims, rateLimits, followUps, announce, nextId } = options;
  const { sift, skip } = createSieve(options);
  const threads = createKnownThreads();

  /** The slots that a candidate can be offered; `undefined` when its rate limit is reached. */
  const slotsFor = async (candidate: Candidate, lost: Lost[]): Promise<readonly string[] | undefined> => {
    if (candidate.rateLimit === undefined) return [];
    const search = await rateLimits.find(candidate.rateLimit);
    if (search.type === 'free') return search.keys;
    lost.push({ candidate, reason: 'rate_limited', untilMs: search.untilMs });
    return undefined;
  };

  /** Has json-rules-engine confirm a candidate and writes its records; `undefined` when it does not fire. */
  const judge = async (
    candidate: Candidate,
    event: ParsedEvent,
    lost: Lost[],
  ): Promise<Omit<Firing, 'freeSlots'> | undefined> => {
    try {
      const { matched, conditions } = await candidate.judge();
      if (!matched) throw disagreement(candidate);
      const written = writeFiring(candidate, event, { conditions, runtime, nextId });
      if (written === undefined) lost.push({ candidate, reason: 'no_routing' });
      return written && { candidate, ...written, threads: threads.unknown(written.threads) };
    } catch (error) {
      announce('error', TocsinError.is(error) ? error : disagreement(candidate, error));
      return undefined;
    }
  };

  const prepare = async (candidates: readonly Candidate[], event: ParsedEvent, lost: Lost[]) => {
    const firings: Firing[] = [];
    for (const candidate of sift(event, candidates, lost)) {
      const freeSlots = await slotsFor(candidate, lost);
      if (freeSlots === undefined) continue;
      const firing = await judge(candidate, event, lost);
      if (firing !== undefined) firings.push({ ...firing, freeSlots });
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

  const isActive = ({ automationId, isFollowUp = false }: Candidate): boolean =>
    automationId === runAlertId || options.isActive(automationId, isFollowUp);

  /** Keeps a picture, for a bounded time: an alert that rings without its picture is better than one that does not. */
  const keep = async (event: ParsedEvent, keepPicture: PicturedInput['keepPicture']): Promise<void> => {
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = runtime.setTimer(resolve, mostForPictureMs, { isAwaited: true });
    });
    const kept = keepPicture(String(event.json['image'])).catch((error) => {
      announce('error', asStorageError('A picture could not be kept; its message goes without it', error));
    });
    await Promise.race([kept, late]);
    timer?.cancel();
  };

  /** What an event brings besides. That a run's messages can't be found to be marked keeps nothing from ringing. */
  const findFollowers = async (event: ParsedEvent): Promise<readonly Candidate[]> => {
    try {
      return await followUps.find(event);
    } catch (error) {
      if (event.family !== 'run') throw error;
      announce(
        'error',
        asStorageError('The messages about a run that has ended could not be found to be marked', error),
      );
      return [];
    }
  };

  return async ({ event, keepPicture }, candidates, nowMs, arrivedLate) => {
    // Counted only when the emit is through, so that one that is refused and emitted again counts once.
    const lost: Lost[] = [];
    const skipAll = (): SkippedMatch[] => lost.map((each) => skip(event, each));
    const open = sift(event, candidates, lost);
    const mayFollow = followUps.mayFollow(event);
    if (open.length === 0 && !mayFollow) return { fired: [], skipped: skipAll(), duplicate: false };

    let firings: readonly Firing[] = [];
    const doubt = (): void => options.perhapsCommitted(firings.flatMap(({ executions }) => executions));

    const conclude = (result: CommitResult): EmitResult => {
      const committed = readCommit(result, firings, event);
      const { fired, duplicate } = committed;
      if (!result.committed) doubt();
      if (duplicate) return { fired, skipped: [], duplicate };
      const alert = alertClaim(event);
      if (alert !== undefined && result.committed) heldClaims.hold(alert.subject, alert.holder, nowMs + alert.holdMs);
      report(committed);
      const written = new Set(fired.map(({ id }) => id));
      threads.add(firings.flatMap((firing) => firing.threads).filter(({ openedBy }) => written.has(openedBy)));
      lost.push(...committed.lost);
      return { fired, skipped: skipAll(), duplicate };
    };

    try {
      const result = await queue.submit({
        async prepare(earlier) {
          if (mayFollow || open.some(({ rateLimit }) => rateLimit !== undefined && isOfferedInPart(rateLimit))) {
            await earlier;
          }
          // Before the commit, so that whoever delivers finds it.
          if (keepPicture !== undefined) await keep(event, keepPicture);
          const followers = mayFollow ? await findFollowers(event) : [];
          firings = await prepare([...open, ...followers], event, lost);
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

function asStorageError(message: string, cause: unknown): TocsinError {
  return TocsinError.is(cause) ? cause : new TocsinError({ code: 'storage_unavailable', message, cause });
}

function disagreement({ automationName }: Candidate, cause?: unknown): TocsinError {
  const message = `json-rules-engine did not confirm the match of ${automationName}`;
  return new TocsinError({ code: 'verdict_failed', message, cause });
}
