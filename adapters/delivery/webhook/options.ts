import type { LookupFunction } from 'node:net';
import type { Pacing } from '../../../src/index.js';
import type { SignatureEncoding } from './signatures.js';

/** What `webhook` takes. */
export interface WebhookDeliveryOptions {
  /**
   * Origins, such as `http://127.0.0.1:8080`, that may be posted to whatever address they have. All others must have
   * public addresses: whoever can write an integration could otherwise make this process post into its own network.
   *
   * @default none
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /**
   * How long one request may take, from the look-up of the host to the end of the answer, in milliseconds, above 0.
   *
   * @default 15_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How much of an answer is read, in bytes, at least 0. Beyond, the connection is cut; the status counts all the same.
   *
   * @default 1_048_576
   */
  readonly maxResponseBytes?: number | undefined;
  /**
   * How `X-Wandb-Signature` is written. W&B's documentation shows base64; some receivers expect hex.
   *
   * @default 'base64'
   */
  readonly wandbSignatureEncoding?: SignatureEncoding | undefined;
  /**
   * How fast one webhook may be fed.
   *
   * @default none: as fast as it answers
   */
  readonly pacing?: Pacing | undefined;
  /**
   * The time in epoch milliseconds, for `webhook-timestamp` and dates in `Retry-After`. Receivers compare it with theirs.
   *
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
  /**
   * Resolves host names, as `dns.lookup` does. What it finds is checked in any case.
   *
   * @default dns.lookup
   */
  readonly lookup?: LookupFunction | undefined;
}
