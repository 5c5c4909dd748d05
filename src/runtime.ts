import type { Logger } from './ports/logger.js';
import type { AbortControllerLike, Runtime } from './ports/runtime.js';

/** The web-standard globals that every host has, as far as they are used here and nowhere else. */
declare const setTimeout: (callback: () => void, delayMs: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;
declare const crypto: { getRandomValues(array: Uint32Array): Uint32Array };
declare const AbortController: new () => AbortControllerLike;
declare const console: Logger;

/** Timers take at most a signed 32-bit number of milliseconds; a longer one would fire at once. */
const longestDelayMs = 2_147_483_647;

/**
 * The host's own clock, timers and random numbers.
 *
 * @returns What `createEngine` uses where the host gives no other.
 */
export function systemRuntime(): Runtime {
  // Asked for many at a time: the question costs more than the numbers.
  const numbers = new Uint32Array(128);
  let left = 0;
  const random = (): number => {
    if (left === 0) {
      crypto.getRandomValues(numbers);
      left = numbers.length;
    }
    left -= 1;
    return (numbers[left] as number) / 2 ** 32;
  };
  return {
    now: () => Date.now(),
    setTimer(callback, delayMs, { isAwaited = false } = {}) {
      const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), longestDelayMs));
      // On Node a timer keeps the process alive; elsewhere it is a number.
      if (!isAwaited && typeof timer === 'object' && timer !== null && 'unref' in timer) {
        (timer as { unref(): void }).unref();
      }
      return { cancel: () => clearTimeout(timer) };
    },
    random,
    abortController: () => new AbortController(),
  };
}

/** Writes to the host's console. */
export const consoleLogger: Logger = {
  warn: (message, details) => console.warn(message, details),
  error: (message, details) => console.error(message, details),
};
