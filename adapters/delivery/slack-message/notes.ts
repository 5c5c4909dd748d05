/** The message stands in the channel already, so it was not sent again. */
export const foundNote = 'found after an ambiguous attempt';

/**
 * Says that an earlier attempt may have arrived too.
 *
 * @param why - Why that could not be found out.
 * @returns The note for the receipt.
 */
export function duplicateNote(why: string): string {
  return `may be a duplicate: an earlier attempt ended ambiguously and ${why}`;
}
