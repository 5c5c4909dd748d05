import type { SkipStory } from '../record/skip-ledger.js';

/** A claim that is known to be held. */
export interface HeldClaim {
  /** In epoch milliseconds. */
  readonly untilMs: number;
  /** Where its skips are counted, once there has been one. */
  story: SkipStory | undefined;
}

/** Remembers which claims are known to be held, so that a cooldown costs no question to the storage. */
export interface HeldClaims {
  /**
   * A claim, or `undefined` when it is not known to be held.
   *
   * @param subject - What it is about: a run, a collection, …
   * @param holder - Which cooldown of which automation.
   */
  find(subject: string, holder: string, nowMs: number): HeldClaim | undefined;
  hold(subject: string, holder: string, untilMs: number): void;
}

/** How many are remembered; the storage knows the rest. */
const mostHeld = 100_000;

/** Makes an empty memory. The storage decides; what is here only spares asking it. */
export function createHeldClaims(): HeldClaims {
  // By subject first: the automations that match an event mostly ask for one and the same.
  const bySubject = new Map<string, Map<string, HeldClaim>>();
  let size = 0;

  const removeOldest = (): void => {
    const [oldest] = bySubject;
    if (oldest === undefined) return;
    const [subject, held] = oldest;
    bySubject.delete(subject);
    size -= held.size;
  };

  return {
    find(subject, holder, nowMs) {
      const claims = bySubject.get(subject);
      const held = claims?.get(holder);
      if (claims === undefined || held === undefined || held.untilMs > nowMs) return held;
      // It stays free when the clock is set back, and its story is let go.
      claims.delete(holder);
      if (claims.size === 0) bySubject.delete(subject);
      size -= 1;
      return undefined;
    },
    hold(subject, holder, untilMs) {
      const held = bySubject.get(subject) ?? new Map<string, HeldClaim>();
      // The subject that was claimed last at the end.
      bySubject.delete(subject);
      bySubject.set(subject, held);
      size += held.has(holder) ? 0 : 1;
      held.set(holder, { untilMs, story: undefined });
      while (size > mostHeld) removeOldest();
    },
  };
}
