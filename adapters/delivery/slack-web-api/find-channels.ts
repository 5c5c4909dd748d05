import { type ChannelQuery, type ChannelSearchResult, DeliveryError, type FoundChannel } from '../../../src/index.js';
import type { SlackSession } from './call-slack.js';
import { comparable } from './find-channel.js';
import { type ChannelPage, listChannels, type SlackChannel } from './list-channels.js';

/**
 * Names channels to choose from: public ones, private ones where the token may list them, none that is archived.
 *
 * @param session - The attempt.
 * @param query - Which, and how many.
 * @returns The channels found among 5,000, in order of their names.
 * @throws `DeliveryError` of any kind; without the scope to list channels, of kind `message` and reason `missing_scope`.
 */
export async function findChannels(session: SlackSession, query: ChannelQuery): Promise<ChannelSearchResult> {
  const wanted = comparable((query.search ?? '').trim().replace(/^#/, ''));
  const found: FoundChannel[] = [];
  let isCut = false;
  let pages = 0;
  try {
    for await (const page of listChannels(session, { exclude_archived: true })) {
      found.push(...page.channels.flatMap((channel) => choiceOf(channel, wanted, page)));
      pages += 1;
      isCut = page.isCut;
    }
  } catch (error) {
    if (pages === 0 || !DeliveryError.is(error) || !error.retryable) throw refusal(error);
    // What was read is worth showing: Slack lets an app list some twenty pages a minute.
    isCut = true;
  }
  found.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
  return { channels: found.slice(0, query.limit), hasMore: isCut || found.length > query.limit };
}

function choiceOf(channel: SlackChannel, wanted: string, { scopes }: ChannelPage): FoundChannel[] {
  const { id, name, is_archived: isArchived, is_member: isMember = false, is_private: isPrivate = false } = channel;
  if (id === undefined || name === undefined || isArchived === true || !comparable(name).includes(wanted)) return [];
  return [{ id, name, isPrivate, isMember: isMember || (!isPrivate && scopes.includes('chat:write.public')) }];
}

function refusal(error: unknown): unknown {
  if (!DeliveryError.is(error) || error.reason !== 'missing_scope') return error;
  return new DeliveryError({
    kind: 'message',
    reason: error.reason,
    message:
      'Slack lists no channels for this token: add the scope channels:read (private channels: groups:read) in the settings of the Slack app and install it again',
    status: error.status,
    body: error.body,
  });
}
