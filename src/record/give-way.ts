import type { Runtime, TimerOptions } from '../ports/runtime.js';

/** For how long the event loop may be kept busy at a stretch, in milliseconds. */
const busyMs = 5;

/**
 * Makes a function to be awaited between the parts of a long work: now and then it lets everything else have its turn,
 * which promises alone never do. By a clock that stands still it is never time for that.
 *
 * @param options - Whether somebody waits for the work.
 */
export function createGiveWay(runtime: Runtime, options?: TimerOptions): () => Promise<void> {
  let sinceMs = runtime.now();
  return async () => {
    // The clock may be set back.
    if (Math.abs(runtime.now() - sinceMs) < busyMs) return;
    await new Promise<void>((resolve) => runtime.setTimer(resolve, 0, options));
    sinceMs = runtime.now();
  };
}
