import type { SlackRateLimit } from '../options.js';
import type { ChannelState } from './workspace-state.js';

/** Sums of fractions of a second drift by less than this; it must not cost a whole second of waiting. */
const roundingMs = 0.01;

/**
 * Takes one message's worth from a channel's bucket, if it is there.
 *
 * @returns undefined when the message may pass, else the whole seconds after which it may
 */
export const takeFromBucket = (
  channel: ChannelState,
  rateLimit: SlackRateLimit | false,
  nowMs: number,
): number | undefined => {
  if (rateLimit === false) return undefined;
  const intervalMs = 1_000 / rateLimit.messagesPerSecond;
  const fullAtMs = Math.max(channel.bucketFullAtMs, nowMs);
  const waitMs = fullAtMs + intervalMs - nowMs - rateLimit.burst * intervalMs;
  if (waitMs > roundingMs) return Math.max(1, Math.ceil(waitMs / 1_000));
  channel.bucketFullAtMs = fullAtMs + intervalMs;
  return undefined;
};
