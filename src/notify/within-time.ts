import { DeliveryError } from '../errors.js';
import type { AbortSignalLike, Runtime } from '../ports/runtime.js';

/** How long something may take. */
export interface TimeLimit {
  readonly runtime: Runtime;
  /** Ends it early: the engine closes. */
  readonly outer: AbortSignalLike;
  readonly timeoutMs: number;
}

/**
 * Calls an adapter, and gives it up when it takes too long or the engine closes, whatever the adapter does then.
 *
 * @param call - Gets a signal that is aborted when it is given up.
 * @throws What the call throws; a `DeliveryError` of kind `unavailable`, reason `timeout` or `closing`, when it is given
 * up: ambiguous, unless it had not begun.
 */
export async function withinTime<Answer>(
  { runtime, outer, timeoutMs }: TimeLimit,
  call: (signal: AbortSignalLike) => Promise<Answer>,
): Promise<Answer> {
  if (outer.aborted) {
    throw new DeliveryError({
      kind: 'unavailable',
      reason: 'closing',
      message: 'The engine was closed before it began',
    });
  }
  const controller = runtime.abortController();
  return new Promise<Answer>((resolve, reject) => {
    const giveUp = (reason: 'timeout' | 'closing', message: string): void => {
      end();
      controller.abort();
      reject(new DeliveryError({ kind: 'unavailable', reason, message, ambiguous: true }));
    };
    const onClose = (): void => giveUp('closing', 'The engine was closed meanwhile');
    const timer = runtime.setTimer(() => giveUp('timeout', `Nothing came back within ${timeoutMs} ms`), timeoutMs, {
      isAwaited: true,
    });
    const end = (): void => {
      timer.cancel();
      outer.removeEventListener('abort', onClose);
    };
    outer.addEventListener('abort', onClose, { once: true });
    callAsync(call, controller.signal).finally(end).then(resolve, reject);
  });
}

/** What is thrown at once is a rejection like any other. */
async function callAsync<Answer>(
  call: (signal: AbortSignalLike) => Promise<Answer>,
  signal: AbortSignalLike,
): Promise<Answer> {
  return call(signal);
}
