/** Letters as custom emoji may have them, but no upper case; a tone of skin may follow. */
const emojiName = /^[\p{Ll}\p{Lo}\p{M}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$/u;

/**
 * Reads the name of an emoji, given with or without colons.
 *
 * @returns The name without colons, or `undefined` when it is none.
 */
export function readEmojiName(text: string): string | undefined {
  const name = /^:(.+):$/u.exec(text)?.[1] ?? text;
  return emojiName.test(name) ? name : undefined;
}
