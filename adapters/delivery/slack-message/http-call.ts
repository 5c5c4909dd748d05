import { type AbortSignalLike, DeliveryError } from '../../../src/index.js';

/** A `fetch` for one call of an SDK, and what it has seen. */
export interface HttpCall {
  readonly fetch: (url: string | URL, init?: RequestInitOfSdk) => Promise<Response>;
  /** Where the last request went. */
  readonly url: string | undefined;
  /** What the last request sent, where it was text. */
  readonly sentText: string | undefined;
  /** HTTP status of the last request, once there was an answer. */
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
  let asked: string | undefined;
  let sent: RequestInitOfSdk['body'];
  let seen: Response | undefined;
  return {
    fetch: async (url, init) => {
      asked = String(url);
      sent = init?.body;
      seen = undefined;
      // An upload makes several requests, each with a timeout of its own.
      const { signal, release } = bridge([controller.signal, init?.signal]);
      try {
        seen = await orAborted(signal, fetch(url, { ...init, signal }));
        // Read here and not by the SDK, so that a body that stalls ends with the signal.
        const body = await orAborted(signal, seen.arrayBuffer());
        const { status, statusText, headers } = seen;
        return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
      } finally {
        release();
      }
    },
    get url() {
      return asked;
    },
    get sentText() {
      return typeof sent === 'string' ? sent : undefined;
    },
    get status() {
      return seen?.status;
    },
    get retryAfter() {
      return seen?.headers.get('retry-after') ?? null;
    },
  };
}

/** By hand: a signal made by AbortSignal.any holds its sources weakly, and a collected timeout never fires. */
function bridge(sources: readonly (AbortSignal | undefined)[]): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const bridges = sources.flatMap((source) => {
    if (source === undefined) return [];
    const abort = (): void => controller.abort(source.reason);
    source.addEventListener('abort', abort, { once: true });
    if (source.aborted) abort();
    return [() => source.removeEventListener('abort', abort)];
  });
  const release = (): void => {
    for (const remove of bridges) remove();
  };
  return { signal: controller.signal, release };
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
