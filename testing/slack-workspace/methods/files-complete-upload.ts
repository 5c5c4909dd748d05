import { type ContentErrorNames, readMessageContent } from '../blocks/message-content.js';
import { isJsonObject } from '../json.js';
import { shareLate } from '../state/late-shares.js';
import { type MessageContent, postMessage } from '../state/messages.js';
import type { ChannelState, FileState } from '../state/workspace-state.js';
import { authorOf } from './authorship.js';
import { isMember, isVisible } from './channel-access.js';
import { fileJson } from './file-json.js';
import {
  failure,
  isFailure,
  type SlackAnswer,
  type SlackCall,
  type SlackFailure,
  type SlackMethod,
  textArgument,
} from './method.js';

const maximumChannels = 100;

const errorNames: ContentErrorNames = { attachments: 'invalid_arguments', blocksTooLong: 'invalid_blocks' };

interface CompletedFile {
  readonly file: FileState;
  readonly title: string;
}

/** The caller's own files, each uploaded in full and completed here for the first time. */
const findFiles = (call: SlackCall): readonly CompletedFile[] | SlackFailure => {
  const sent = call.arguments['files'];
  if (!Array.isArray(sent) || sent.length === 0 || !sent.every(isJsonObject)) return failure('invalid_arguments');
  const found: CompletedFile[] = [];
  for (const { id, title } of sent) {
    const file = call.state.files.get(String(id));
    const isReady = file?.bytes !== undefined && !file.isComplete && file.bot.userId === call.caller.bot.userId;
    if (file === undefined || !isReady) return failure('file_not_found');
    found.push({ file, title: typeof title === 'string' && title !== '' ? title : file.name });
  }
  return found;
};

/** Channels by ID only; chat:write.public opens none of them to a bot that is no member. */
const findChannels = (call: SlackCall): readonly ChannelState[] | SlackFailure => {
  const ids = [textArgument(call, 'channel_id'), ...(textArgument(call, 'channels') ?? '').split(',')]
    .map((id) => id?.trim() ?? '')
    .filter((id) => id !== '');
  if (ids.length > maximumChannels) return failure('channels_limit_exceeded');
  const found: ChannelState[] = [];
  for (const id of new Set(ids)) {
    const channel = call.state.channels.get(id);
    if (channel === undefined || !isVisible(call, channel)) return failure('channel_not_found');
    // Slack's reference lists no name for archived channels here; this is the one that fits.
    if (channel.isArchived) return failure('posting_to_channel_denied');
    if (!isMember(call, channel)) return failure('not_in_channel');
    found.push(channel);
  }
  return found;
};

/** What is said with the files: the comment, else the blocks, else nothing. */
const readComment = (call: SlackCall): MessageContent | SlackFailure => {
  const text = textArgument(call, 'initial_comment') ?? '';
  const blocks = text === '' ? call.arguments['blocks'] : undefined;
  if (text === '' && blocks === undefined) return { text, blocks: [], attachments: [], metadata: undefined };
  const content = readMessageContent({ text, blocks }, errorNames);
  if (!isFailure(content)) return content;
  return content.error === 'invalid_blocks' ? content : failure('invalid_blocks');
};

const handle = (call: SlackCall): SlackAnswer => {
  const files = findFiles(call);
  if ('ok' in files) return files;
  const channels = findChannels(call);
  if ('ok' in channels) return channels;
  const threadTs = textArgument(call, 'thread_ts');
  if (threadTs !== undefined && channels.length !== 1) return failure('invalid_arguments');
  const comment = readComment(call);
  if (isFailure(comment)) return comment;
  const { bot } = call.caller;
  for (const { file, title } of files) Object.assign(file, { title, isComplete: true });
  for (const channel of channels) {
    const share = (): void => {
      const posted = postMessage(call.state, channel, {
        ...comment,
        via: 'files.completeUploadExternal',
        botId: bot.botId,
        userId: bot.userId,
        ...authorOf(call),
        threadTs,
        isBroadcast: false,
        files: files.map(({ file }) => file),
      });
      const place = { channelId: channel.id, ts: posted.ts, threadTs: posted.threadTs };
      for (const { file } of files) file.shares.push(place);
    };
    shareLate(call.state, { fileIds: files.map(({ file }) => file.id), channelId: channel.id, share });
  }
  return { ok: true, files: files.map(({ file }) => fileJson(call, file, false)) };
};

/** files.completeUploadExternal: shares what was uploaded, in one message for each channel, or keeps it private. */
export const filesCompleteUpload: SlackMethod = {
  scopes: ['files:write'],
  requiredArguments: ['files'],
  optionalArguments: [
    'blocks',
    'channel_id',
    'channels',
    'icon_emoji',
    'icon_url',
    'initial_comment',
    'thread_ts',
    'username',
  ],
  errors: [
    'channel_not_found',
    'channels_limit_exceeded',
    'file_not_found',
    'invalid_blocks',
    'not_in_channel',
    'posting_to_channel_denied',
  ],
  handle,
};
