import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { keys } from '../record/keys.js';
import { type Slots, slotKey } from './claims.js';

/** Which slots of a rate limit may be free. */
type SlotSearch =
  /** At most {@link mostOffered} of them, as keys. */
  | { readonly type: 'free'; readonly keys: readonly string[] }
  /** All are held; the first one until then. */
  | { readonly type: 'full'; readonly untilMs: number };

/** The slots of rate limits, and until when each is held. */
export interface RateLimits {
  find(slots: Slots): Promise<SlotSearch>;
  /** Takes note that a slot is held, by this process or by another. */
  hold(slots: Slots, key: string, untilMs: number): void;
}

/**
 * Another commit may take a slot between the search and this one, so a commit is offered several. With up to so many
 * slots that is all of them, and no match is ever lost to a race.
 */
const mostOffered = 16;

/** Whether a commit can't be offered all slots, so that it has to know what earlier ones took. */
export function isOfferedInPart({ max }: Slots): boolean {
  return max > mostOffered;
}

/** How many limits are remembered; beyond, the one that was used longest ago is read again when it is used. */
const mostKnown = 10_000;

/**
 * Makes a memory of rate limits.
 *
 * A limit is so many claims, each held for the limit's window: so in no window, wherever it lies, have there been more
 * firings than slots. The storage is asked once for each limit; from then on this process knows what it took itself, and
 * learns from refused commits what others took.
 */
export function createRateLimits(storage: Storage, runtime: Runtime): RateLimits {
  const known = new Map<string, Map<string, number>>();

  const remember = (limit: string, held: Map<string, number>): Map<string, number> => {
    known.delete(limit);
    known.set(limit, held);
    if (known.size <= mostKnown) return held;
    const [oldest] = known.keys();
    if (oldest !== undefined) known.delete(oldest);
    return held;
  };

  const read = async (slots: Slots): Promise<Map<string, number>> => {
    const held = new Map<string, number>();
    await Promise.all(
      keysOf(slots).map(async (key) => {
        const untilMs = await storage.claimedUntil(keys.claim(key));
        if (untilMs !== undefined) held.set(key, untilMs);
      }),
    );
    return held;
  };

  return {
    async find(slots) {
      const held = remember(slots.key, known.get(slots.key) ?? (await read(slots)));
      const nowMs = runtime.now();
      // Only the slots of now: a limit that was lowered has more of them on record.
      const heldUntilMs = (key: string): number => held.get(key) ?? nowMs;
      const present = keysOf(slots);
      const free = present.filter((key) => heldUntilMs(key) <= nowMs);
      if (free.length > 0) return { type: 'free', keys: free.slice(0, mostOffered) };
      return { type: 'full', untilMs: Math.min(...present.map(heldUntilMs)) };
    },
    hold(slots, key, untilMs) {
      known.get(slots.key)?.set(key, untilMs);
    },
  };
}

function keysOf(slots: Slots): string[] {
  return Array.from({ length: slots.max }, (_, slot) => slotKey(slots, slot));
}
