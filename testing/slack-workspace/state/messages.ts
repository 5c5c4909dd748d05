import type { JsonObject } from '../json.js';
import { recordArrival, type SlackArrival } from '../ledger.js';
import type { ChannelState, FileState, MessageState, WorkspaceState } from './workspace-state.js';

/** What a message says, after Slack's limits were applied. */
export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly JsonObject[];
  readonly metadata: JsonObject | undefined;
}

/** Who posts, where in the channel, and what. */
export interface MessageToPost extends MessageContent {
  readonly via: SlackArrival['via'];
  readonly botId: string;
  readonly userId: string | undefined;
  readonly username: string;
  readonly iconEmoji: string | undefined;
  readonly threadTs: string | undefined;
  readonly isBroadcast: boolean;
  readonly files?: readonly FileState[];
}

/**
 * The parent that a `thread_ts` leads to: a reply's ts leads to its parent, an unknown or deleted one to undefined.
 *
 * Slack does not refuse a reply to a message that is gone: it posts it at top level and leaves thread_ts out of the answer.
 */
const threadParent = (channel: ChannelState, threadTs: string | undefined): MessageState | undefined => {
  if (threadTs === undefined) return undefined;
  const message = channel.messages.get(threadTs);
  return message?.threadTs === undefined ? message : channel.messages.get(message.threadTs);
};

/** Posts a message and enters it in the ledger. */
export const postMessage = (state: WorkspaceState, channel: ChannelState, message: MessageToPost): MessageState => {
  const { via, ...content } = message;
  const parent = threadParent(channel, message.threadTs);
  const posted: MessageState = {
    ...content,
    ts: state.nextTimestamp(),
    threadTs: parent?.ts,
    isBroadcast: parent !== undefined && message.isBroadcast,
    isFromWebhook: via === 'webhook',
    replies: [],
    reactions: [],
    files: message.files ?? [],
    edited: undefined,
  };
  channel.messages.set(posted.ts, posted);
  parent?.replies.push(posted.ts);
  recordArrival(state.ledger, {
    metadata: posted.metadata,
    fileNames: posted.files.map(({ name }) => name),
    channelId: channel.id,
    channelName: channel.name,
    ts: posted.ts,
    threadTs: posted.threadTs,
    arrivedAtMs: state.clock(),
    via,
  });
  return posted;
};

/** Takes a message away; its replies stay readable, as in Slack. */
export const deleteMessage = (channel: ChannelState, message: MessageState): void => {
  channel.messages.delete(message.ts);
  const siblings = message.threadTs === undefined ? undefined : channel.messages.get(message.threadTs)?.replies;
  if (siblings !== undefined) siblings.splice(siblings.indexOf(message.ts), 1);
};

/** What the channel itself shows, oldest first: top-level messages and replies that were broadcast. */
export const channelMessages = (channel: ChannelState): MessageState[] =>
  [...channel.messages.values()].filter(({ threadTs, isBroadcast }) => threadTs === undefined || isBroadcast);

/** The replies of a thread, oldest first. */
export const threadReplies = (channel: ChannelState, threadTs: string): MessageState[] =>
  [...channel.messages.values()].filter((message) => message.threadTs === threadTs);
