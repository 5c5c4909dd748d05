import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { TocsinError } from '../../../src/index.js';
import { checkAdapterOptions } from '../../../src/ports/adapter-options.js';
import type { WebhookDeliveryOptions } from './options.js';
import type { SignatureEncoding } from './signatures.js';

/** The options, checked and with their defaults. */
export interface WebhookSettings {
  readonly allowedOrigins: ReadonlySet<string>;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly encoding: SignatureEncoding;
  now(): number;
  readonly lookup: LookupFunction;
}

/** Above it `setTimeout` overflows. */
const maxTimeoutMs = 2_147_483_647;

/**
 * Checks the options.
 *
 * @param options - As the host gave them.
 * @returns The settings.
 * @throws `TocsinError` with code `invalid_options`.
 */
export function settingsOf(options: WebhookDeliveryOptions): WebhookSettings {
  checkAdapterOptions(options, {
    allowedOrigins: 'list',
    timeoutMs: 'number',
    maxResponseBytes: 'number',
    wandbSignatureEncoding: 'text',
    pacing: 'object',
    now: 'function',
    lookup: 'function',
  });
  const { wandbSignatureEncoding: encoding = 'base64', allowedOrigins = [] } = options;
  if (encoding !== 'base64' && encoding !== 'hex') refuse("Expected 'base64' or 'hex' at wandbSignatureEncoding");
  return {
    allowedOrigins: new Set(allowedOrigins.map(originOf)),
    timeoutMs: wholeNumber('timeoutMs', options.timeoutMs ?? 15_000, 1, maxTimeoutMs),
    maxResponseBytes: wholeNumber('maxResponseBytes', options.maxResponseBytes ?? 1_048_576, 0),
    encoding,
    now: options.now ?? Date.now,
    lookup: options.lookup ?? lookup,
  };
}

function wholeNumber(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return refuse(`Expected ${name} to be a whole number from ${least} to ${most}, got ${value}`);
}

/** An origin and nothing more: a path would look as if it narrowed what is allowed. */
function originOf(allowed: string): string {
  const url = URL.canParse(allowed) ? new URL(allowed) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  return refuse('Expected every one of allowedOrigins to be an origin such as http://127.0.0.1:8080');
}

function refuse(message: string): never {
  throw new TocsinError({ code: 'invalid_options', message });
}
