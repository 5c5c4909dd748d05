import type { AbortSignalLike } from '../../../src/index.js';

/**
 * Waits, for as long as the attempt lasts.
 *
 * @param ms - How long, in milliseconds.
 * @param signal - Ends it early.
 */
export function pause(ms: number, signal: AbortSignalLike): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
