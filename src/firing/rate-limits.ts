import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { keys } from '../record/keys.js';
import { type Slots, slotKey } from './claims.js';
import type { HeldClaims } from './held-claims.js';

/** Which slots of a rate limit may be free. */
export type SlotSearch =
  /** At most {@link mostOffered} of them, as keys. */
  | { readonly type: 'free'; readonly keys: readonly string[] }
  /** All are held; the first one until then. */
  | { readonly type: 'full'; readonly untilMs: number };

/**
 * Another process may take a slot between the search and the commit, so a commit is offered several. With up to so many
 * slots that is all of them, and no match is ever lost to a race.
 */
const mostOffered = 16;

/** How many limits' slots are known to have been read; beyond, the oldest is read again. */
const mostKnown = 10_000;

/**
 * Makes the search for free slots.
 *
 * A limit is so many claims, each held for the limit's window: so in no window, wherever it lies, have there been more
 * firings than slots. The storage is asked once for each limit; from then on this process knows what it took itself, and
 * learns from refused commits what others took.
 */
export function createSlotSearch(storage: Storage, runtime: Runtime, heldClaims: HeldClaims) {
  const known = new Set<string>();

  const readOnce = async (slots: Slots): Promise<void> => {
    if (known.has(slots.key)) return;
    const all = Array.from({ length: slots.max }, (_, slot) => slotKey(slots, slot));
    await Promise.all(
      all.map(async (key) => {
        const untilMs = await storage.claimedUntil(keys.claim(key));
        if (untilMs !== undefined) heldClaims.hold(key, untilMs);
      }),
    );
    known.add(slots.key);
    if (known.size <= mostKnown) return;
    const [oldest] = known;
    if (oldest !== undefined) known.delete(oldest);
  };

  return async (slots: Slots): Promise<SlotSearch> => {
    await readOnce(slots);
    const nowMs = runtime.now();
    const free: string[] = [];
    let untilMs = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < slots.max && free.length < mostOffered; slot += 1) {
      const key = slotKey(slots, slot);
      const heldUntilMs = heldClaims.heldUntil(key, nowMs);
      if (heldUntilMs === undefined) free.push(key);
      else untilMs = Math.min(untilMs, heldUntilMs);
    }
    return free.length > 0 ? { type: 'free', keys: free } : { type: 'full', untilMs };
  };
}
