import { deleteMessage } from '../state/messages.js';
import { permalinkOf } from '../state/permalink.js';
import { findMessage, findVisibleChannel } from './channel-access.js';
import { chatPostMessage } from './chat-post-message.js';
import { chatUpdate } from './chat-update.js';
import { failure, type SlackMethod, textArgument } from './method.js';

const chatDelete: SlackMethod = {
  scopes: ['chat:write'],
  requiredArguments: ['channel', 'ts'],
  optionalArguments: ['as_user'],
  errors: ['cant_delete_message', 'channel_not_found', 'message_not_found'],
  handle: (call) => {
    const channel = findVisibleChannel(call);
    if ('ok' in channel) return channel;
    const message = findMessage(channel, textArgument(call, 'ts'));
    if ('ok' in message) return message;
    if (channel.isArchived || message.botId !== call.caller.bot.botId) return failure('cant_delete_message');
    deleteMessage(channel, message);
    return { ok: true, channel: channel.id, ts: message.ts };
  },
};

const chatGetPermalink: SlackMethod = {
  scopes: [],
  requiredArguments: ['channel', 'message_ts'],
  optionalArguments: [],
  errors: ['channel_not_found', 'message_not_found'],
  handle: (call) => {
    const channel = findVisibleChannel(call);
    if ('ok' in channel) return channel;
    const message = findMessage(channel, textArgument(call, 'message_ts'));
    if ('ok' in message) return message;
    return { ok: true, channel: channel.id, permalink: permalinkOf(call.state, channel, message) };
  },
};

/** The chat.* methods. */
export const chatMethods = {
  'chat.postMessage': chatPostMessage,
  'chat.update': chatUpdate,
  'chat.delete': chatDelete,
  'chat.getPermalink': chatGetPermalink,
};
