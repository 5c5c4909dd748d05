/** How long to wait after the first, second, … failure in a row, in seconds; the last one from then on. */
const delaysSeconds = [1, 2, 5, 15, 30, 60, 120, 300] as const;

/** Waits are spread by this share up and down, so that many lanes do not come back in step. */
const jitter = 0.2;

/** Longer no lane waits by itself: so long after its return at most a destination gets what waits. In milliseconds. */
const longestMs = 300_000;

/**
 * How long a lane rests after a failure.
 *
 * @param failuresInARow - At least 1.
 * @param random - From 0 to 1.
 * @param retryAfterMs - What the destination asked for; it wins when it is longer.
 * @returns Milliseconds.
 */
export function backOffMs(failuresInARow: number, random: number, retryAfterMs = 0): number {
  const seconds = delaysSeconds[Math.min(failuresInARow, delaysSeconds.length) - 1] ?? delaysSeconds[0];
  const spreadMs = Math.round(seconds * 1000 * (1 + jitter * (2 * random - 1)));
  // What is beyond is folded back, so that it stays spread.
  const delayMs = spreadMs > longestMs ? 2 * longestMs - spreadMs : spreadMs;
  return Math.max(delayMs, retryAfterMs);
}
