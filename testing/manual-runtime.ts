import type { Runtime } from '../src/index.js';

/** A runtime that stands still until it is told to go on. */
export interface ManualRuntime extends Runtime {
  /**
   * Moves the clock, and fires every timer on the way at its own time; what they set off is let run before the next.
   *
   * @param ms - By how many milliseconds.
   */
  advance(ms: number): Promise<void>;
  /**
   * Moves the clock to the next timer and fires it.
   *
   * @returns `false` when no timer is waiting.
   */
  advanceToNextTimer(): Promise<boolean>;
  /** How many timers are waiting: 0 when nothing was left behind. */
  readonly pendingTimers: number;
}

/** What {@link manualRuntime} takes. */
export interface ManualRuntimeOptions {
  /** Where the clock starts, in epoch milliseconds. @default 1767225600000 (2026-01-01T00:00:00Z) */
  readonly startMs?: number;
  /** The seed of its random numbers; the same one gives the same numbers. @default 1 */
  readonly seed?: number;
}

interface PendingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * Makes a runtime for tests: the clock moves only by {@link ManualRuntime.advance}, and its random numbers are the same every time.
 *
 * @param options - Where the clock starts, and the seed.
 */
export function manualRuntime(options: ManualRuntimeOptions = {}): ManualRuntime {
  const timers = new Set<PendingTimer>();
  let nowMs = options.startMs ?? Date.UTC(2026, 0, 1);
  let state = options.seed ?? 1;

  const next = (untilMs: number): PendingTimer | undefined => {
    let first: PendingTimer | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
    }
    return first;
  };

  const fireNext = async (untilMs: number): Promise<boolean> => {
    const timer = next(untilMs);
    if (timer === undefined) return false;
    timers.delete(timer);
    nowMs = Math.max(nowMs, timer.dueMs);
    timer.callback();
    await settle();
    return true;
  };

  return {
    now: () => nowMs,
    setTimer(callback, delayMs) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return {
        cancel() {
          timers.delete(timer);
        },
      };
    },
    random() {
      // Mulberry32: small, and even enough for ids and jitter.
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
    abortController: () => new AbortController(),
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      while (await fireNext(untilMs));
      nowMs = Math.max(nowMs, untilMs);
    },
    advanceToNextTimer: () => fireNext(Number.POSITIVE_INFINITY),
    get pendingTimers() {
      return timers.size;
    },
  };
}

/** Lets everything run that needs no timer: promises, and what they set off. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
