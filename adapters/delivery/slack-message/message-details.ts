import type { Message } from '../../../src/index.js';
import { type ContextBlock, mrkdwn, plainText, type SectionBlock, type SlackBlock } from './block-types.js';
import { cleanLine, cleanText } from './clean-text.js';
import { factSections } from './fact-sections.js';
import { imageBlock, imageLinks } from './image-block.js';
import { jsonLength, limits } from './limits.js';
import { linkButtons } from './link-buttons.js';
import { dateToken } from './message-time.js';
import { shortenEscaped, shortenPlain } from './shorten-text.js';

/**
 * Lays the body of a message out.
 *
 * @param message - The message.
 * @param sign - Stands before it.
 * @returns One section; none when the body is empty.
 */
export function bodyBlocks(message: Message, sign = ''): SectionBlock[] {
  const text = cleanText(message.text).trim();
  const whole = sign === '' || text.startsWith(sign) ? text : `${sign} ${text}`;
  return text === '' ? [] : [{ type: 'section', text: mrkdwn(shortenEscaped(whole, limits.section)) }];
}

/**
 * Lays out what follows the body: facts, picture, links, and whose message it is.
 *
 * @param message - The message.
 * @param before - The blocks that stand before them; all together keep to Slack's limit.
 * @param remark - A short line of ours, in plain text.
 * @returns At least the block that says whose message it is.
 */
export function detailBlocks(message: Message, before: readonly SlackBlock[], remark = ''): SlackBlock[] {
  const image = imageBlock(message);
  const images = image === undefined ? [] : [image];
  const links = image === undefined ? [...message.links, ...imageLinks(message)] : message.links;
  const most = contextBlock(message, { facts: message.fields.length, links: links.length }, remark);
  const room = limits.blocksJson - jsonLength([...before, ...images, most]);
  const buttons = linkButtons(links, Math.floor(room / 2));
  const facts = factSections(message.fields, room - jsonLength(buttons.actions));
  const context = contextBlock(message, { facts: facts.leftOut, links: buttons.leftOut }, remark);
  return [...facts.sections, ...images, ...buttons.actions, context];
}

/** How many facts and links found no room. */
interface LeftOut {
  readonly facts: number;
  readonly links: number;
}

function contextBlock(message: Message, leftOut: LeftOut, remark: string): ContextBlock {
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
  if (remark !== '') elements.push(plainText(shortenPlain(cleanLine(remark), limits.context)));
  return { type: 'context', elements };
}
