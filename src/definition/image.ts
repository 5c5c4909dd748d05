/** How a handle of `engine.images.put` begins, so that nothing else is taken for one. */
export const imageHandlePrefix = 'tocsin-image-';

const handle = new RegExp(`^${imageHandlePrefix}[0-9A-Za-z-]{16,200}$`);

const webAddress = /^https:\/\/[^\s\p{Cc}\p{Cf}/?#\\"<>][^\s\p{Cc}\p{Cf}"<>]*$/iu;

/** The longest URL of a picture, in characters: what Slack takes. */
const longestUrl = 3000;

/** A picture as an event or an action names it. */
export type ImageReference =
  /** An absolute https URL. */
  | { readonly type: 'url'; readonly url: string }
  /** A handle of `engine.images.put`. */
  | { readonly type: 'stored'; readonly handle: string };

/** Reads what names a picture: a handle, or an https URL; `undefined` when it is neither. */
export function readImage(text: string): ImageReference | undefined {
  const trimmed = text.trim();
  if (handle.test(trimmed)) return { type: 'stored', handle: trimmed };
  return webAddress.test(trimmed) && trimmed.length <= longestUrl ? { type: 'url', url: trimmed } : undefined;
}
