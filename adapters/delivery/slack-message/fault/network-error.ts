import { DeliveryError } from '../../../../src/index.js';
import { networkFault } from './network-fault.js';

/**
 * Makes the error for a request that got no answer, or not a whole one.
 *
 * @param error - What was thrown; nothing of it is kept, because messages of `fetch` can quote URLs and headers.
 * @param status - HTTP status, when the answer broke off after its head.
 * @returns The error to throw, of kind `unavailable`.
 */
export function networkError(error: unknown, status: number | undefined): DeliveryError {
  const fault = networkFault(error);
  // There was an answer, and what failed was no network: the SDK choked on a body such as `null`.
  const isUnreadable = fault.reason === 'network_error' && status !== undefined;
  const { reason, ambiguous } = isUnreadable ? { reason: 'unreadable_response', ambiguous: true } : fault;
  return new DeliveryError({
    kind: 'unavailable',
    reason,
    message: ambiguous
      ? `No whole answer from Slack (${reason}), so it is not known whether it took the request`
      : `Slack could not be reached (${reason})`,
    ambiguous,
    status,
  });
}
