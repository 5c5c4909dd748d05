import { DeliveryError } from '../../../src/index.js';
import { bodyExcerpt } from '../slack-message/fault/body-excerpt.js';
import { isErrorName, type SlackFault, slackFault } from '../slack-message/fault/error-names.js';
import { networkError } from '../slack-message/fault/network-error.js';
import { retryAfterMs } from '../slack-message/fault/retry-after.js';
import { slackError } from '../slack-message/fault/slack-error.js';

/** What is known of the call besides what it threw. */
export interface WebhookContext {
  /** Removed from everything that is kept. */
  readonly secrets: readonly string[];
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined;
  /** The header, which the SDK hides. */
  readonly retryAfter: string | null;
}

/**
 * Turns whatever `IncomingWebhook` threw into the error that tells tocsin what to do.
 *
 * Every 4xx but 429 is permanent; the body, a bare name, tells who is to blame. A body that is unknown is judged by its
 * status: the URL (401, 403, 404), the channel (410), else the message.
 *
 * @param error - What was thrown.
 * @param context - What else is known.
 * @returns The error to throw, without a cause and without secrets.
 */
export function classifyWebhookError(error: unknown, context: WebhookContext): DeliveryError {
  if (DeliveryError.is(error)) {
    return error;
  }
  const thrown: SdkError = typeof error === 'object' && error !== null ? error : {};
  switch (thrown.code) {
    case 'slack_webhook_http_error':
      return httpError(thrown.statusCode ?? 0, thrown.body ?? '', context);
    case 'slack_webhook_request_error':
      return networkError(thrown.original, context.status);
    default:
      return networkError(error, context.status);
  }
}

/**
 * Makes the error for a 200 that is not Slack's `ok`: something in between answered, or Slack's answer got lost in it.
 *
 * @param body - What was answered.
 * @param secrets - Removed from it.
 * @returns The error to throw.
 */
export function unreadableAnswer(body: string, secrets: readonly string[]): DeliveryError {
  return slackError({
    fault: 'ambiguous',
    reason: 'unreadable_response',
    status: 200,
    body: bodyExcerpt(body, secrets),
  });
}

interface SdkError {
  readonly code?: unknown;
  readonly statusCode?: number;
  readonly body?: string;
  readonly original?: unknown;
}

function httpError(status: number, body: string, context: WebhookContext): DeliveryError {
  const name = body.trim();
  const kept = bodyExcerpt(body, context.secrets);
  const afterMs = retryAfterMs(context.retryAfter);
  if (status === 429) {
    return slackError({ fault: 'retry', reason: 'ratelimited', status, retryAfterMs: afterMs, body: kept });
  }
  const reason = isErrorName(name) ? name : `http_${status}`;
  const fault = status >= 400 && status < 500 ? refusal(name, status) : 'ambiguous';
  return slackError({ fault, reason, status, retryAfterMs: afterMs, body: kept });
}

function refusal(name: string, status: number): SlackFault {
  const known = slackFault(name);
  return known === 'credential' || known === 'channel' || known === 'message' ? known : faultOfStatus(status);
}

function faultOfStatus(status: number): SlackFault {
  if (status === 401 || status === 403 || status === 404) {
    return 'credential';
  }
  return status === 410 ? 'channel' : 'message';
}
