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

/** Some of the channels that a token can see. */
export interface ChannelPage {
  readonly channels: readonly SlackChannel[];
  /** Of the token, as Slack tells them with every answer. */
  readonly scopes: readonly string[];
  /** Whether it is the last one that is read, though there are more: 5,000 channels are read at most. */
  readonly isCut: boolean;
  /** Where the next page begins, if there is one to read. */
  readonly next: ListPosition | undefined;
}

/** Where a list goes on that was left. */
export interface ListPosition {
  /** The kinds of channels in it. */
  readonly types: string;
  readonly cursor: string;
  /** How many pages come before it. */
  readonly page: number;
}

/**
 * Reads the channels that a token can see, page by page: the private ones too where it may list them.
 *
 * @param session - The attempt.
 * @param filter - What Slack is to leave out.
 * @param from - Where to begin. Default: at the beginning.
 * @returns The pages.
 * @throws `DeliveryError` of any kind, for the first page or a later one.
 */
export async function* listChannels(
  session: SlackSession,
  filter: { readonly exclude_archived?: boolean } = {},
  from?: ListPosition,
): AsyncGenerator<ChannelPage> {
  let types = from?.types ?? 'public_channel,private_channel';
  let cursor = from?.cursor;
  for (let page = from?.page ?? 0; page < maxPages; page += 1) {
    const list = () =>
      callSlack(session, (client) =>
        client.conversations.list({ ...filter, types, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) }),
      );
    const answer = await list().catch((error: unknown) => {
      if (page > 0 || !DeliveryError.is(error) || error.retryable) throw error;
      // Listing private channels needs a scope of its own.
      types = 'public_channel';
      return list();
    });
    cursor = answer.response_metadata?.next_cursor || undefined;
    const isLast = page === maxPages - 1;
    yield {
      channels: answer.channels ?? [],
      scopes: answer.response_metadata?.scopes ?? [],
      isCut: cursor !== undefined && isLast,
      next: cursor === undefined || isLast ? undefined : { types, cursor, page: page + 1 },
    };
    if (cursor === undefined) return;
  }
}
