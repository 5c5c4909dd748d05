/** How a channel is given, read. */
export type ReadChannel =
  | { readonly type: 'name'; readonly channel: string }
  | { readonly type: 'id'; readonly channel: string };

/** No spaces, no commas, which would be two channels, and nothing that can't be seen. */
const plain = /^[^\s,#\p{C}]+$/u;

/** More than any destination has. */
const mostCharacters = 255;

/**
 * Reads a channel, so that two spellings of one are the same: a name stands with `#` and in lower case, as Slack knows no
 * upper case in names; an id stays as it is, as ids have nothing else.
 *
 * @returns `undefined` when it is no channel.
 */
export function readChannel(text: string): ReadChannel | undefined {
  const channel = text.trim();
  // GPU is a name that somebody wrote in capitals: ids have a digit in them, or are long.
  if (/^[CDGUW](?:[A-Z0-9]*[0-9][A-Z0-9]*|[A-Z]{8,})$/.test(channel) && channel.length <= mostCharacters)
    return { type: 'id', channel };
  const name = channel.replace(/^#/, '').toLowerCase().normalize('NFC');
  if (!plain.test(name) || name.length >= mostCharacters) return undefined;
  return { type: 'name', channel: `#${name}` };
}

/** Reads the id of a channel; `undefined` when it is none. */
export function readChannelId(text: string): string | undefined {
  const id = text.trim();
  return plain.test(id) && id.length <= mostCharacters ? id : undefined;
}
