import type { Message, MessageField, MessageLink } from '../../../src/index.js';
import { cleanLine, cleanText } from './clean-text.js';
import { escapeMrkdwn } from './escape.js';
import { headline } from './headline.js';
import { imageLinks } from './image-block.js';
import { isolate, isolateLength } from './isolate.js';
import { limits } from './limits.js';
import { safeLinks } from './link-url.js';
import { isoTime } from './message-time.js';
import { shortenEscaped } from './shorten-text.js';

const headLimit = 300;
const automationLimit = 300;
const factNameLimit = 160;
const factLimit = 400;
const allFactsLimit = 2_000;
const linkTextLimit = 100;
const allLinksLimit = 1_000;
const timeLength = 32;
const remarkLimit = 150;

/**
 * Writes a message as plain text: all that a screen reader or a notification shows, and the whole message when Slack has
 * refused the layout.
 *
 * Severity, headline, the first facts, links and the automation always stand there; what gives way is the body.
 *
 * @param message - The message.
 * @param remark - A short line of ours, in plain text.
 * @returns Escaped text of 1 to 4,000 characters, without any `<` or `>`.
 */
export function messageText(message: Message, remark = ''): string {
  const head = `${message.severity}: ${isolated(headline(message), headLimit)}`;
  const facts = [...factLines(message.fields), ...linkLines([...message.links, ...imageLinks(message)])];
  const automation = `Automation: ${isolated(cleanLine(message.automationName), automationLimit)}`;
  const time = isoTime(message.atMs).slice(0, timeLength);
  const missing = remark === '' ? '' : shortenEscaped(cleanLine(remark), remarkLimit);
  const ending = [...facts, missing, automation, time];
  const fixed = [head, ...ending].filter((line) => line !== '');
  const taken = fixed.reduce((sum, line) => sum + line.length + 1, 0);
  const body = shortenEscaped(cleanText(message.text).trim(), limits.text - taken);
  return [head, body, ...ending].filter((line) => line !== '').join('\n');
}

function factLines(fields: readonly MessageField[]): string[] {
  const lines: string[] = [];
  let room = allFactsLimit;
  for (const [index, field] of fields.entries()) {
    const name = isolated(cleanLine(field.name), factNameLimit);
    const line = `${name}: ${isolated(cleanLine(field.value), factLimit - name.length - 2)}`;
    if (line.length + 1 > room) {
      lines.push(`and ${fields.length - index} more`);
      break;
    }
    lines.push(line);
    room -= line.length + 1;
  }
  return lines;
}

/** Each link as `text: URL`. A URL is never shortened: it would lead elsewhere. */
function linkLines(links: readonly MessageLink[]): string[] {
  const lines: string[] = [];
  let room = allLinksLimit;
  for (const { text, url } of safeLinks(links, allLinksLimit)) {
    const address = escapeMrkdwn(url);
    const line = text === url ? address : `${isolated(text, linkTextLimit)}: ${address}`;
    if (line.length + 1 <= room) {
      lines.push(line);
      room -= line.length + 1;
    }
  }
  return lines;
}

/** Escapes and shortens a text that shares its line with others. */
function isolated(text: string, limit: number): string {
  return isolate(shortenEscaped(text, limit - isolateLength));
}
