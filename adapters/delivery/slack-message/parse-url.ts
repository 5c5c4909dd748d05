/**
 * Parses a URL of http or https.
 *
 * @param text - Anything.
 * @returns The URL, or `undefined`; never an error, because that would quote the text, which may be a secret.
 */
export function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}
