import type { JsonObject } from '../json.js';
import type { ChannelState } from '../state/workspace-state.js';
import { findScopedChannel, findVisibleChannel, isMember, isVisible } from './channel-access.js';
import { conversationsHistory, conversationsReplies } from './conversations-history.js';
import { failure, flagArgument, missingScope, type SlackCall, type SlackMethod, textArgument } from './method.js';
import { paginate } from './paginate.js';

const knownTypes = ['public_channel', 'private_channel', 'mpim', 'im'];
const readScopes = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];

const channelJson = (call: SlackCall, channel: ChannelState, includeMemberCount: boolean): JsonObject => ({
  id: channel.id,
  name: channel.name,
  name_normalized: channel.name,
  is_channel: !channel.isPrivate,
  is_group: channel.isPrivate,
  is_im: false,
  is_mpim: false,
  is_private: channel.isPrivate,
  is_archived: channel.isArchived,
  is_member: isMember(call, channel),
  created: Math.floor(channel.createdAtMs / 1_000),
  context_team_id: call.state.team.id,
  num_members: includeMemberCount ? channel.members.size : undefined,
});

const list: SlackMethod = {
  scopes: readScopes,
  requiredArguments: [],
  optionalArguments: ['cursor', 'exclude_archived', 'limit', 'team_id', 'types'],
  errors: ['invalid_cursor', 'invalid_limit', 'invalid_types'],
  handle: (call) => {
    const types = (textArgument(call, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
    if (!types.every((type) => knownTypes.includes(type))) return failure('invalid_types');
    const needed = [
      ...(types.includes('public_channel') ? ['channels:read'] : []),
      ...(types.includes('private_channel') ? ['groups:read'] : []),
    ].find((scope) => !call.caller.scopes.includes(scope));
    if (needed !== undefined) return missingScope(call, needed);
    const limit = Number(textArgument(call, 'limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > 999) return failure('invalid_limit');
    const channels = [...call.state.channels.values()].filter(
      (channel) =>
        isVisible(call, channel) &&
        types.includes(channel.isPrivate ? 'private_channel' : 'public_channel') &&
        !(channel.isArchived && flagArgument(call, 'exclude_archived')),
    );
    const page = paginate(call, channels, ({ id }) => id, limit);
    if ('ok' in page) return page;
    return {
      ok: true,
      channels: page.items.map((channel) => channelJson(call, channel, true)),
      response_metadata: { next_cursor: page.nextCursor },
    };
  },
};

const info: SlackMethod = {
  scopes: readScopes,
  requiredArguments: ['channel'],
  optionalArguments: ['include_locale', 'include_num_members'],
  errors: ['channel_not_found'],
  handle: (call) => {
    const channel = findScopedChannel(call, 'read');
    if ('ok' in channel) return channel;
    return { ok: true, channel: channelJson(call, channel, flagArgument(call, 'include_num_members')) };
  },
};

const join: SlackMethod = {
  scopes: ['channels:join'],
  requiredArguments: ['channel'],
  optionalArguments: [],
  errors: ['channel_not_found', 'is_archived', 'method_not_supported_for_channel_type'],
  handle: (call) => {
    const channel = findVisibleChannel(call);
    if ('ok' in channel) return channel;
    if (channel.isPrivate) return failure('method_not_supported_for_channel_type');
    if (channel.isArchived) return failure('is_archived');
    channel.members.add(call.caller.bot.userId);
    return { ok: true, channel: channelJson(call, channel, false) };
  },
};

/** The conversations.* methods. */
export const conversationsMethods = {
  'conversations.list': list,
  'conversations.info': info,
  'conversations.join': join,
  'conversations.history': conversationsHistory,
  'conversations.replies': conversationsReplies,
};
