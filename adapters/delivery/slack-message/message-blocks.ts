import type { Message } from '../../../src/index.js';
import {
  type ContextBlock,
  type HeaderBlock,
  mrkdwn,
  plainText,
  type SlackAttachment,
  type SlackBlock,
} from './block-types.js';
import { cleanLine, cleanText } from './clean-text.js';
import { factSections } from './fact-sections.js';
import { headline } from './headline.js';
import { jsonLength, limits } from './limits.js';
import { linkButtons } from './link-buttons.js';
import { dateToken } from './message-time.js';
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
 * @returns Blocks within Slack's limits; none of them is empty.
 */
export function messageBlocks(message: Message): MessageBlocks {
  const { emoji, color } = severityStyles[message.severity];
  const title = headline(message);
  const header: HeaderBlock = { type: 'header', text: plainText(shortenPlain(withSign(emoji, title), limits.header)) };
  const body = bodyBlocks(message);
  const most = contextBlock(message, { facts: message.fields.length, links: message.links.length });
  const room = limits.blocksJson - jsonLength([header, ...body, most]);
  const buttons = linkButtons(message.links, Math.floor(room / 2));
  const facts = factSections(message.fields, room - jsonLength(buttons.actions));
  const context = contextBlock(message, { facts: facts.leftOut, links: buttons.leftOut });
  return {
    blocks: [header],
    attachments: [
      {
        color,
        fallback: shortenEscaped(`${message.severity}: ${title}`, limits.fallback),
        blocks: [...body, ...facts.sections, ...buttons.actions, context],
      },
    ],
  };
}

/** A title that begins with the sign already, as many do, does not get it twice. */
function withSign(emoji: string, title: string): string {
  return title.startsWith(emoji) ? title : `${emoji} ${title}`;
}

function bodyBlocks(message: Message): SlackBlock[] {
  const text = cleanText(message.text).trim();
  return text === '' ? [] : [{ type: 'section', text: mrkdwn(shortenEscaped(text, limits.section)) }];
}

/** How many facts and links found no room. */
interface LeftOut {
  readonly facts: number;
  readonly links: number;
}

function contextBlock(message: Message, leftOut: LeftOut): ContextBlock {
  const name = shortenPlain(cleanLine(message.automationName) || 'Automation', limits.context);
  const time = dateToken(message.atMs);
  const elements: ContextBlock['elements'] = [plainText(name)];
  if (time !== '') {
    elements.push(mrkdwn(time));
  }
  if (leftOut.facts > 0) {
    elements.push(plainText(`and ${leftOut.facts} more`));
  }
  if (leftOut.links > 0) {
    elements.push(plainText(`and ${leftOut.links} more ${leftOut.links === 1 ? 'link' : 'links'}`));
  }
  return { type: 'context', elements };
}
