import type { JsonObject } from '../json.js';
import type { MessageState } from '../state/workspace-state.js';
import { fileFacts } from './file-json.js';

const subtypeOf = (message: MessageState): string | undefined => {
  if (message.isBroadcast) return 'thread_broadcast';
  return message.isFromWebhook ? 'bot_message' : undefined;
};

const threadOf = ({ ts, threadTs, replies }: MessageState): JsonObject => {
  if (threadTs !== undefined) return { thread_ts: threadTs };
  if (replies.length === 0) return {};
  return { thread_ts: ts, reply_count: replies.length, latest_reply: replies.at(-1) };
};

/**
 * A message as the Web API answers it.
 *
 * @param includeMetadata - history and replies leave metadata out unless asked with include_all_metadata
 */
export const messageJson = (message: MessageState, includeMetadata: boolean): JsonObject => ({
  type: 'message',
  subtype: subtypeOf(message),
  user: message.userId,
  // What Slack tells of the author of a shared file is its user alone.
  bot_id: message.files.length > 0 ? undefined : message.botId,
  username: message.username,
  icons: message.iconEmoji === undefined ? undefined : { emoji: message.iconEmoji },
  ts: message.ts,
  text: message.text,
  blocks: message.blocks.length > 0 ? message.blocks : undefined,
  attachments: message.attachments.length > 0 ? message.attachments : undefined,
  ...(message.files.length > 0 ? { files: message.files.map(fileFacts), upload: false, display_as_bot: false } : {}),
  metadata: includeMetadata ? message.metadata : undefined,
  edited: message.edited,
  reactions: message.reactions.length > 0 ? reactionsJson(message) : undefined,
  ...threadOf(message),
});

/** A message's reactions as the Web API answers them. */
const reactionsJson = ({ reactions }: MessageState): readonly JsonObject[] =>
  reactions.map(({ name, users }) => ({ name, users: [...users], count: users.length }));
