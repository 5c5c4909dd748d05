import type { Mute } from '../definition/mute.js';
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
  /** Skips a match that is muted. */
  muted(event: ParsedEvent, candidate: Candidate, mute: Mute): SkippedMatch;
  /** Skips matches once more, each in its story, which must go on. */
  again(stories: readonly SkipStory[], skipped: readonly SkippedMatch[], nowMs: number): void;
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
  const tell = (skip: SkippedMatch): SkippedMatch => {
    const skipped = Object.freeze(skip);
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
      held.story = record(event, { candidate, reason: 'cooldown', story, untilMs });
      return tell({ automationId, reason: 'cooldown' });
    },
    muted(event, candidate, { id, until, reason: why }) {
      const { automationId } = candidate;
      const story = JSON.stringify([id, automationId]);
      const detail = `Mute ${id}: ${why}`;
      record(event, { candidate, reason: 'muted', story, untilMs: until, detail });
      return tell({ automationId, reason: 'muted' });
    },
    again(stories, skipped, nowMs) {
      for (const story of stories) ledger.again(story, nowMs);
      for (const each of skipped) announce('execution-skipped', each);
    },
  };
}
