const lineBreak = /\r\n?|[\u0085\u2028\u2029]/g;
const loneSurrogate = /\p{Surrogate}/gu;
const controlCharacter = /(?![\n\t])\p{Control}/gu;
// Embeddings, overrides and isolates reorder whatever stands after them, which can make an alert read as its opposite,
// and cutting a text would leave them open. Right-to-left text itself needs none of them.
const bidirectionalControl = /[\u202A-\u202E\u2066-\u2069]/g;

/** Slack shows 4,000 at most. What stands behind this many could come to be shown only if most of these are invisible. */
const mostRead = 20_000;

/**
 * Makes any string fit to be shown: well-formed, `\n` as the only line break, no control characters.
 *
 * @param text - Anything, also lone surrogates.
 * @returns The text, not escaped yet; of one of more than 20,000 UTF-16 code units their beginning and `…`.
 */
export function cleanText(text: string): string {
  const read = text.length > mostRead ? `${text.slice(0, mostRead)}…` : text;
  return read
    .replace(lineBreak, '\n')
    .replace(loneSurrogate, '\uFFFD')
    .replace(controlCharacter, '')
    .replace(bidirectionalControl, '');
}

/**
 * Makes any string fit for one line.
 *
 * @param text - Anything.
 * @returns The text with every run of white space turned into one blank, not escaped yet.
 */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
