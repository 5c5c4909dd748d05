import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What may stand in a key as it is. */
const plainPart = /^[A-Za-z0-9_.~-]{1,64}$/;

/**
 * Builds a storage key from parts: ASCII, short, and different for different parts.
 *
 * A part that is long or has other characters is replaced by its hash, so that outsiders' names can neither collide
 * nor break a storage's bound on keys.
 */
export function storageKey(...parts: readonly string[]): string {
  return parts.map(keyPart).join('/');
}

function keyPart(part: string): string {
  return plainPart.test(part) ? part : `=${bytesToHex(sha256(utf8ToBytes(part)))}`;
}

/** Where each kind of record stands. */
export const keys = {
  automation: (id: string) => storageKey('automation', id),
  automations: 'automation/',
  automationName: (scopeKey: string, name: string) => storageKey('automation-name', scopeKey, name),
  integration: (id: string) => storageKey('integration', id),
  integrations: 'integration/',
  execution: (id: string) => storageKey('execution', id),
  executions: 'execution/',
  /** An index, so that the history of one automation is a range. */
  executionOf: (automationId: string, id: string) => storageKey('execution-of', automationId, id),
  executionsOf: (automationId: string) => `${storageKey('execution-of', automationId)}/`,
  event: (eventId: string) => storageKey('event', eventId),
  claim: (claim: string) => storageKey('claim', claim),
} as const;
