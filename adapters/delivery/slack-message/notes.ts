/** The message stands in the channel already, so it was not sent again. */
export const foundNote = 'found after an ambiguous attempt';

/** The app may not post under another name. */
export const personaNote = 'username and icon left out: the app lacks the scope chat:write.customize';

/**
 * Says that the message stands there without its picture.
 *
 * @param why - Why, and what to do about it.
 * @returns The note for the receipt.
 */
export function pictureNote(why: string): string {
  return `the picture is missing: ${why}`;
}

/**
 * Puts notes together.
 *
 * @param notes - Any, in order.
 * @returns One note for the receipt, or nothing to add to it.
 */
export function noted(...notes: readonly (string | undefined)[]): { readonly note?: string } {
  const said = notes.filter((note) => note !== undefined && note !== '');
  return said.length === 0 ? {} : { note: said.join('; ') };
}

/**
 * Says that an earlier attempt may have arrived too.
 *
 * @param why - Why that could not be found out.
 * @returns The note for the receipt.
 */
export function duplicateNote(why: string): string {
  return `may be a duplicate: an earlier attempt ended ambiguously and ${why}`;
}
