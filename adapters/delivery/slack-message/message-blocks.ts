import type { Message } from '../../../src/index.js';
import { type HeaderBlock, plainText, type SlackAttachment } from './block-types.js';
import { headline } from './headline.js';
import { isolate, isolateLength } from './isolate.js';
import { limits } from './limits.js';
import { bodyBlocks, detailBlocks } from './message-details.js';
import { severityStyles } from './severity-style.js';
import { shortenEscaped, shortenPlain } from './shorten-text.js';

/** A message in Block Kit. */
export interface MessageBlocks {
  readonly blocks: HeaderBlock[];
  readonly attachments: SlackAttachment[];
}

/**
 * Lays a message out: the headline as a header, everything else in an attachment with the severity's colour.
 *
 * Only attachments have a colour bar. The header stays outside of it, because a message that has top-level blocks keeps
 * its top-level text for notifications and screen readers; without them Slack would show that text above the attachment
 * and the alert would stand there twice.
 *
 * @param message - The message.
 * @param remark - A short line of ours, in plain text.
 * @returns Blocks within Slack's limits; none of them is empty.
 */
export function messageBlocks(message: Message, remark?: string): MessageBlocks {
  const { emoji, color } = severityStyles[message.severity];
  const header: HeaderBlock = {
    type: 'header',
    text: plainText(shortenPlain(withSign(emoji, headline(message)), limits.header)),
  };
  const body = bodyBlocks(message);
  const details = detailBlocks(message, [header, ...body], remark);
  return {
    blocks: [header],
    attachments: [{ color, fallback: fallback(message), blocks: [...body, ...details] }],
  };
}

/**
 * Says an attachment in one line.
 *
 * @param message - The message.
 * @returns Severity and headline, escaped, within Slack's limit.
 */
export function fallback(message: Message): string {
  const prefix = `${message.severity}: `;
  return prefix + isolate(shortenEscaped(headline(message), limits.fallback - prefix.length - isolateLength));
}

/**
 * Puts the sign of a severity before a title.
 *
 * @param emoji - The sign.
 * @param title - The title; one that begins with the sign already, as many do, does not get it twice.
 */
export function withSign(emoji: string, title: string): string {
  return title.startsWith(emoji) ? title : `${emoji} ${title}`;
}
