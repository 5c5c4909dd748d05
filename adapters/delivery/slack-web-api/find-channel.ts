import { DeliveryError } from '../../../src/index.js';
import type { SlackSession } from './call-slack.js';
import { listChannels, type SlackChannel } from './list-channels.js';
import { lookUpMs, withinTime } from './within-time.js';

/** What a search for a channel came to. */
export type ChannelSearch =
  | { readonly type: 'found'; readonly channel: SlackChannel }
  | { readonly type: 'absent' }
  /** It could not be searched to the end: no scope, too many channels, or too slow. */
  | { readonly type: 'unknown' };

/**
 * Searches a channel by its name among those that the token can see, up to 5,000.
 *
 * @param session - The attempt.
 * @param name - Its name without `#`.
 * @returns What was found.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function findChannel(session: SlackSession, name: string): Promise<ChannelSearch> {
  const wanted = comparable(name);
  try {
    for await (const { channels, isCut } of listChannels(session)) {
      const channel = channels.find((one) => one.name !== undefined && comparable(one.name) === wanted);
      if (channel !== undefined) return { type: 'found', channel };
      if (isCut) return { type: 'unknown' };
    }
    return { type: 'absent' };
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) throw error;
    return { type: 'unknown' };
  }
}

/**
 * The same as {@link findChannel}, while a message waits: in a large workspace the list is too long for that.
 *
 * @param session - The attempt.
 * @param name - Its name without `#`.
 * @returns What was found in time.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function findChannelInTime(session: SlackSession, name: string): Promise<ChannelSearch> {
  try {
    return await withinTime(session, lookUpMs(session), (limited) => findChannel(limited, name));
  } catch (error) {
    if (!DeliveryError.is(error) || error.reason !== 'timeout') throw error;
    return { type: 'unknown' };
  }
}

/**
 * Writes a name or a part of it so that it can be compared.
 *
 * @param name - A channel's name.
 */
export function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
