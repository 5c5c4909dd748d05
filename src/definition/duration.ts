import * as z from 'zod';
import { describeValue } from './path.js';

/** A length of time: milliseconds, or a text such as `'24h'`, `'15m'`, `'30s'`, `'500ms'`, `'7d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const durationText = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A hundred years: longer is a mistake, and would overflow dates. */
const longestMs = 100 * 365 * unitMs.d;

export const durationSchema = z
  .union([z.number(), z.string()], {
    error: ({ input }) => `Expected milliseconds or a text such as "1h", got ${describeValue(input)}`,
  })
  .refine(isDuration, {
    error: ({ input }) =>
      `Expected milliseconds from 0 or a text such as "24h", at most 100 years, got ${describeValue(input)}`,
  }) as z.ZodType as z.ZodType<Duration>;

function isDuration(duration: number | string): boolean {
  const ms = durationMs(duration as Duration);
  return ms >= 0 && ms <= longestMs;
}

/** A duration in milliseconds; NaN when it is none, which is found out when it is parsed. */
export function durationMs(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const [, amount, unit] = durationText.exec(duration) ?? [];
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}
