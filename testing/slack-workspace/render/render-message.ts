import type { MessageState } from '../state/workspace-state.js';
import { mrkdwnToText } from './mrkdwn-to-text.js';
import { renderAttachment } from './render-attachment.js';
import { renderBlocks } from './render-blocks.js';
import { withoutControls } from './without-controls.js';

/** How a channel or a message is rendered. */
export interface RenderOptions {
  /** Paints the bars of attachments with ANSI escapes. @default false */
  readonly isColored?: boolean;
}

/** What stands left of a message, and blank left of its lines: its time. */
export const timeIndent = '          ';

/** What of a message is rendered. */
export type RenderedMessage = Pick<MessageState, 'text' | 'blocks' | 'attachments' | 'reactions'> & {
  /** Without a size: it is not known before the upload. */
  readonly files: readonly (Pick<MessageState['files'][number], 'title' | 'mimetype'> & { readonly size?: number })[];
};

const renderFile = ({ title, mimetype, size }: RenderedMessage['files'][number]): string => {
  const kind = mimetype.startsWith('image/') ? 'image' : 'file';
  const bytes = size === undefined ? '' : `, ${size.toLocaleString('en-US')} bytes`;
  return `[${kind} ${withoutControls(title)}${bytes}]`;
};

/** A message's content as lines, its reactions last. */
export const renderMessageBody = (message: RenderedMessage, isColored: boolean): string[] => {
  const blocks = renderBlocks(withoutControls(message.blocks));
  // With blocks, Slack shows the text in notifications only.
  const text = blocks.length > 0 || message.text === '' ? [] : mrkdwnToText(withoutControls(message.text)).split('\n');
  const reactions = message.reactions.map(({ name, users }) => `:${name}: ${users.length}`).join('  ');
  return [
    ...text,
    ...blocks,
    ...withoutControls(message.attachments).flatMap((attachment) => renderAttachment(attachment, isColored)),
    ...message.files.map(renderFile),
    ...(reactions === '' ? [] : [reactions]),
  ];
};

/** As whom a message stands there. */
export const renderAuthor = (author: Pick<MessageState, 'iconEmoji' | 'username'>): string =>
  withoutControls(`${author.iconEmoji === undefined ? '' : `${author.iconEmoji} `}${author.username}`);

/** Lines behind a prefix, without blanks at their ends. */
export const indent = (lines: readonly string[], prefix: string): string[] =>
  lines.map((line) => `${prefix}${line}`.trimEnd());
