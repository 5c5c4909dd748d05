import { validateHeaderName, validateHeaderValue } from 'node:http';
import { DeliveryError } from '../../../src/index.js';

/** What is sent as `User-Agent`; the number is that of the form of the requests. */
const userAgent = 'tocsin/1';

/** What stands in the headers that an action does not choose. */
export interface OwnHeaders {
  /** The same at every attempt. */
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  /** `Bearer …`. */
  readonly authorization: string | undefined;
  readonly wandbSignature: string | undefined;
  readonly standardSignatures: string | undefined;
}

/**
 * Puts the headers of a request together.
 *
 * @param own - The adapter's.
 * @param custom - The action's; of those only `User-Agent` replaces one of the adapter's.
 * @returns All but those that the connection needs.
 * @throws `DeliveryError` of kind `message` for a custom header that is reserved or can't be sent, of kind `credential` for
 * an access token that can't.
 */
export function requestHeaders(
  own: OwnHeaders,
  custom: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(custom)) checkCustom(name, value);
  if (own.authorization !== undefined) checkAuthorization(own.authorization);
  const names = Object.keys(custom).map((name) => name.toLowerCase());
  const all: (readonly [string, string | undefined])[] = [
    ['Content-Type', 'application/json'],
    ['User-Agent', names.includes('user-agent') ? undefined : userAgent],
    ['Authorization', own.authorization],
    ['X-Wandb-Signature', own.wandbSignature],
    ['webhook-id', own.id],
    ['webhook-timestamp', own.timestamp],
    ['webhook-signature', own.standardSignatures],
    ...Object.entries(custom),
  ];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What frames a request, and what tells who sent it. */
const reserved =
  /^(?:host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|authorization|x-wandb-signature|webhook-.*)$/i;

function checkCustom(name: string, value: string): void {
  if (reserved.test(name)) {
    throw new DeliveryError({
      kind: 'message',
      reason: 'reserved_header',
      message: `The header ${name} is not the action's to give`,
    });
  }
  if (canBeSent(name, value)) return;
  throw new DeliveryError({
    kind: 'message',
    reason: 'invalid_header',
    message: 'A header of the action has a name or a value that HTTP can not carry, such as one with a line break',
  });
}

function checkAuthorization(value: string): void {
  if (value !== 'Bearer ' && canBeSent('authorization', value)) return;
  throw new DeliveryError({
    kind: 'credential',
    reason: 'invalid_secret',
    message: 'The access token is blank, or has characters that a header can not carry, such as a line break',
  });
}

function canBeSent(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
