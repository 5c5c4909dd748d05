import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** The longest times for which the event loop came to nothing else, in milliseconds. */
export interface Pauses {
  /** By the clock. */
  readonly longestMs: number;
  /** Without the time in which this thread was ready to run, and the processor busy with others. */
  readonly longestOwnMs: number;
}

/**
 * Watches the event loop of this thread.
 *
 * @returns A function that ends it, and tells what was seen.
 */
export function watchPauses(): () => Promise<Pauses> {
  let isOver = false;
  let longestMs = 0;
  let longestOwnMs = 0;
  const watching = (async () => {
    let [sinceMs, waitedMs] = [performance.now(), waitedForOthersMs()];
    while (!isOver) {
      await wait(1);
      const [nowMs, nowWaitedMs] = [performance.now(), waitedForOthersMs()];
      longestMs = Math.max(longestMs, nowMs - sinceMs);
      longestOwnMs = Math.max(longestOwnMs, nowMs - sinceMs - (nowWaitedMs - waitedMs));
      [sinceMs, waitedMs] = [nowMs, nowWaitedMs];
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return { longestMs, longestOwnMs };
  };
}

/** What Linux tells of this thread; elsewhere it is not known, and 0. */
function waitedForOthersMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
