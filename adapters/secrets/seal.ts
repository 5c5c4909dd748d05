import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SealingKey } from './sealing-key.js';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** A text that was sealed. */
export interface Sealed {
  /** Which key. */
  readonly keyId: string;
  /** In base64. */
  readonly nonce: string;
  /** The encrypted text and its tag, in base64. */
  readonly sealed: string;
}

/**
 * Seals a text.
 *
 * @param key - With which key.
 * @param text - What nobody may read.
 * @param context - What the text belongs to: it opens only with the same.
 */
export function seal(key: SealingKey, text: string, context: string): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key.secret, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { keyId: key.id, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
}

/**
 * Opens what was sealed.
 *
 * @param key - The key that `keyId` names.
 * @returns The text; `undefined` when anything of it has been changed, or it belongs to something else.
 */
export function openSealed(key: SealingKey, { nonce, sealed }: Sealed, context: string): string | undefined {
  const start = fromBase64(nonce);
  const bytes = fromBase64(sealed);
  if (start?.length !== nonceBytes || bytes === undefined || bytes.length < tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key.secret, start, { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Node reads what is no base64 as well as it can; only what it would write itself is taken. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
