/** When it was given, as an id that sorts by time, and a part that nobody can guess. */
const handle = /^[0-7][0-9A-HJKMNP-TV-Z]{25}-[0-9a-v]{26}$/;

const webAddress = /^https:\/\/[^\s\p{Cc}\p{Cf}/?#\\"<>][^\s\p{Cc}\p{Cf}"<>]*$/iu;

/** The longest URL of a picture, in characters: what Slack takes. */
const longestUrl = 3000;

/** A picture as an event or an action names it. */
export type ImageReference =
  /** An absolute https URL. */
  | { readonly type: 'url'; readonly url: string }
  /** A handle of `engine.images.put`. */
  | { readonly type: 'stored'; readonly handle: string };

/** Whether a text is a handle of `engine.images.put`. */
export function isImageHandle(text: string): boolean {
  return handle.test(text);
}

/** Reads what names a picture: a handle, or an https URL; `undefined` when it is neither. */
export function readImageReference(text: string): ImageReference | undefined {
  if (isImageHandle(text)) return { type: 'stored', handle: text };
  return webAddress.test(text) && text.length <= longestUrl ? { type: 'url', url: text } : undefined;
}
