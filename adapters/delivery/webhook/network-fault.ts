import { DeliveryError } from '../../../src/index.js';

const reasonsByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection_refused',
  ENOTFOUND: 'dns_failure',
  EAI_AGAIN: 'dns_failure',
  EAI_FAIL: 'dns_failure',
  EAI_NODATA: 'dns_failure',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/**
 * Makes the error for a request that got no answer.
 *
 * @param error - What Node reported; of it only the code is kept, because messages can quote what was sent.
 * @param wasSent - Whether the body had left: only then can it have arrived.
 * @returns The error to throw, of kind `unavailable`; a `DeliveryError` as it is.
 */
export function networkFault(error: unknown, wasSent: boolean): DeliveryError {
  return DeliveryError.is(error) ? error : noAnswer(reasonOf(error), wasSent);
}

/**
 * Makes the error for a request that ended without an answer.
 *
 * @param reason - Why.
 * @param wasSent - Whether the body had left.
 */
export function noAnswer(reason: string, wasSent: boolean): DeliveryError {
  const named = reason === 'timeout' && !wasSent ? 'connect_timeout' : reason;
  return new DeliveryError({
    kind: 'unavailable',
    reason: named,
    message: wasSent
      ? `The receiver gave no answer (${named}), so it is not known whether it took the request`
      : `The receiver could not be reached (${named})`,
    ambiguous: wasSent,
  });
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'network_error';
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return 'network_error';
  if (code.startsWith('HPE_')) return 'unreadable_response';
  // What is left are mostly faults of the certificate, such as CERT_HAS_EXPIRED: Node's own name says it best.
  return reasonsByCode[code] ?? (/^[A-Z][A-Z0-9_]{1,79}$/.test(code) ? code : 'network_error');
}
