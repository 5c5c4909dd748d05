/** The end of the year 9999: beyond it a date token and an ISO date look different. */
const lastMs = 253_402_300_799_999;

/**
 * Writes a time for readers of any zone.
 *
 * @param atMs - Epoch milliseconds.
 * @returns `2026-08-20 12:34:56 UTC`, or an empty string when it is no time between 1970 and 9999.
 */
export function isoTime(atMs: number): string {
  if (!(atMs >= 0 && atMs <= lastMs)) {
    return '';
  }
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * Writes a time that Slack shows in each reader's own zone.
 *
 * @param atMs - Epoch milliseconds.
 * @returns A Slack date token with the ISO time for clients that don't know it, or an empty string, as `isoTime`.
 */
export function dateToken(atMs: number): string {
  const fallback = isoTime(atMs);
  return fallback === '' ? '' : `<!date^${Math.floor(atMs / 1000)}^{date_short_pretty} {time_secs}|${fallback}>`;
}
