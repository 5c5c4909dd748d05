import { type LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { DeliveryError } from '../../src/index.js';

/** How Slack's Web API is called. */
export interface SlackAccess {
  readonly slackApiUrl: string | undefined;
  /** Of one call, in milliseconds. */
  readonly timeoutMs: number;
}

/** Slack's names of what no later attempt will mend. */
const refusals: ReadonlySet<string> = new Set([
  'account_inactive',
  'code_already_used',
  'invalid_auth',
  'invalid_code',
  'invalid_refresh_token',
  'token_expired',
  'token_revoked',
]);

/**
 * Makes one call, once, and says nothing to anybody: its arguments and answers are secrets.
 *
 * @param access - How.
 * @param call - Makes exactly one request.
 * @param token - Whose call it is; those of OAuth need none.
 * @returns What Slack answered.
 * @throws `DeliveryError` of kind `credential` for a code or token that is refused for good, else of kind `unavailable`; nothing of
 * what was thrown underneath is kept.
 */
export async function callSlack<Answer>(
  { slackApiUrl, timeoutMs }: SlackAccess,
  call: (client: WebClient) => Promise<Answer>,
  token?: string,
): Promise<Answer> {
  const client = new WebClient(token, {
    ...(slackApiUrl === undefined ? {} : { slackApiUrl }),
    timeout: timeoutMs,
    // A code and a refresh token are taken once: a repetition would be refused, and hide the first answer.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // The constructor writes into this object.
    headers: {},
    logger: silentLogger,
    allowAbsoluteUrls: false,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The SDK's own timeout does not end a body that stalls.
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault('unavailable', 'timeout')), timeoutMs);
  });
  try {
    return await Promise.race([call(client), tooLate]);
  } catch (error) {
    throw faultOf(error);
  } finally {
    clearTimeout(timer);
  }
}

function faultOf(error: unknown): DeliveryError {
  if (DeliveryError.is(error)) return error;
  const { code, data, statusCode, retryAfter } = Object(error) as SdkError;
  switch (code) {
    case 'slack_webapi_platform_error': {
      const name = data?.error;
      if (typeof name !== 'string' || !/^[a-z][a-z0-9_]{1,79}$/.test(name))
        return fault('unavailable', 'unreadable_response');
      return fault(refusals.has(name) ? 'credential' : 'unavailable', name);
    }
    case 'slack_webapi_rate_limited_error':
      return fault('unavailable', 'ratelimited', typeof retryAfter === 'number' ? retryAfter * 1000 : undefined);
    case 'slack_webapi_http_error':
      return fault('unavailable', `http_${Number(statusCode)}`);
    default:
      return fault('unavailable', 'network_error');
  }
}

/** What the SDK's errors carry; read by shape, because a host may have another copy of the SDK. */
interface SdkError {
  readonly code?: unknown;
  readonly data?: { readonly error?: unknown };
  readonly statusCode?: unknown;
  readonly retryAfter?: unknown;
}

function fault(kind: 'credential' | 'unavailable', reason: string, retryAfterMs?: number): DeliveryError {
  const message = kind === 'credential' ? `Slack refused it (${reason})` : `Slack could not be asked (${reason})`;
  return new DeliveryError({ kind, reason, message, retryAfterMs });
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
