import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { TocsinError } from '../../src/index.js';

/** A key as {@link sealedSecrets} takes it: 32 random bytes, as they are or as text in base64 or hex. */
export type SealingKeyInput = Uint8Array | string;

/** A key, and the name by which records say that they were sealed with it. */
export interface SealingKey {
  /** Tells nothing of the key. */
  readonly id: string;
  /** No string or buffer: it prints as nothing. */
  readonly secret: KeyObject;
}

const keyBytes = 32;

/**
 * Reads a key.
 *
 * @param option - The option's name, for the message.
 * @param input - What was given; never quoted.
 * @returns The key.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function readSealingKey(option: string, input: unknown): SealingKey {
  const bytes = typeof input === 'string' ? fromText(input.trim()) : input instanceof Uint8Array ? input : undefined;
  // A key of one byte repeated is a placeholder that was left in.
  if (bytes?.length !== keyBytes || bytes.every((byte) => byte === bytes[0])) {
    throw new TocsinError({
      code: 'invalid_options',
      message: `Expected 32 random bytes at ${option}, as a Uint8Array or as text in base64 or hex`,
    });
  }
  const secret = createSecretKey(bytes);
  return { id: createHmac('sha256', secret).update('tocsin sealing key id').digest('hex').slice(0, 16), secret };
}

function fromText(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  // 43 characters are 32 bytes and two bits that must be 0; Buffer also reads base64url.
  return /^[A-Za-z0-9+/_-]{42}[AEIMQUYcgkosw048]=?$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}
