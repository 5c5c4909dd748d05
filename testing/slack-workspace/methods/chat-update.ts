import { type ContentErrorNames, readMessageContent } from '../blocks/message-content.js';
import type { MessageState } from '../state/workspace-state.js';
import { findMessage, findVisibleChannel } from './channel-access.js';
import { messageJson } from './message-json.js';
import { failure, isFailure, type SlackAnswer, type SlackCall, type SlackMethod, textArgument } from './method.js';

/** Unlike a new message, which is cut at 40,000. */
const maximumUpdatedTextLength = 4_000;

const errorNames: ContentErrorNames = { attachments: 'invalid_attachments', blocksTooLong: 'msg_too_long' };

/** What is not sent stays, except that a new text without blocks takes the old blocks away. */
const withRetained = (call: SlackCall, message: MessageState): Record<string, unknown> => {
  const sent = call.arguments;
  const text = sent['text'] ?? sent['markdown_text'];
  return {
    text: text ?? message.text,
    blocks: sent['blocks'] ?? (text === undefined ? message.blocks : []),
    attachments: sent['attachments'] ?? message.attachments,
    metadata: sent['metadata'] ?? message.metadata,
  };
};

const handle = (call: SlackCall): SlackAnswer => {
  const channel = findVisibleChannel(call);
  if ('ok' in channel) return channel;
  if (channel.isArchived) return failure('is_inactive');
  const message = findMessage(channel, textArgument(call, 'ts'));
  if ('ok' in message) return message;
  if (message.botId !== call.caller.bot.botId) return failure('cant_update_message');
  if (call.arguments['text'] !== undefined && call.arguments['markdown_text'] !== undefined) {
    return failure('markdown_text_conflict');
  }
  const content = readMessageContent(withRetained(call, message), errorNames);
  if (isFailure(content)) return content;
  if (content.text !== message.text && content.text.length > maximumUpdatedTextLength) return failure('msg_too_long');
  Object.assign(message, content);
  message.edited = { user: call.caller.bot.userId, ts: call.state.nextTimestamp() };
  return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message: messageJson(message, true) };
};

/** chat.update: changes a message of the same app in place. */
export const chatUpdate: SlackMethod = {
  scopes: ['chat:write'],
  requiredArguments: ['channel', 'ts'],
  optionalArguments: [
    'as_user',
    'attachments',
    'blocks',
    'link_names',
    'markdown_text',
    'metadata',
    'parse',
    'reply_broadcast',
    'text',
  ],
  errors: [
    'cant_update_message',
    'channel_not_found',
    'invalid_attachments',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'is_inactive',
    'markdown_text_conflict',
    'message_not_found',
    'msg_too_long',
    'no_text',
    'too_many_attachments',
  ],
  handle,
};
