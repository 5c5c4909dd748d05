import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { SkipReason } from '../record/execution.js';
import type { SkipLedger, SkipStory } from '../record/skip-ledger.js';
import { type Candidate, executionOf } from './candidate.js';
import type { HeldClaim } from './held-claims.js';

/** A match that does not fire. */
export interface Skip {
  readonly candidate: Candidate;
  readonly reason: SkipReason;
  /** The same for skips that are counted together. */
  readonly story: string;
  /** Until when the reason holds, in epoch milliseconds; a later skip is counted anew. */
  readonly untilMs: number;
  /** More about the reason, for a person. */
  readonly detail?: string | undefined;
}

/** Records skips and tells of them. */
export interface Skipper {
  skip(event: ParsedEvent, skip: Skip): SkippedMatch;
  /** Skips a match whose cooldown is held. */
  cooling(event: ParsedEvent, candidate: Candidate, held: HeldClaim): SkippedMatch;
  /** The same for one whose cooldown has made it skip before; `undefined` when that is another story by now. */
  again(held: HeldClaim, nowMs: number): SkippedMatch | undefined;
}

/** What a {@link Skipper} works with. */
export interface SkipperOptions {
  readonly runtime: Runtime;
  readonly ledger: SkipLedger;
  readonly announce: Announce;
  readonly nextId: () => string;
}

/** Makes what records matches that do not fire. */
export function createSkipper({ runtime, ledger, announce, nextId }: SkipperOptions): Skipper {
  const tell = (skipped: SkippedMatch): SkippedMatch => {
    announce('execution-skipped', skipped);
    return skipped;
  };

  const record = (event: ParsedEvent, { candidate, reason, story, untilMs, detail }: Skip): SkipStory =>
    ledger.add({
      key: JSON.stringify([story, reason]),
      untilMs,
      record: () =>
        executionOf(candidate, event, { id: nextId(), status: 'skipped', reason, detail, createdAt: runtime.now() }),
    });

  return {
    skip(event, skip) {
      record(event, skip);
      return tell({ automationId: skip.candidate.automationId, reason: skip.reason });
    },
    cooling(event, candidate, held) {
      const { automationId, cooldown } = candidate;
      const { untilMs } = held;
      const story = cooldown?.key ?? automationId;
      held.skipped = Object.freeze({ automationId, reason: 'cooldown' });
      held.story = record(event, { candidate, reason: 'cooldown', story, untilMs });
      return tell(held.skipped);
    },
    again({ story, skipped }, nowMs) {
      if (story === undefined || skipped === undefined || !ledger.again(story, nowMs)) return undefined;
      return tell(skipped);
    },
  };
}
