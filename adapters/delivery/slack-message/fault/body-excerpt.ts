import { redact } from './redact.js';

const maxBytes = 4_096;
const encoder = new TextEncoder();

/**
 * Makes what Slack answered fit for a record.
 *
 * @param body - Text, or what was parsed from JSON.
 * @param secrets - What must not be in it.
 * @returns At most 4 KiB of UTF-8 without secrets; `undefined` when there was no body.
 */
export function bodyExcerpt(body: unknown, secrets: readonly string[]): string | undefined {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (text === undefined || text === '') {
    return undefined;
  }
  // Redacted before it is cut, so that half a secret is not mistaken for none.
  const bytes = encoder.encode(redact(text, secrets));
  return bytes.length <= maxBytes ? new TextDecoder().decode(bytes) : cut(bytes);
}

function cut(bytes: Uint8Array): string {
  // `stream` makes the decoder keep a character that was cut in two to itself.
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
