import type { DeliveryTarget } from '../../../src/index.js';
import { webhookIntegration } from './target-url.js';

/** The secrets of a webhook. */
export interface WebhookSecrets {
  readonly accessToken: string | undefined;
  /** The present one. */
  readonly signing: string | undefined;
  /** The one before. */
  readonly previousSigning: string | undefined;
  /** All of them, for taking them out of texts. */
  readonly all: readonly string[];
}

/**
 * Reads the secrets that an integration names.
 *
 * @param target - The integration, and how to read its secrets.
 * @returns Their values.
 * @throws `DeliveryError` when one can't be read.
 */
export async function readSecrets(target: DeliveryTarget): Promise<WebhookSecrets> {
  const names = webhookIntegration(target.integration);
  const read = async (name: string | undefined): Promise<string | undefined> =>
    name === undefined ? undefined : target.secret(name);
  // White space around a token is never part of it, and a file of a secret often ends in a line break.
  const accessToken = (await read(names.accessTokenSecretName))?.trim();
  const signing = await read(names.signingSecretName);
  const previousSigning = await read(names.previousSigningSecretName);
  const all = [accessToken, signing, previousSigning].filter((secret) => secret !== undefined);
  return { accessToken, signing, previousSigning, all };
}
