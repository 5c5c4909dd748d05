import { escapeMrkdwn } from './escape.js';

const ellipsis = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Shortens text for a `plain_text` object, between characters as a reader sees them.
 *
 * @param text - Clean text.
 * @param limit - The most UTF-16 code units that the result may have.
 * @returns The text, ending in `…` when something was cut off; empty when `limit` leaves no room.
 */
export function shortenPlain(text: string, limit: number): string {
  return shortenText(text, limit, (part) => part);
}

/**
 * Escapes text for a `mrkdwn` object and shortens it so that the **escaped** form fits and no entity is cut in two.
 *
 * @param text - Clean text, not escaped yet.
 * @param limit - The most UTF-16 code units that the escaped result may have.
 * @returns The escaped text, ending in `…` when something was cut off; empty when `limit` leaves no room.
 */
export function shortenEscaped(text: string, limit: number): string {
  return shortenText(text, limit, escapeMrkdwn);
}

function shortenText(text: string, limit: number, encode: (part: string) => string): string {
  // Escaping never makes a text shorter, so one that is too long already need not be escaped to the end.
  const whole = text.length <= limit ? encode(text) : undefined;
  if (whole !== undefined && whole.length <= limit) {
    return whole;
  }
  const room = limit - ellipsis.length;
  if (room < 0) {
    return '';
  }
  // What lies far behind the cut can't move it, and would make finding characters slow.
  const near = text.slice(0, limit + 2);
  const most = fitting(near, room, encode);
  // One "character" can be endless (a letter with thousands of accents); then code points must do.
  const end = graphemes.segment(near).containing(most)?.index || most;
  return encode(near.slice(0, end)).trimEnd() + ellipsis;
}

/** How many code units of a text fit, not counting half a code point. */
function fitting(text: string, room: number, encode: (part: string) => string): number {
  let taken = 0;
  let encodedLength = 0;
  for (const character of text) {
    encodedLength += encode(character).length;
    if (encodedLength > room) break;
    taken += character.length;
  }
  return taken;
}
