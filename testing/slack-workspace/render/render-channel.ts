import { channelMessages, threadReplies } from '../state/messages.js';
import { timestampToMicroseconds } from '../state/timestamp.js';
import type { ChannelState, MessageState, WorkspaceState } from '../state/workspace-state.js';
import { indent, type RenderOptions, renderAuthor, renderMessageBody, timeIndent } from './render-message.js';

const isoTime = ({ ts }: MessageState): string => {
  const microseconds = timestampToMicroseconds(ts) ?? 0;
  return new Date(Math.floor(microseconds / 1_000)).toISOString();
};

const nameOf = (message: MessageState): string =>
  `${renderAuthor(message)}${message.edited === undefined ? '' : ' (edited)'}`;

const renderReply = (message: MessageState, isColored: boolean): string[] => {
  const note = message.isBroadcast ? ' (also sent to the channel)' : '';
  return [
    `${timeIndent}↳ ${isoTime(message).slice(11, 19)}  ${nameOf(message)}${note}`,
    ...indent(renderMessageBody(message, isColored), `${timeIndent}  `),
  ];
};

const renderEntry = (channel: ChannelState, message: MessageState, isColored: boolean): string[] => {
  const note = message.threadTs === undefined ? '' : ' (from a thread)';
  const replies = message.threadTs === undefined ? threadReplies(channel, message.ts) : [];
  return [
    `${isoTime(message).slice(11, 19)}  ${nameOf(message)}${note}`,
    ...indent(renderMessageBody(message, isColored), timeIndent),
    ...replies.flatMap((reply) => renderReply(reply, isColored)),
    '',
  ];
};

/** A channel as text: each message with its time in UTC, its thread under it, a line for each new day. */
export const renderChannel = (state: WorkspaceState, channel: ChannelState, options: RenderOptions = {}): string => {
  const kind = [channel.isPrivate ? 'private' : '', channel.isArchived ? 'archived' : ''].filter(Boolean).join(', ');
  const title = `#${channel.name} · ${state.team.name}${kind === '' ? '' : ` (${kind})`}`;
  const lines = [title];
  let day = '';
  for (const message of channelMessages(channel)) {
    const messageDay = isoTime(message).slice(0, 10);
    if (messageDay !== day) lines.push(`──── ${messageDay} UTC ────`, '');
    day = messageDay;
    lines.push(...renderEntry(channel, message, options.isColored ?? false));
  }
  return `${lines.join('\n').trimEnd()}\n`;
};
