import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { DeliveryError } from '../../../src/index.js';

/** How `X-Wandb-Signature` writes its bytes. */
export type SignatureEncoding = 'base64' | 'hex';

/** What a Standard Webhooks signature covers. */
export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** The exact body. */
  readonly body: string;
}

/**
 * Signs a body as W&B does: HMAC-SHA256, keyed with the secret's text.
 *
 * @param body - The exact body.
 * @param secret - The secret, as it is.
 * @param encoding - How to write it; base64 is padded.
 * @see W&B, "Create a webhook automation", the script that computes the signature.
 */
export function wandbSignature(body: string, secret: string, encoding: SignatureEncoding): string {
  return createHmac('sha256', secret).update(body).digest(encoding);
}

/**
 * Signs a request as Standard Webhooks says, with each secret that receivers may know.
 *
 * @param content - What is signed.
 * @param secrets - The present secret, then the one before; `whsec_…` is base64, anything else is taken byte by byte.
 * @returns The signatures, parted by spaces.
 * @throws `DeliveryError` of kind `credential`, `invalid_secret`.
 * @see Standard Webhooks, "Signature scheme" and "Secret rotation".
 */
export function standardSignatures({ id, timestamp, body }: SignedContent, secrets: readonly string[]): string {
  return secrets.map((secret) => signerOf(secret).sign(id, new Date(timestamp * 1000), body)).join(' ');
}

function signerOf(secret: string): Webhook {
  try {
    return secret.startsWith('whsec_')
      ? new Webhook(secret)
      : // Bytes, because the package would cut each character of a text to one byte.
        new Webhook(new TextEncoder().encode(secret), { format: 'raw' });
  } catch {
    throw new DeliveryError({
      kind: 'credential',
      reason: 'invalid_secret',
      message: 'A signing secret that starts with whsec_ is not base64 after that',
    });
  }
}
