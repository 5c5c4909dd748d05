import type { Pacing } from '../../ports/delivery.js';

/** How fast something may go. */
type Rate = Pick<Pacing, 'messagesPerSecond' | 'burst'>;

/** Says when the next message may go: a token bucket. */
export interface Pacer {
  /**
   * Takes a token.
   *
   * @returns 0 when the message may go now; otherwise how many milliseconds to wait.
   */
  take(nowMs: number): number;
}

/** Rounding must not make one wait for a billionth of a message. */
const nearly = 1e-9;

/** Makes a full bucket, to be asked again after a wait. Without pacing every message may go. */
export function createPacer(pacing: Rate | undefined): Pacer {
  if (pacing === undefined) return { take: () => 0 };
  const { messagesPerSecond } = pacing;
  const bucket = createBucket(pacing);
  return {
    take(nowMs) {
      bucket.fill(nowMs);
      if (bucket.tokens >= 1 - nearly) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.ceil(((1 - bucket.tokens) * 1000) / messagesPerSecond);
    },
  };
}

/** Makes a full bucket that many take from: each has its turn after the wait, in the order in which they asked. */
export function createQueuedPacer(pacing: Rate): Pacer {
  const { messagesPerSecond } = pacing;
  const bucket = createBucket(pacing);
  return {
    take(nowMs) {
      bucket.fill(nowMs);
      bucket.tokens -= 1;
      return bucket.tokens >= -nearly ? 0 : Math.ceil((-bucket.tokens * 1000) / messagesPerSecond);
    },
  };
}

function createBucket({ messagesPerSecond, burst }: Rate) {
  let filledMs: number | undefined;
  return {
    tokens: burst,
    fill(nowMs: number): void {
      const elapsedMs = Math.max(0, nowMs - (filledMs ?? nowMs));
      this.tokens = Math.min(burst, this.tokens + (elapsedMs * messagesPerSecond) / 1000);
      filledMs = nowMs;
    },
  };
}
