import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { TocsinError } from '../../src/index.js';

/** What goes to Slack and comes back, signed. */
export interface InstallState {
  /** Used once. */
  readonly nonce: string;
  /** Whose the integration will be; `null`: shared. */
  readonly entity: string | null;
  readonly redirectUri: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Why a state is not taken. */
type StateFault = 'invalid_state' | 'expired_state' | 'foreign_state';

/** What came of reading a state. */
type ReadState = { readonly type: 'good'; readonly state: InstallState } | { readonly type: StateFault };

/** Writes and reads states. */
export interface StateSigner {
  /** @param binding - Whose session it is; only a keyed hash of it is in the state. */
  write(redirectUri: string, entity: string | null, binding: string): string;
  read(text: string | null, binding: unknown): ReadState;
}

/** How long a person may take to answer Slack, in milliseconds. */
const lifeMs = 600_000;
/** How far the clocks of two processes may be apart, in milliseconds. */
export const clockSkewMs = 60_000;

const formatVersion = 1;
const fewestKeyBytes = 32;
/** Longer than any state of ours. */
const mostCharacters = 8192;

/**
 * Reads the key that signs states.
 *
 * @throws `TocsinError` with code `invalid_options`; the key is not quoted.
 */
export function readStateKey(input: unknown): KeyObject {
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  if (!(bytes instanceof Uint8Array) || bytes.length < fewestKeyBytes || bytes.every((byte) => byte === bytes[0])) {
    const message = `Expected a secret of at least ${fewestKeyBytes} random bytes or characters at stateKey`;
    throw new TocsinError({ code: 'invalid_options', message });
  }
  return createSecretKey(bytes);
}

/** Makes what signs and checks states. */
export function createStateSigner(key: KeyObject, now: () => number): StateSigner {
  const sign = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`tocsin slack-oauth ${purpose}\n${text}`).digest();

  /** Keyed, so that a session's id can't be guessed from it, whatever the host takes for one. */
  const bindingHash = (binding: string): string => sign('binding', binding).toString('base64url');

  return {
    write(redirectUri, entity, binding) {
      const nonce = randomBytes(16).toString('base64url');
      const parts = [formatVersion, nonce, entity, redirectUri, now() + lifeMs, bindingHash(binding)];
      const payload = Buffer.from(JSON.stringify(parts)).toString('base64url');
      return `${payload}.${sign('state', payload).toString('base64url')}`;
    },
    read(text, binding) {
      if (text === null || text.length > mostCharacters) return { type: 'invalid_state' };
      const [payload = '', signature = '', ...rest] = text.split('.');
      if (rest.length > 0 || !isSame(signature, sign('state', payload).toString('base64url'))) {
        return { type: 'invalid_state' };
      }
      // What we signed is what we wrote.
      const parts = JSON.parse(Buffer.from(payload, 'base64url').toString()) as SignedParts;
      const [version, nonce, entity, redirectUri, expiresAt, hash] = parts;
      if (version !== formatVersion) return { type: 'invalid_state' };
      // One from the future is of a process whose clock is wrong.
      const leftMs = expiresAt - now();
      if (leftMs <= 0 || leftMs > lifeMs + clockSkewMs) return { type: 'expired_state' };
      if (typeof binding !== 'string' || binding === '' || !isSame(hash, bindingHash(binding))) {
        return { type: 'foreign_state' };
      }
      return { type: 'good', state: { nonce, entity, redirectUri, expiresAt } };
    },
  };
}

type SignedParts = [
  version: number,
  nonce: string,
  entity: string | null,
  uri: string,
  expiresAt: number,
  hash: string,
];

/** In the same time for any two texts of a length. */
function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
