import type { MessageLink } from '../../../src/index.js';
import { cleanLine } from './clean-text.js';
import { parseUrl } from './parse-url.js';

/** Slack takes 3,000; nothing that is so much longer becomes short enough by parsing it. */
const mostParsed = 20_000;

/** A link as Slack may show it. */
export interface SafeLink {
  /** One line, not empty, not escaped, not shortened. */
  readonly text: string;
  /** An absolute http or https URL without anything that ends or splits a link in mrkdwn, not escaped. */
  readonly url: string;
}

/**
 * Makes links safe to show.
 *
 * @param links - A message's links.
 * @param limit - The most UTF-16 code units that a URL may have; a shortened one would lead elsewhere.
 * @returns Those that lead to the web, in order.
 */
export function safeLinks(links: readonly MessageLink[], limit: number): SafeLink[] {
  return links.flatMap((link) => {
    const url = safeUrl(link.url);
    return url === undefined || url.length > limit ? [] : [{ text: cleanLine(link.text) || url, url }];
  });
}

/**
 * Makes one URL safe to show.
 *
 * @param url - Anything.
 * @returns An absolute http or https URL without anything that ends or splits a link in mrkdwn, not escaped; `undefined`
 * when it does not lead to the web, or is far too long.
 */
export function safeUrl(url: string): string | undefined {
  if (url.length > mostParsed) return undefined;
  return parseUrl(url)?.href.replace(/[|<>]/g, (character) => encodeURIComponent(character));
}
