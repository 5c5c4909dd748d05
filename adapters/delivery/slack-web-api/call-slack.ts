import { type LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import type { AbortSignalLike } from '../../../src/index.js';
import { type HttpCall, withHttpCall } from '../slack-message/http-call.js';
import { classifyWebApiError } from './classify-error.js';

/** What every call of one attempt shares. */
export interface SlackSession {
  readonly token: string;
  readonly slackApiUrl: string | undefined;
  /** Of each call, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignalLike;
  /** Whether the message goes without blocks. */
  readonly plainText: boolean;
}

/**
 * Makes one call of Slack's Web API, without the SDK's own retries, queue and console.
 *
 * Each call has a client of its own (made in some 50 µs; connections are kept by `fetch`, not by the client): the SDK
 * takes no signal per call, so the client's `fetch` has to know it, and no token stays behind in a cache.
 *
 * @param session - The attempt.
 * @param call - Makes one request, or the few of an upload.
 * @returns What Slack answered.
 * @throws `DeliveryError` of any kind.
 */
export async function callSlack<Answer>(
  session: SlackSession,
  call: (client: WebClient, http: HttpCall) => Promise<Answer>,
): Promise<Answer> {
  return withHttpCall(session.signal, async (http) => {
    try {
      return await call(new WebClient(session.token, clientOptions(session, http.fetch)), http);
    } catch (error) {
      throw classifyWebApiError(error, {
        token: session.token,
        plainText: session.plainText,
        status: http.status,
      });
    }
  });
}

function clientOptions(session: SlackSession, fetch: NonNullable<WebClientOptions['fetch']>): WebClientOptions {
  return {
    ...(session.slackApiUrl === undefined ? {} : { slackApiUrl: session.slackApiUrl }),
    fetch,
    timeout: session.timeoutMs,
    retryConfig: { retries: 0 },
    // Otherwise a 429 sleeps for Retry-After inside of the SDK.
    rejectRateLimitedCalls: true,
    // The constructor writes the token into this object.
    headers: {},
    logger: silentLogger,
    allowAbsoluteUrls: false,
  };
}

const silent = (): void => {};
const silentLogger: NonNullable<WebClientOptions['logger']> = {
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  setLevel: silent,
  setName: silent,
  getLevel: () => 'error' as LogLevel,
};
