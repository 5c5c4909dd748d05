import { DeliveryError } from '../../../src/index.js';
import { bodyExcerpt } from '../slack-message/fault/body-excerpt.js';
import { isErrorName, type SlackFault, slackFault } from '../slack-message/fault/error-names.js';
import { networkError } from '../slack-message/fault/network-error.js';
import { redact } from '../slack-message/fault/redact.js';
import { retryAfterMs } from '../slack-message/fault/retry-after.js';
import { slackError } from '../slack-message/fault/slack-error.js';

/** What is known of the call besides what it threw. */
export interface CallContext {
  /** Removed from everything that is kept. */
  readonly token: string;
  /** Whether the message went without blocks. */
  readonly plainText: boolean;
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined;
}

/**
 * Turns whatever `WebClient` threw into the error that tells tocsin what to do.
 *
 * An error that Slack names and we don't know: at first the message is blamed, so that it goes out once more as plain
 * text. If plain text is refused for the same reason, hardly anything in it can be at fault, so it counts as
 * `unavailable`: waiting loses no alert, and tocsin reports that it waits.
 *
 * @param error - What was thrown: the SDK's errors, but also raw ones of `fetch` (a body that stalls or breaks off) and
 * of the SDK's parsing.
 * @param context - What else is known.
 * @returns The error to throw, without a cause and without secrets.
 */
export function classifyWebApiError(error: unknown, context: CallContext): DeliveryError {
  if (DeliveryError.is(error)) {
    return error;
  }
  const thrown: SdkError = typeof error === 'object' && error !== null ? error : {};
  switch (thrown.code) {
    case 'slack_webapi_rate_limited_error':
      return throttled(retryAfterMs(thrown.retryAfter));
    case 'slack_webapi_platform_error':
      return platformError(thrown.data ?? {}, context);
    case 'slack_webapi_http_error':
      return httpError(thrown.statusCode ?? 0, thrown.body, context);
    case 'slack_webapi_request_error':
      return networkError(thrown.original, context.status);
    default:
      // A 429 without a valid Retry-After arrives as a plain Error; only the status gives it away.
      return context.status === 429 ? throttled(undefined) : networkError(error, context.status);
  }
}

/** What the SDK's errors carry; read by shape, because a host may have another copy of the SDK. */
interface SdkError {
  readonly code?: unknown;
  readonly retryAfter?: number;
  readonly data?: PlatformAnswer;
  readonly statusCode?: number;
  readonly body?: unknown;
  readonly original?: unknown;
}

interface PlatformAnswer {
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly response_metadata?: { readonly messages?: unknown; readonly retryAfter?: number };
}

function throttled(afterMs: number | undefined): DeliveryError {
  return slackError({ fault: 'retry', reason: 'ratelimited', status: 429, retryAfterMs: afterMs });
}

function platformError(answer: PlatformAnswer, context: CallContext): DeliveryError {
  const body = bodyExcerpt(answer, [context.token]);
  const status = context.status ?? 200;
  if (!isErrorName(answer.error)) {
    // Not JSON, or not Slack's: a proxy's page, an empty answer. Slack may have posted before it was lost.
    return slackError({ fault: 'ambiguous', reason: 'unreadable_response', status, body });
  }
  return slackError({
    fault: slackFault(answer.error) ?? unknownFault(context),
    reason: answer.error,
    detail: redact(detailOf(answer), [context.token]),
    status,
    retryAfterMs: retryAfterMs(answer.response_metadata?.retryAfter),
    body,
  });
}

function unknownFault(context: CallContext): SlackFault {
  return context.plainText ? 'retry-slowly' : 'message';
}

function detailOf(answer: PlatformAnswer): string {
  const needed = typeof answer.needed === 'string' ? [`It needs ${answer.needed}`] : [];
  const messages = answer.response_metadata?.messages;
  return [...needed, ...(Array.isArray(messages) ? messages.slice(0, 3).map(String) : [])].join('; ').slice(0, 500);
}

function httpError(status: number, body: unknown, context: CallContext): DeliveryError {
  const kept = bodyExcerpt(body, [context.token]);
  const named = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const name = isErrorName(named) ? named : undefined;
  const reason = name ?? `http_${status}`;
  const known = name === undefined ? undefined : slackFault(name);
  if (status >= 400 && status < 500) {
    // Slack itself answers 200 or 429 when it refuses; without its own words this came from something in between.
    return slackError({ fault: known ?? faultOfStatus(status), reason, status, body: kept });
  }
  return slackError({ fault: 'ambiguous', reason, status, body: kept });
}

function faultOfStatus(status: number): SlackFault {
  return status === 413 || status === 414 || status === 431 ? 'message' : 'retry';
}
