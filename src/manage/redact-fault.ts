import { describeThrown } from '../definition/path.js';
import { DeliveryError, TocsinError } from '../errors.js';
import type { Redactor } from '../notify/redact.js';

/**
 * What an adapter threw while it was asked, as an error to throw: an adapter may well quote the secret that it was given, so
 * nothing of what it says goes on as it is.
 */
export function redactFault(error: unknown, redactor: Redactor): TocsinError {
  if (!TocsinError.is(error)) {
    const message = redactor.text(describeThrown(error));
    return new DeliveryError({ kind: 'unavailable', reason: 'unexpected_error', message });
  }
  const message = redactor.text(error.message);
  if (!DeliveryError.is(error)) return new TocsinError({ code: error.code, message, issues: error.issues });
  const { kind, reason, status, ambiguous, retryAfterMs } = error;
  return new DeliveryError({ kind, reason, message, status, ambiguous, retryAfterMs });
}
