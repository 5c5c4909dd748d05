import { type ContentErrorNames, readMessageContent } from '../blocks/message-content.js';
import { postMessage } from '../state/messages.js';
import { takeFromBucket } from '../state/rate-limit.js';
import { authorOf } from './authorship.js';
import { findPostableChannel } from './channel-access.js';
import { messageJson } from './message-json.js';
import {
  failure,
  flagArgument,
  isFailure,
  type SlackAnswer,
  type SlackCall,
  type SlackMethod,
  textArgument,
} from './method.js';

const errorNames: ContentErrorNames = { attachments: 'invalid_arguments', blocksTooLong: 'msg_blocks_too_long' };

const handle = (call: SlackCall): SlackAnswer => {
  if (flagArgument(call, 'as_user')) return failure('as_user_not_supported');
  const channel = findPostableChannel(call);
  if ('ok' in channel) return channel;
  const retryAfterSeconds = takeFromBucket(channel, call.state.rateLimit, call.state.clock());
  if (retryAfterSeconds !== undefined) return { ...failure('ratelimited'), retryAfterSeconds };
  const markdown = textArgument(call, 'markdown_text');
  const { text, blocks } = call.arguments;
  if (markdown !== undefined && (text !== undefined || blocks !== undefined)) return failure('markdown_text_conflict');
  const content = readMessageContent({ ...call.arguments, text: markdown ?? text }, errorNames);
  if (isFailure(content)) return content;
  const { bot } = call.caller;
  const posted = postMessage(call.state, channel, {
    ...content,
    via: 'chat.postMessage',
    botId: bot.botId,
    userId: bot.userId,
    ...authorOf(call),
    threadTs: textArgument(call, 'thread_ts'),
    isBroadcast: flagArgument(call, 'reply_broadcast'),
  });
  return { ok: true, channel: channel.id, ts: posted.ts, message: messageJson(posted, true) };
};

/** chat.postMessage: new messages and replies. */
export const chatPostMessage: SlackMethod = {
  scopes: ['chat:write'],
  requiredArguments: ['channel'],
  optionalArguments: [
    'as_user',
    'attachments',
    'blocks',
    'icon_emoji',
    'icon_url',
    'link_names',
    'markdown_text',
    'metadata',
    'mrkdwn',
    'parse',
    'reply_broadcast',
    'text',
    'thread_ts',
    'unfurl_links',
    'unfurl_media',
    'username',
  ],
  errors: [
    'as_user_not_supported',
    'channel_not_found',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'is_archived',
    'markdown_text_conflict',
    'msg_blocks_too_long',
    'no_text',
    'not_in_channel',
    'too_many_attachments',
  ],
  handle,
};
