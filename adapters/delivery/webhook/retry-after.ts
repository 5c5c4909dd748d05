const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Reads how long a receiver asks to be left alone.
 *
 * @param header - `Retry-After`: seconds, or the date in HTTP's own form.
 * @param nowMs - The time now, in epoch milliseconds.
 * @returns Milliseconds, at least 0; `undefined` when there is no valid header.
 * @see RFC 9110, section 10.2.3.
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // `Date.parse` alone takes almost anything for a date.
  const atMs = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
