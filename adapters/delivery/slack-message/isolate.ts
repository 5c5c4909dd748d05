/** Letters and marks of right-to-left scripts. */
const rightToLeft = /[\u0590-\u08FF\u200F\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * Keeps a right-to-left text from reordering what stands beside it in the same line: `<name>: 12.5 > 3` would otherwise read
 * as `3 < 12.5 :<name>`. Foreign texts have no such controls left, so these are always balanced.
 *
 * @param text - One line of clean text, shortened already: an isolate that is cut open would isolate nothing.
 * @returns The text between U+2068 and U+2069 when it has right-to-left letters, else as it is.
 */
export function isolate(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

/** How long {@link isolate} makes a text at most, in UTF-16 code units more. */
export const isolateLength = 2;
