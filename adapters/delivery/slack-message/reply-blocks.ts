import type { Message } from '../../../src/index.js';
import { plainText, type SectionBlock, type SlackAttachment } from './block-types.js';
import { cleanLine } from './clean-text.js';
import { headline } from './headline.js';
import { limits } from './limits.js';
import { fallback, withSign } from './message-blocks.js';
import { bodyBlocks, detailBlocks } from './message-details.js';
import { severityStyles } from './severity-style.js';
import { shortenPlain } from './shorten-text.js';

/** A reply in Block Kit. */
export interface ReplyBlocks {
  readonly blocks: SectionBlock[];
  readonly attachments: SlackAttachment[];
}

/**
 * Lays a reply in a thread out, less loud than a message of its own: no header, and the body first when it has no title,
 * because its readers know what the thread is about. Facts and links follow in an attachment with the severity's colour;
 * information needs no sign besides.
 *
 * @param message - The message.
 * @param remark - A short line of ours, in plain text.
 * @returns Blocks within Slack's limits; none of them is empty.
 */
export function replyBlocks(message: Message, remark?: string): ReplyBlocks {
  const { emoji, color } = severityStyles[message.severity];
  const sign = message.severity === 'INFO' ? '' : emoji;
  const title = cleanLine(message.title);
  const body = bodyBlocks(message, title === '' ? sign : '');
  const isBare = title === '' && body.length === 0;
  const blocks = title === '' && !isBare ? body : [titleBlock(sign, headline(message)), ...body];
  const details = detailBlocks(message, blocks, remark);
  return { blocks, attachments: [{ color, fallback: fallback(message), blocks: details }] };
}

function titleBlock(sign: string, title: string): SectionBlock {
  const signed = sign === '' ? title : withSign(sign, title);
  return { type: 'section', text: plainText(shortenPlain(signed, limits.header)) };
}
