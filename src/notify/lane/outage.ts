import type { LaneEntry } from '../../ports/storage.js';
import type { Execution } from '../../record/execution.js';
import { waitingSince } from '../../record/waiting-since.js';
import { readEntry } from '../outbox.js';
import { failingSince, isInRow } from './failing-since.js';
import type { MadeAttempt } from './head-attempt.js';

/** Reactions may fail where messages arrive, and the other way round. */
export type HeadKind = 'message' | 'reaction';

/** What to do with the head of a lane, whose destination may have failed a moment ago. */
type HeadFate =
  | { readonly type: 'try' }
  /** The destination is left alone for so long, in milliseconds. */
  | { readonly type: 'rest'; readonly delayMs: number }
  /** It is given up untried: it has waited as long as the one before it, and the destination has just failed that one. */
  | { readonly type: 'overdue'; readonly detail: string };

/** What a lane remembers of its destination's failures. */
export interface LaneOutage {
  /** Since when the destination has failed, if this attempt failed as well, in epoch milliseconds. */
  sinceMs(made: MadeAttempt): number;
  /** An attempt failed in a way that may pass; the next is made after a rest, in milliseconds. */
  failed(made: MadeAttempt, restMs: number): void;
  /** The destination took something of this kind, or refused it itself. */
  answered(kind: HeadKind): void;
  /** Nothing is known any more: the lane was parked or woken, or another process had it. */
  forget(): void;
  /** What to do with the head. */
  fateOf(execution: Execution, nowMs: number): HeadFate;
  /** Whether the head is to be given up untried now, as far as its entry tells. */
  isOverdue(head: LaneEntry, nowMs: number): boolean;
  /** Whether the head is left untried now, for what came of the one before it. */
  leavesAlone(head: LaneEntry, nowMs: number): boolean;
}

interface Outage {
  readonly sinceMs: number;
  /** When the last attempt ended. */
  readonly endedMs: number;
  /** When the next one may be made. */
  readonly restsUntilMs: number;
  readonly giveUpAfterMs: number;
}

/** Makes it for a lane that has not failed. */
export function createLaneOutage(): LaneOutage {
  const outages = new Map<HeadKind, Outage>();

  const sinceMs = ({ execution, startedMs, giveUpAfterMs, isHandler }: MadeAttempt): number => {
    const recordedMs = failingSince(execution, startedMs, giveUpAfterMs);
    const outage = isHandler ? undefined : outages.get(kindOf(execution));
    if (outage === undefined || !isInRow(outage.restsUntilMs, startedMs, giveUpAfterMs)) return recordedMs;
    return Math.min(recordedMs, outage.sinceMs);
  };

  /** The outage, while the rest after its last attempt goes on. The clock may have been set back: then it is over. */
  const restAt = (kind: HeadKind, nowMs: number): Outage | undefined => {
    const outage = outages.get(kind);
    return outage !== undefined && outage.endedMs <= nowMs && nowMs < outage.restsUntilMs ? outage : undefined;
  };

  /**
   * The outages that tell of what is of this kind. Where reactions have failed as well, messages tell of them too: it is the
   * same destination, and reactions let messages pass, so that they may never be tried.
   */
  const restsOf = (kind: HeadKind, nowMs: number): readonly Outage[] => {
    const kinds: readonly HeadKind[] = outages.has(kind) ? [kind, 'message'] : [];
    return kinds.flatMap((each) => restAt(each, nowMs) ?? []);
  };

  /** The outage for which something that waits so long is given up untried. */
  const overdueFor = (kind: HeadKind, waitingSinceMs: number, retriedAtMs: number, nowMs: number) =>
    restsOf(kind, nowMs).find(
      ({ sinceMs: failsSinceMs, endedMs, giveUpAfterMs }) =>
        // Somebody who called for it again expects to be obeyed.
        retriedAtMs < endedMs && nowMs - Math.max(failsSinceMs, waitingSinceMs) >= giveUpAfterMs,
    );

  const isOverdue = (head: LaneEntry, nowMs: number): boolean => {
    const { isReaction, waitingSinceMs } = readEntry(head);
    return overdueFor(isReaction ? 'reaction' : 'message', waitingSinceMs, 0, nowMs) !== undefined;
  };

  return {
    sinceMs,
    failed(made, restMs) {
      // A handler's failures are its own: what rang next is no worse for them.
      if (made.isHandler) return;
      const { execution, endedMs, giveUpAfterMs } = made;
      const restsUntilMs = endedMs + restMs;
      outages.set(kindOf(execution), { sinceMs: sinceMs(made), endedMs, restsUntilMs, giveUpAfterMs });
    },
    answered(kind) {
      outages.delete(kind);
    },
    forget: () => outages.clear(),
    fateOf(execution, nowMs) {
      const kind = kindOf(execution);
      const { retriedAt = 0 } = execution;
      const overdue = overdueFor(kind, waitingSince(execution), retriedAt, nowMs);
      if (overdue !== undefined) return { type: 'overdue', detail: detailOf(overdue) };
      const outage = restAt(kind, nowMs);
      if (outage === undefined || retriedAt >= outage.endedMs) return { type: 'try' };
      return { type: 'rest', delayMs: outage.restsUntilMs - nowMs };
    },
    isOverdue,
    leavesAlone(head, nowMs) {
      const { isReaction, waitingSinceMs } = readEntry(head);
      const outage = restAt(isReaction ? 'reaction' : 'message', nowMs);
      return (outage !== undefined && waitingSinceMs < outage.endedMs) || isOverdue(head, nowMs);
    },
  };
}

/** Whether an execution adds a reaction. */
export function kindOf({ reaction }: Pick<Execution, 'reaction'>): HeadKind {
  return reaction === undefined ? 'message' : 'reaction';
}

function detailOf({ sinceMs }: Outage): string {
  return `its destination has failed since ${new Date(sinceMs).toISOString()}, so it was not tried again`;
}
