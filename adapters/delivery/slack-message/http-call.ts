import { type AbortSignalLike, DeliveryError } from '../../../src/index.js';

/** A `fetch` for one call of an SDK, and what it has seen. */
export interface HttpCall {
  readonly fetch: (url: string | URL, init?: RequestInitOfSdk) => Promise<Response>;
  /** HTTP status, once there was an answer. */
  readonly status: number | undefined;
  /** The `Retry-After` header as it came. */
  readonly retryAfter: string | null;
}

/** What Slack's SDKs hand to `fetch`. */
interface RequestInitOfSdk {
  method?: string;
  headers?: Record<string, string>;
  body?: string | FormData;
  redirect?: 'error' | 'follow' | 'manual';
  signal?: AbortSignal;
}

/**
 * Runs one call of an SDK that takes no abort signal of its own, so that the signal ends it all the same.
 *
 * @param signal - Ends the call, also while the answer's body is read.
 * @param call - Uses the SDK with the given `fetch`; it must be done with it when its promise settles.
 * @returns What `call` returns.
 * @throws `DeliveryError` of kind `unavailable`, not ambiguous, when the signal was aborted before anything was sent.
 */
export async function withHttpCall<Result>(
  signal: AbortSignalLike,
  call: (http: HttpCall) => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) {
    throw new DeliveryError({
      kind: 'unavailable',
      reason: 'aborted',
      message: 'The attempt was aborted before sending',
    });
  }
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await call(observe(controller));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function observe(controller: AbortController): HttpCall {
  let seen: Response | undefined;
  return {
    fetch: async (url, init) => {
      // Bridged by hand: a signal made by AbortSignal.any holds its sources weakly, and a collected timeout never fires.
      const timeout = init?.signal;
      timeout?.addEventListener('abort', () => controller.abort(timeout.reason), { once: true });
      const { signal } = controller;
      seen = await orAborted(signal, fetch(url, { ...init, signal }));
      // Read here and not by the SDK, so that a body that stalls ends with the signal.
      const body = await orAborted(signal, seen.arrayBuffer());
      const { status, statusText, headers } = seen;
      return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
    },
    get status() {
      return seen?.status;
    },
    get retryAfter() {
      return seen?.headers.get('retry-after') ?? null;
    },
  };
}

/**
 * Settles with the signal at the latest. `fetch` alone does not: it follows its signal through an object that can be
 * collected once there are headers, and then a body that stalls is waited for without end.
 */
async function orAborted<Value>(signal: AbortSignal, waited: Promise<Value>): Promise<Value> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
