import { DeliveryError } from '../../../src/index.js';
import type { SlackSession } from './call-slack.js';
import type { DeliverySession } from './delivery-session.js';
import { type ListPosition, listChannels, type SlackChannel } from './list-channels.js';
import { lookUpMs, withinTime } from './within-time.js';

/** What a search for a channel came to. */
export type ChannelSearch =
  | { readonly type: 'found'; readonly channel: SlackChannel }
  | { readonly type: 'absent' }
  /** It can't be searched to the end: no scope, or too many channels. */
  | { readonly type: 'unknown' };

/**
 * Searches a channel by its name among those that the token can see, up to 5,000.
 *
 * @param session - The attempt.
 * @param name - Its name without `#`.
 * @param from - Where in the list to begin. Default: at its beginning.
 * @param onPage - Told after each page where the next one begins.
 * @returns What was found.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function findChannel(
  session: SlackSession,
  name: string,
  from?: ListPosition,
  onPage?: (next: ListPosition | undefined) => void,
): Promise<ChannelSearch> {
  const wanted = comparable(name);
  try {
    for await (const { channels, isCut, next } of listChannels(session, {}, from)) {
      onPage?.(next);
      const channel = channels.find((one) => one.name !== undefined && comparable(one.name) === wanted);
      if (channel !== undefined) return { type: 'found', channel };
      if (isCut) return { type: 'unknown' };
    }
    return { type: 'absent' };
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) throw error;
    // Slack may not know any more where the list was left.
    return from === undefined ? { type: 'unknown' } : findChannel(session, name, undefined, onPage);
  }
}

/**
 * The same as {@link findChannel}, while a message waits. In a large workspace the list is too long for that, so the next
 * search goes on where this one ends.
 *
 * @param session - The attempt.
 * @param name - Its name without `#`.
 * @returns What was found in time.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now, or not to the end in time.
 */
export async function findChannelInTime(session: DeliverySession, name: string): Promise<ChannelSearch> {
  const { lists } = session.learnt;
  const from = lists.get(session.token, name);
  lists.delete(session.token, name);
  let reached = from;
  try {
    return await withinTime(session, lookUpMs(session), (limited) =>
      findChannel(limited, name, from, (next) => {
        reached = next;
      }),
    );
  } catch (error) {
    if (reached !== undefined) lists.set(session.token, name, reached);
    throw error;
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
