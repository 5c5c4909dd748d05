import { timestampToMicroseconds } from '../state/timestamp.js';
import type { ChannelState, MessageState } from '../state/workspace-state.js';
import { findMessage, findVisibleChannel } from './channel-access.js';
import { messageJson } from './message-json.js';
import { failure, type SlackCall, type SlackFailure, type SlackMethod, textArgument } from './method.js';

const emojiName = /^[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?$/;

interface ReactionTarget {
  readonly channel: ChannelState;
  readonly message: MessageState;
}

const findTarget = (call: SlackCall): ReactionTarget | SlackFailure => {
  const timestamp = textArgument(call, 'timestamp');
  if (timestamp === undefined || textArgument(call, 'channel') === undefined) return failure('no_item_specified');
  const channel = findVisibleChannel(call);
  if ('ok' in channel) return channel;
  if (timestampToMicroseconds(timestamp) === undefined) return failure('bad_timestamp');
  const message = findMessage(channel, timestamp);
  return 'ok' in message ? message : { channel, message };
};

const add: SlackMethod = {
  scopes: ['reactions:write'],
  requiredArguments: ['channel', 'name', 'timestamp'],
  optionalArguments: [],
  errors: [
    'already_reacted',
    'bad_timestamp',
    'channel_not_found',
    'invalid_name',
    'is_archived',
    'message_not_found',
    'no_item_specified',
  ],
  handle: (call) => {
    const name = textArgument(call, 'name') ?? '';
    if (!emojiName.test(name)) return failure('invalid_name');
    const target = findTarget(call);
    if ('ok' in target) return target;
    if (target.channel.isArchived) return failure('is_archived');
    const { userId } = call.caller.bot;
    const reaction = target.message.reactions.find((candidate) => candidate.name === name);
    if (reaction?.users.includes(userId)) return failure('already_reacted');
    if (reaction === undefined) target.message.reactions.push({ name, users: [userId] });
    else reaction.users.push(userId);
    return { ok: true };
  },
};

const remove: SlackMethod = {
  scopes: ['reactions:write'],
  requiredArguments: ['name'],
  optionalArguments: ['channel', 'file', 'file_comment', 'timestamp'],
  errors: [
    'bad_timestamp',
    'channel_not_found',
    'invalid_name',
    'message_not_found',
    'no_access',
    'no_item_specified',
    'no_reaction',
  ],
  handle: (call) => {
    const name = textArgument(call, 'name') ?? '';
    if (!emojiName.test(name)) return failure('invalid_name');
    const target = findTarget(call);
    if ('ok' in target) return target;
    if (target.channel.isArchived) return failure('no_access');
    const { reactions } = target.message;
    const reaction = reactions.find((candidate) => candidate.name === name);
    const index = reaction?.users.indexOf(call.caller.bot.userId) ?? -1;
    if (reaction === undefined || index === -1) return failure('no_reaction');
    reaction.users.splice(index, 1);
    if (reaction.users.length === 0) reactions.splice(reactions.indexOf(reaction), 1);
    return { ok: true };
  },
};

const get: SlackMethod = {
  scopes: ['reactions:read'],
  requiredArguments: [],
  optionalArguments: ['channel', 'file', 'file_comment', 'full', 'timestamp'],
  errors: ['bad_timestamp', 'channel_not_found', 'message_not_found', 'no_item_specified'],
  handle: (call) => {
    const target = findTarget(call);
    if ('ok' in target) return target;
    return { ok: true, type: 'message', channel: target.channel.id, message: messageJson(target.message, false) };
  },
};

/** The reactions.* methods. */
export const reactionsMethods = { 'reactions.add': add, 'reactions.remove': remove, 'reactions.get': get };
