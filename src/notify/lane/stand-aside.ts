import type { Runtime } from '../../ports/runtime.js';
import type { LaneEntry, Step, StepResult } from '../../ports/storage.js';
import { behindAll, readEntry } from '../outbox.js';
import type { LaneOutage } from './outage.js';

/** What a {@link StandAside} works with. */
interface StandAsideOptions {
  /** The lane. */
  readonly name: string;
  readonly runtime: Runtime;
  readonly outage: LaneOutage;
  /** Reads the first entries under a lease; none when there is nothing to do. */
  take(limit: number): Promise<readonly LaneEntry[]>;
  /** Writes under the lease. */
  write(plan: () => readonly Step[], headId: string): Promise<readonly StepResult[]>;
}

/**
 * Lets messages pass the reactions of a lane. Once a reaction has failed in a way that may pass, the reactions have a rest of
 * their own, and go behind every message that waits, in the order in which they came, until one of them is answered: a reaction
 * stops no message. One that is to be given up stays where it is: that is no attempt.
 */
export interface StandAside {
  /** A reaction failed; none is tried for so long, in milliseconds. */
  failed(delayMs: number): void;
  /** They are tried in their turn again. */
  forget(): void;
  /** For how long a head must not be tried yet, in milliseconds; `passed` when it is the head no longer: take it anew. */
  hold(head: LaneEntry): Promise<number | 'passed'>;
}

/** How many entries are looked at: behind many reactions there may be one message. */
const limits: readonly number[] = [100, 10_000];

/** After so long the oldest reaction is tried before all that came later, in milliseconds. */
const longMs = 300_000;

/** Makes it for a lane whose reactions have not failed. */
export function createStandAside({ name, runtime, outage, take, write }: StandAsideOptions): StandAside {
  let untilMs: number | undefined;

  /** The reactions that have to let messages pass, none when there is no message; `undefined`: none is the head any more. */
  const toPass = async (): Promise<readonly LaneEntry[] | undefined> => {
    for (const limit of limits) {
      const entries = await take(limit);
      const position = entries.findIndex((entry) => !readEntry(entry).isReaction);
      if (entries.length === 0 || position === 0) return undefined;
      if (position > 0) return reactionsToMove(entries, position, runtime.now());
      if (entries.length < limit) return [];
    }
    return [];
  };

  return {
    failed(delayMs) {
      untilMs = runtime.now() + delayMs;
    },
    forget() {
      untilMs = undefined;
    },
    async hold(head) {
      const restsUntilMs = untilMs;
      if (restsUntilMs === undefined || !readEntry(head).isReaction) return 0;
      if (outage.isOverdue(head, runtime.now())) return 0;
      const reactions = await toPass();
      if (reactions === undefined) return 'passed';
      if (reactions.length === 0) return Math.max(0, restsUntilMs - runtime.now());
      await write(() => [{ write: reactions.flatMap((entry) => behindAll(name, entry)) }], head.id);
      return 'passed';
    },
  };
}

/**
 * The reactions in front of the first message. Once the oldest has waited for long, also those behind it that came later: else
 * they would be tried instead of it for ever.
 *
 * @param position - Of the first message.
 */
function reactionsToMove(entries: readonly LaneEntry[], position: number, nowMs: number): readonly LaneEntry[] {
  const inFront = entries.slice(0, position).toSorted(byAge);
  const [oldest] = inFront;
  if (oldest === undefined || nowMs - readEntry(oldest).waitingSinceMs < longMs) return inFront;
  const later = entries.slice(position).filter((entry) => readEntry(entry).isReaction && byAge(oldest, entry) < 0);
  return [...inFront, ...later].toSorted(byAge);
}

function byAge(left: LaneEntry, right: LaneEntry): number {
  return readEntry(left).waitingSinceMs - readEntry(right).waitingSinceMs || (left.id < right.id ? -1 : 1);
}
