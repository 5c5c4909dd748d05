import { DeliveryError } from '../../../src/index.js';
import { callSlack, type SlackSession } from './call-slack.js';

const pageSize = 500;
const maxPages = 10;

/** What Slack tells of a channel. */
export interface SlackChannel {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly is_archived?: boolean | undefined;
  readonly is_member?: boolean | undefined;
  readonly is_private?: boolean | undefined;
}

/** What a search for a channel came to. */
export type ChannelSearch =
  | { readonly type: 'found'; readonly channel: SlackChannel }
  | { readonly type: 'absent' }
  /** It could not be searched to the end: no scope, or too many channels. */
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
  try {
    return await search(session, name, 'public_channel,private_channel');
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) {
      throw error;
    }
  }
  try {
    // Listing private channels needs a scope of its own; and by its name only a public one can be posted to anyway.
    return await search(session, name, 'public_channel');
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) {
      throw error;
    }
    return { type: 'unknown' };
  }
}

async function search(session: SlackSession, name: string, types: string): Promise<ChannelSearch> {
  const wanted = name.normalize('NFC').toLowerCase();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await callSlack(session, (client) =>
      client.conversations.list({ types, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }),
    );
    const channel = answer.channels?.find((one) => one.name?.normalize('NFC').toLowerCase() === wanted);
    if (channel !== undefined) {
      return { type: 'found', channel };
    }
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) {
      return { type: 'absent' };
    }
  }
  return { type: 'unknown' };
}
