import { channelMessages, threadReplies } from '../state/messages.js';
import { timestampToMicroseconds } from '../state/timestamp.js';
import type { ChannelState, MessageState, WorkspaceState } from '../state/workspace-state.js';
import { mrkdwnToText } from './mrkdwn-to-text.js';
import { renderAttachment } from './render-attachment.js';
import { renderBlocks } from './render-blocks.js';

/** How a channel is rendered. */
export interface RenderOptions {
  /** Paints the bars of attachments with ANSI escapes. @default false */
  readonly isColored?: boolean;
}

const timeIndent = '          ';

const isoTime = ({ ts }: MessageState): string => {
  const microseconds = timestampToMicroseconds(ts) ?? 0;
  return new Date(Math.floor(microseconds / 1_000)).toISOString();
};

const messageBody = (message: MessageState, isColored: boolean): string[] => {
  const blocks = renderBlocks(message.blocks);
  // With blocks, Slack shows the text in notifications only.
  const text = blocks.length > 0 || message.text === '' ? [] : mrkdwnToText(message.text).split('\n');
  const reactions = message.reactions.map(({ name, users }) => `:${name}: ${users.length}`).join('  ');
  return [
    ...text,
    ...blocks,
    ...message.attachments.flatMap((attachment) => renderAttachment(attachment, isColored)),
    ...(reactions === '' ? [] : [reactions]),
  ];
};

const nameOf = (message: MessageState): string => {
  const icon = message.iconEmoji === undefined ? '' : `${message.iconEmoji} `;
  return `${icon}${message.username}${message.edited === undefined ? '' : ' (edited)'}`;
};

const indent = (lines: readonly string[], prefix: string): string[] =>
  lines.map((line) => `${prefix}${line}`.trimEnd());

const renderReply = (message: MessageState, isColored: boolean): string[] => {
  const note = message.isBroadcast ? ' (also sent to the channel)' : '';
  return [
    `${timeIndent}↳ ${isoTime(message).slice(11, 19)}  ${nameOf(message)}${note}`,
    ...indent(messageBody(message, isColored), `${timeIndent}  `),
  ];
};

const renderEntry = (channel: ChannelState, message: MessageState, isColored: boolean): string[] => {
  const note = message.threadTs === undefined ? '' : ' (from a thread)';
  const replies = message.threadTs === undefined ? threadReplies(channel, message.ts) : [];
  return [
    `${isoTime(message).slice(11, 19)}  ${nameOf(message)}${note}`,
    ...indent(messageBody(message, isColored), timeIndent),
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
