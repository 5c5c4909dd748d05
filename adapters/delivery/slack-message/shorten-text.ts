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
  const whole = encode(text);
  if (whole.length <= limit) {
    return whole;
  }
  const room = limit - ellipsis.length;
  if (room < 0) {
    return '';
  }
  // One "character" can be endless (a letter with thousands of accents); then code points must do.
  const kept = take(segmentsOf(text), room, encode) || take(text, room, encode);
  return kept.trimEnd() + ellipsis;
}

function take(parts: Iterable<string>, room: number, encode: (part: string) => string): string {
  let kept = '';
  for (const part of parts) {
    const encoded = encode(part);
    if (kept.length + encoded.length > room) {
      break;
    }
    kept += encoded;
  }
  return kept;
}

function* segmentsOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    yield segment;
  }
}
