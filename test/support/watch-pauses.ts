import { readFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** The longest times for which the event loop came to nothing else, in milliseconds. */
export interface Pauses {
  /** By the clock. */
  readonly longestMs: number;
  /** Without the time in which this thread was ready to run, and the processor busy with others. */
  readonly longestOwnMs: number;
  /** The same, and without collections of garbage: on a busy machine they wait for helper threads, which get no processor. */
  readonly longestWorkMs: number;
  /** The longest collection of garbage. */
  readonly longestCollectionMs: number;
}

/** A time in which something went on, in milliseconds of the same clock. */
interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A pause, with how much of it was waited for the processor. */
interface Pause extends Span {
  readonly waitedMs: number;
}

/** A shorter pause is none, in milliseconds. */
const shortestMs = 10;

/**
 * Watches the event loop of this thread.
 *
 * @returns A function that ends it, and tells what was seen.
 */
export function watchPauses(): () => Promise<Pauses> {
  const pauses: Pause[] = [];
  const collections: Span[] = [];
  const keep = (entries: readonly { readonly startTime: number; readonly duration: number }[]): void => {
    for (const { startTime, duration } of entries) {
      collections.push({ fromMs: startTime, untilMs: startTime + duration });
    }
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  let isOver = false;
  const watching = (async () => {
    let [fromMs, before] = [performance.now(), waitedForOthersMs()];
    while (!isOver) {
      await wait(1);
      const [untilMs, waited] = [performance.now(), waitedForOthersMs()];
      if (untilMs - fromMs >= shortestMs) pauses.push({ fromMs, untilMs, waitedMs: waited - before });
      [fromMs, before] = [untilMs, waited];
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    // What was collected last is told a little later.
    await wait(1);
    keep(observer.takeRecords());
    observer.disconnect();
    return {
      longestMs: longest(pauses.map(lengthOf)),
      longestOwnMs: longest(pauses.map(ownTimeOf)),
      longestWorkMs: longest(pauses.map((pause) => ownTimeOf(pause) - overlapOf(pause, collections))),
      longestCollectionMs: longest(collections.map(lengthOf)),
    };
  };
}

function longest(timesMs: readonly number[]): number {
  return timesMs.reduce((most, timeMs) => Math.max(most, timeMs), 0);
}

function lengthOf({ fromMs, untilMs }: Span): number {
  return untilMs - fromMs;
}

function ownTimeOf(pause: Pause): number {
  return lengthOf(pause) - pause.waitedMs;
}

function overlapOf(pause: Span, collections: readonly Span[]): number {
  return collections.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, pause.untilMs) - Math.max(fromMs, pause.fromMs)),
    0,
  );
}

/** What Linux tells of this thread; elsewhere it is not known, and 0. */
function waitedForOthersMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
