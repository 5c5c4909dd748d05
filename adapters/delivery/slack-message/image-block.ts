import type { Message, MessageLink } from '../../../src/index.js';
import type { ImageBlock } from './block-types.js';
import { headline } from './headline.js';
import { jsonLength, limits } from './limits.js';
import { safeUrl } from './link-url.js';
import { shortenPlain } from './shorten-text.js';

/** More than that would leave no room for facts. */
const maxJson = 4_000;

/**
 * Shows the picture of a message.
 *
 * @param message - The message.
 * @returns A block for a picture on the web; none where there is none, or where Slack would refuse its address: it takes
 * https only, up to 3,000 characters.
 */
export function imageBlock(message: Message): ImageBlock | undefined {
  const url = imageUrl(message);
  if (url === undefined || !url.startsWith('https:') || url.length > limits.imageUrl) return undefined;
  const block: ImageBlock = {
    type: 'image',
    image_url: url,
    alt_text: shortenPlain(headline(message), limits.altText),
  };
  return jsonLength(block) > maxJson ? undefined : block;
}

/**
 * Makes a link of the picture of a message.
 *
 * @param message - The message.
 * @returns The link to a picture on the web, or nothing.
 */
export function imageLinks(message: Message): MessageLink[] {
  const url = imageUrl(message);
  return url === undefined ? [] : [{ text: 'Picture', url }];
}

function imageUrl({ image }: Message): string | undefined {
  return image?.type === 'url' ? safeUrl(image.url) : undefined;
}
