import type { JsonObject } from './json.js';
import { channelMessages, threadReplies } from './state/messages.js';
import type { ChannelState, FileState, MessageState } from './state/workspace-state.js';

/** A reaction and who set it. */
export interface SlackReaction {
  /** Emoji name without colons. */
  readonly name: string;
  /** User IDs. */
  readonly users: readonly string[];
}

/** A file as a message shows it. */
export interface SlackFile {
  readonly id: string;
  readonly name: string;
  /** What people see; the name where none was given. */
  readonly title: string;
  readonly mimetype: string;
  /** In bytes. */
  readonly size: number;
}

/** A message as it stands when it is read. */
export interface SlackMessage {
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly attachments: readonly JsonObject[];
  /** The parent's ts, on replies only. */
  readonly threadTs: string | undefined;
  /** Whether this reply is shown in the channel as well. */
  readonly isBroadcast: boolean;
  readonly reactions: readonly SlackReaction[];
  /** The files that it shares. */
  readonly files: readonly SlackFile[];
  /** Who changed it last, and when as a ts. */
  readonly edited: { readonly user: string; readonly ts: string } | undefined;
  readonly metadata: JsonObject | undefined;
  readonly botId: string;
  /** Undefined for messages of a webhook. */
  readonly userId: string | undefined;
  readonly username: string;
  readonly iconEmoji: string | undefined;
}

/** A channel for reading; its properties are looked up at each access. */
export interface SlackChannel {
  readonly id: string;
  /** Without `#`. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  /** What the channel shows, oldest first: top-level messages and broadcast replies. */
  readonly messages: readonly SlackMessage[];
  /** The replies in the thread under a message, oldest first. */
  replies(ts: string): readonly SlackMessage[];
}

const readFile = ({ id, name, title, mimetype, size }: FileState): SlackFile => ({ id, name, title, mimetype, size });

/** The reading side of a message: a copy. */
export const readMessage = (message: MessageState): SlackMessage => {
  const { replies, isFromWebhook, ...rest } = message;
  return {
    ...rest,
    reactions: message.reactions.map(({ name, users }) => ({ name, users: [...users] })),
    files: message.files.map(readFile),
  };
};

/** The reading side of a channel. */
export const readChannel = (channel: ChannelState): SlackChannel => ({
  id: channel.id,
  name: channel.name,
  isPrivate: channel.isPrivate,
  get isArchived() {
    return channel.isArchived;
  },
  get messages() {
    return channelMessages(channel).map(readMessage);
  },
  replies: (ts) => threadReplies(channel, ts).map(readMessage),
});
