import type { Runtime } from './ports/runtime.js';

/** Longer than anybody waits: the timer is there to be cancelled. */
const foreverMs = 2_147_483_647;

/**
 * Waits, and keeps the process alive meanwhile: what is waited for may hang on timers that do not.
 *
 * @param wait - What to wait for.
 */
export async function keepAlive<Value>(runtime: Runtime, wait: () => Promise<Value>): Promise<Value> {
  const timer = runtime.setTimer(() => {}, foreverMs, { isAwaited: true });
  try {
    return await wait();
  } finally {
    timer.cancel();
  }
}

/**
 * Waits, but no longer than this; what is waited for goes on by itself.
 *
 * @param waitMs - How long at most, in milliseconds.
 */
export function atMost(runtime: Runtime, waitMs: number, waited: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = runtime.setTimer(resolve, waitMs, { isAwaited: true });
    waited.then(() => resolve(), reject).finally(() => timer.cancel());
  });
}
