import type { JsonObject } from '../json.js';
import type { SlackRequestOutcome } from '../request-log.js';

/** An answer ready to be sent. */
export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly outcome: Exclude<SlackRequestOutcome, { readonly type: 'fault' }>;
}

/** A request that was understood and not carried out yet, so that a fault can come before or after. */
export interface Operation {
  /** The Web API method, or 'webhook', or 'upload'. */
  readonly method: string;
  readonly channelId: string | undefined;
  /** Redacted. */
  readonly arguments: JsonObject;
  /** Carries it out. */
  readonly perform: () => HttpReply;
  /** Refuses it under an error name, in the way of its protocol. */
  readonly refuse: (error: string, statusCode?: number) => HttpReply;
  /** HTTP 429, with a Retry-After header where the seconds are known. */
  readonly refuseForRate: (retryAfterSeconds: number | undefined) => HttpReply;
}

/** The reply to a request over the rate limit, alike for methods and webhooks. */
export const rateLimitedReply = (retryAfterSeconds: number | undefined): HttpReply => ({
  statusCode: 429,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  },
  body: JSON.stringify({ ok: false, error: 'ratelimited' }),
  outcome: { type: 'error', error: 'ratelimited', statusCode: 429 },
});
