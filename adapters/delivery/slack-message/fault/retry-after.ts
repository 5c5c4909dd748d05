const maxMs = 3_600_000;

/**
 * Reads how long Slack wants to be left alone.
 *
 * @param seconds - The `Retry-After` header, as text or as the SDK parsed it.
 * @returns Milliseconds, at most an hour (more is taken for a mistake: it would silence a channel for a day);
 * `undefined` when there is no valid header.
 */
export function retryAfterMs(seconds: string | number | null | undefined): number | undefined {
  const value = typeof seconds === 'string' && /^\s*\d+\s*$/.test(seconds) ? Number(seconds) : seconds;
  return typeof value === 'number' && value >= 0 ? Math.min(value * 1_000, maxMs) : undefined;
}
