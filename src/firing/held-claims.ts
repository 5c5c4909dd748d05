/** Remembers which claims are known to be held, so that a cooldown costs no question to the storage. */
export interface HeldClaims {
  /** Until when a claim is held, or `undefined` when it is not known to be. */
  heldUntil(claim: string, nowMs: number): number | undefined;
  hold(claim: string, untilMs: number): void;
}

/** How many are remembered; the storage knows the rest. */
const mostHeld = 100_000;

/** Makes an empty memory. The storage decides; what is here only spares asking it. */
export function createHeldClaims(): HeldClaims {
  const held = new Map<string, number>();
  return {
    heldUntil(claim, nowMs) {
      const untilMs = held.get(claim);
      if (untilMs === undefined || untilMs > nowMs) return untilMs;
      held.delete(claim);
      return undefined;
    },
    hold(claim, untilMs) {
      held.delete(claim);
      held.set(claim, untilMs);
      if (held.size <= mostHeld) return;
      const [oldest] = held.keys();
      if (oldest !== undefined) held.delete(oldest);
    },
  };
}
