import { DeliveryError } from '../../../../src/index.js';
import { adviceFor } from './advice.js';
import type { SlackFault } from './error-names.js';

const slowRetryMs = 300_000;

/** Facts of an answer with which Slack refused something. */
export interface SlackRefusal {
  readonly fault: SlackFault;
  readonly reason: string;
  /** What Slack said besides the name, free of secrets. */
  readonly detail?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly body?: string | undefined;
}

/**
 * Makes the error for an answer with which Slack refused something.
 *
 * The SDK's own error is not kept as its cause: it can hold headers and URLs, and so the secret.
 *
 * @param refusal - The answer.
 * @returns The error to throw.
 */
export function slackError(refusal: SlackRefusal): DeliveryError {
  const parts = [`Slack answered ${refusal.reason}`, refusal.detail, adviceFor(refusal.reason)];
  return new DeliveryError({
    ...reaction(refusal),
    reason: refusal.reason,
    message: parts.filter((part) => part !== undefined && part !== '').join('. '),
    status: refusal.status,
    body: refusal.body,
  });
}

interface Reaction {
  readonly kind: DeliveryError['kind'];
  readonly ambiguous?: boolean;
  readonly retryAfterMs?: number | undefined;
}

function reaction(refusal: SlackRefusal): Reaction {
  switch (refusal.fault) {
    case 'retry':
      return { kind: 'unavailable', retryAfterMs: refusal.retryAfterMs };
    case 'retry-slowly':
      return { kind: 'unavailable', retryAfterMs: Math.max(refusal.retryAfterMs ?? 0, slowRetryMs) };
    case 'ambiguous':
      return { kind: 'unavailable', ambiguous: true, retryAfterMs: refusal.retryAfterMs };
    case 'credential':
    case 'channel':
    case 'message':
      return { kind: refusal.fault };
    default:
      return refusal.fault satisfies never;
  }
}
