import type { Pacing } from '../../ports/delivery.js';

/** Says when the next message may go: a token bucket. */
export interface Pacer {
  /**
   * Takes a token.
   *
   * @returns 0 when the message may go now; otherwise how many milliseconds to wait before asking again.
   */
  take(nowMs: number): number;
}

/** Makes a full bucket. Without pacing every message may go. */
export function createPacer(pacing: Pacing | undefined): Pacer {
  if (pacing === undefined) return { take: () => 0 };
  const { messagesPerSecond, burst } = pacing;
  let tokens = burst;
  let filledMs: number | undefined;
  return {
    take(nowMs) {
      const elapsedMs = Math.max(0, nowMs - (filledMs ?? nowMs));
      tokens = Math.min(burst, tokens + (elapsedMs * messagesPerSecond) / 1000);
      filledMs = nowMs;
      // Rounding must not make one wait for a billionth of a message.
      if (tokens >= 1 - 1e-9) {
        tokens -= 1;
        return 0;
      }
      return Math.ceil(((1 - tokens) * 1000) / messagesPerSecond);
    },
  };
}
