import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What may stand in a key as it is. */
const plainPart = /^[A-Za-z0-9_.~-]{1,64}$/;

/**
 * Builds a storage key from parts: ASCII, short, and different for different parts.
 *
 * A part that is long or has other characters is replaced by its hash, so that outsiders' names can neither collide
 * nor break a storage's bound on keys. JSON writes every text differently, also with halves of surrogate pairs.
 */
export function storageKey(...parts: readonly string[]): string {
  return parts.map(keyPart).join('/');
}

function keyPart(part: string): string {
  return plainPart.test(part) ? part : `=${bytesToHex(sha256(utf8ToBytes(JSON.stringify(part))))}`;
}

/** How the names of the lanes of processes begin. */
export const processLanes = 'process/';

/** The lane whose lease says that a process is alive. */
export function processLane(holder: string): string {
  return `${processLanes}${keyPart(holder)}`;
}

/** Whether there is something to deliver in a lane. */
export function isDeliveryLane(lane: string): boolean {
  return !lane.startsWith(processLanes);
}

/** Where each kind of record stands. */
export const keys = {
  automation: (id: string) => storageKey('automation', id),
  automations: 'automation/',
  automationName: (scopeKey: string, name: string) => storageKey('automation-name', scopeKey, name),
  integration: (id: string) => storageKey('integration', id),
  integrations: 'integration/',
  mute: (id: string) => storageKey('mute', id),
  mutes: 'mute/',
  routing: (id: string) => storageKey('routing', id),
  routings: 'routing/',
  execution: (id: string) => storageKey('execution', id),
  executions: 'execution/',
  /** An index: what is in one status is a range. */
  executionIn: (status: string, id: string) => storageKey('execution-in', status, id),
  executionsIn: (status: string) => `${storageKey('execution-in', status)}/`,
  /** An index: what one automation has in one status is a range. */
  executionOf: (automationId: string, status: string, id: string) =>
    storageKey('execution-of', automationId, status, id),
  executionsOf: (automationId: string, status: string) => `${storageKey('execution-of', automationId, status)}/`,
  event: (eventId: string) => storageKey('event-id', eventId),
  claim: (claim: string) => storageKey('claim', claim),
} as const;
