import { lookUpChannel } from '../state/channels.js';
import type { ChannelState, MessageState } from '../state/workspace-state.js';
import { failure, missingScope, type SlackCall, type SlackFailure, textArgument } from './method.js';

/** Whether the caller's bot is a member. */
export const isMember = (call: SlackCall, channel: ChannelState): boolean =>
  channel.members.has(call.caller.bot.userId);

/** Whether the caller's bot may know that the channel exists. */
export const isVisible = (call: SlackCall, channel: ChannelState): boolean =>
  !channel.isPrivate || isMember(call, channel);

/** The channel to post to, by ID or, if it is public, by name. */
export const findPostableChannel = (call: SlackCall): ChannelState | SlackFailure => {
  const wanted = textArgument(call, 'channel') ?? '';
  const channel = lookUpChannel(call.state, wanted);
  const isByName = channel?.id !== wanted;
  if (channel === undefined || !isVisible(call, channel) || (channel.isPrivate && isByName)) {
    return failure('channel_not_found');
  }
  if (channel.isArchived) return failure('is_archived');
  if (!isMember(call, channel) && !call.caller.scopes.includes('chat:write.public')) return failure('not_in_channel');
  return channel;
};

/** The channel that everything but posting means: by ID only, and only if the bot may see it. */
export const findVisibleChannel = (call: SlackCall): ChannelState | SlackFailure => {
  const channel = call.state.channels.get(textArgument(call, 'channel') ?? '');
  return channel === undefined || !isVisible(call, channel) ? failure('channel_not_found') : channel;
};

/** A visible channel whose kind the token's scopes cover: `channels:read` for public ones, `groups:read` for private. */
export const findScopedChannel = (call: SlackCall, access: 'read' | 'history'): ChannelState | SlackFailure => {
  const channel = findVisibleChannel(call);
  if ('ok' in channel) return channel;
  const needed = `${channel.isPrivate ? 'groups' : 'channels'}:${access}`;
  return call.caller.scopes.includes(needed) ? channel : missingScope(call, needed);
};

/** The message under a timestamp. */
export const findMessage = (channel: ChannelState, ts: string | undefined): MessageState | SlackFailure =>
  channel.messages.get(ts ?? '') ?? failure('message_not_found');
