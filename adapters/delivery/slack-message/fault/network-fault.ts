/** Why there was no answer. */
export interface NetworkFault {
  /** `timeout`, `reset`, `connection_refused`, … */
  readonly reason: string;
  /** Whether the request may have reached Slack. */
  readonly ambiguous: boolean;
}

const reasonsByCode: Readonly<Record<string, NetworkFault>> = {
  ECONNREFUSED: { reason: 'connection_refused', ambiguous: false },
  ENOTFOUND: { reason: 'dns_failure', ambiguous: false },
  EAI_AGAIN: { reason: 'dns_failure', ambiguous: false },
  EHOSTUNREACH: { reason: 'unreachable', ambiguous: false },
  ENETUNREACH: { reason: 'unreachable', ambiguous: false },
  ENETDOWN: { reason: 'unreachable', ambiguous: false },
  EADDRNOTAVAIL: { reason: 'unreachable', ambiguous: false },
  UND_ERR_CONNECT_TIMEOUT: { reason: 'connect_timeout', ambiguous: false },
  UND_ERR_HEADERS_TIMEOUT: { reason: 'timeout', ambiguous: true },
  UND_ERR_BODY_TIMEOUT: { reason: 'timeout', ambiguous: true },
  ETIMEDOUT: { reason: 'timeout', ambiguous: true },
  ECONNRESET: { reason: 'reset', ambiguous: true },
  EPIPE: { reason: 'reset', ambiguous: true },
  UND_ERR_SOCKET: { reason: 'reset', ambiguous: true },
};

const tlsCode = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * Tells what went wrong with a request that got no answer, or not a whole one.
 *
 * @param error - What `fetch`, reading a body, or an SDK around them threw.
 * @returns The fault; anything unknown counts as ambiguous, which costs a look at most, where the opposite mistake
 * would send an alert twice.
 */
export function networkFault(error: unknown): NetworkFault {
  for (const link of causesOf(error)) {
    const known = faultOf(link);
    if (known !== undefined) {
      return known;
    }
  }
  return { reason: 'network_error', ambiguous: true };
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function faultOf(error: ErrorLike): NetworkFault | undefined {
  if (error.name === 'TimeoutError') {
    return { reason: 'timeout', ambiguous: true };
  }
  if (error.name === 'AbortError') {
    return { reason: 'aborted', ambiguous: true };
  }
  // The SDKs follow no redirect, and whoever answers with one has not taken the message.
  if (error.message === 'unexpected redirect') {
    return { reason: 'redirect', ambiguous: false };
  }
  if (typeof error.code !== 'string') {
    return undefined;
  }
  if (error.code === 'ETIMEDOUT' && (error.syscall === 'connect' || Array.isArray(error.errors))) {
    return { reason: 'connect_timeout', ambiguous: false };
  }
  return tlsCode.test(error.code) ? { reason: 'tls_failure', ambiguous: false } : reasonsByCode[error.code];
}

function* causesOf(error: unknown, depth = 0): Generator<ErrorLike> {
  if (typeof error !== 'object' || error === null || depth > 8) {
    return;
  }
  const link: ErrorLike = error;
  yield link;
  yield* causesOf(link.cause, depth + 1);
  // A host with several addresses fails with one error for each of them.
  for (const part of Array.isArray(link.errors) ? link.errors : []) {
    yield* causesOf(part, depth + 1);
  }
}
