import { DeliveryError, type VerificationProblem } from '../../../src/index.js';
import { adviceFor } from '../slack-message/fault/advice.js';
import { callSlack, type SlackSession } from './call-slack.js';
import type { ChannelReference } from './channel.js';
import { type ChannelSearch, findChannel } from './find-channel.js';
import type { SlackChannel } from './list-channels.js';

/** What the token told of itself. */
export interface BotIdentity {
  readonly scopes: readonly string[];
  readonly botName: string | undefined;
}

/** What is known of the channel afterwards. */
export interface ChannelFindings {
  readonly problems: readonly VerificationProblem[];
  readonly channelId?: string | undefined;
  readonly channelName?: string | undefined;
  /** What Slack tells of it. */
  readonly channel?: SlackChannel | undefined;
  /** Slack did not let this token look at it. */
  readonly isHidden?: boolean;
}

/**
 * Looks whether the channel is there and lets the bot post. Where the token may not look, it finds no problem.
 *
 * @param session - The attempt.
 * @param reference - The channel.
 * @param bot - Who would post.
 * @returns What was found.
 * @throws `DeliveryError` of kind `unavailable` when Slack can't be asked now.
 */
export async function verifyChannel(
  session: SlackSession,
  reference: ChannelReference,
  bot: BotIdentity,
): Promise<ChannelFindings> {
  const search = await searchFor(session, reference);
  switch (search.type) {
    case 'found': {
      const { channel } = search;
      const name = channel.name ?? reference.name;
      const problems = problemsOf(channel, name ?? reference.posted, bot);
      return { problems, channelId: channel.id ?? reference.id, channelName: name, channel };
    }
    case 'absent':
      return { problems: [absent(reference)], channelId: reference.id, channelName: reference.name };
    case 'unknown':
    case 'hidden': {
      const isHidden = search.type === 'hidden';
      return { problems: [], channelId: reference.id, channelName: reference.name, isHidden };
    }
    default:
      return search satisfies never;
  }
}

async function searchFor(
  session: SlackSession,
  reference: ChannelReference,
): Promise<ChannelSearch | { readonly type: 'hidden' }> {
  const { id, name } = reference;
  if (id === undefined) {
    return name === undefined ? { type: 'unknown' } : findChannel(session, name);
  }
  try {
    const { channel } = await callSlack(session, (client) => client.conversations.info({ channel: id }));
    return channel === undefined ? { type: 'unknown' } : { type: 'found', channel };
  } catch (error) {
    if (!DeliveryError.is(error) || error.retryable) {
      throw error;
    }
    if (error.reason === 'missing_scope') return { type: 'hidden' };
    // A person's id takes direct messages, but is no channel to ask about.
    return error.reason === 'channel_not_found' && !/^[UW]/.test(id) ? { type: 'absent' } : { type: 'unknown' };
  }
}

function problemsOf(channel: SlackChannel, name: string, bot: BotIdentity): VerificationProblem[] {
  if (channel.is_archived === true) {
    return [problem('is_archived', `#${name} is archived: unarchive it or choose another channel`)];
  }
  const mayPostUninvited = channel.is_private !== true && bot.scopes.includes('chat:write.public');
  if (channel.is_member === false && !mayPostUninvited) {
    return [
      problem('not_in_channel', `The bot is not in #${name}: write "/invite @${bot.botName ?? 'bot'}" in #${name}`),
    ];
  }
  return [];
}

function absent(reference: ChannelReference): VerificationProblem {
  const advice = adviceFor('channel_not_found') ?? '';
  return problem('channel_not_found', `Slack shows this token no channel ${reference.posted}. ${advice}`);
}

function problem(reason: string, message: string): VerificationProblem {
  return { reason, kind: 'channel', message };
}
