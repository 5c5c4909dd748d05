import type { ParsedEvent } from '../event/parsed-event.js';
import type { Runtime } from '../ports/runtime.js';
import type { Announce, SkippedMatch } from '../record/engine-events.js';
import type { SkipReason } from '../record/execution.js';
import type { SkipLedger } from '../record/skip-ledger.js';
import { type Candidate, executionOf } from './candidate.js';

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

/** Records a skip and tells of it. */
export type Skipper = (event: ParsedEvent, skip: Skip) => SkippedMatch;

/** What a {@link Skipper} works with. */
export interface SkipperOptions {
  readonly runtime: Runtime;
  readonly ledger: SkipLedger;
  readonly announce: Announce;
  readonly nextId: () => string;
}

/** Makes the function that records matches that do not fire. */
export function createSkipper({ runtime, ledger, announce, nextId }: SkipperOptions): Skipper {
  return (event, { candidate, reason, story, untilMs, detail }) => {
    const { automationId } = candidate;
    ledger.add({
      key: JSON.stringify([story, reason]),
      untilMs,
      record: () =>
        executionOf(candidate, event, { id: nextId(), status: 'skipped', reason, detail, createdAt: runtime.now() }),
    });
    announce('execution-skipped', { automationId, reason });
    return { automationId, reason };
  };
}
