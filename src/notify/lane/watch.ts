import type { Runtime, Timer } from '../../ports/runtime.js';
import type { LaneEntry } from '../../ports/storage.js';
import { readEntry } from '../outbox.js';

/** What a {@link LaneWatch} works with. */
export interface LaneWatchOptions {
  readonly runtime: Runtime;
  /** After how long a message that waits is told of, in milliseconds. */
  readonly lagMs: number;
  /** When an entry is to go to a fallback, in epoch milliseconds; `undefined` when it is not. */
  fallbackDueMs(entry: LaneEntry): number | undefined;
  /** Told once of the oldest that waits too long, until nothing does any more. */
  onLagging(oldest: LaneEntry): void;
  /** Called when it is time to look after the lane. */
  onDue(): void;
}

/** Keeps an eye on how long the head of a lane has been waiting. In a lane the oldest stands first. */
export interface LaneWatch {
  /**
   * Told of the head whenever it has been read; `undefined`: nothing waits.
   *
   * @param isContinuous - Whether this process has seen every head since it was told of the last one.
   */
  saw(head: LaneEntry | undefined, isContinuous: boolean): void;
  /** The head is done with, or another process has the lane. */
  lostSight(): void;
  /** Tells of the head now if it waits too long and nobody has been told yet. */
  tell(): void;
  /** Calls back when the head that was seen last is due, at once if it is already: never after a call that could do nothing. */
  goOn(): void;
  /** Calls back at this instant, or before, in epoch milliseconds. */
  callBackAt(atMs: number): void;
  /** Whether it will call back. */
  readonly isSet: boolean;
  stop(): void;
}

/** Makes a watch that has seen nothing yet. */
export function createLaneWatch(options: LaneWatchOptions): LaneWatch {
  const { runtime, lagMs, fallbackDueMs, onLagging, onDue } = options;
  let head: LaneEntry | undefined;
  let toldAtMs: number | undefined;
  let alarm: { readonly timer: Timer; readonly atMs: number } | undefined;

  /** When an entry is to be told of; never when it has let others pass. */
  const lagsAtMs = (entry: LaneEntry): number => {
    const { waitingSinceMs, hasStoodAside } = readEntry(entry);
    return hasStoodAside ? Number.POSITIVE_INFINITY : waitingSinceMs + lagMs;
  };

  /** Caught up, or, where nobody looked meanwhile, nothing is left of what waited when it was told. */
  const hasCaughtUp = (isContinuous: boolean): boolean => {
    if (head === undefined || lagsAtMs(head) > runtime.now()) return true;
    return !isContinuous && toldAtMs !== undefined && readEntry(head).waitingSinceMs > toldAtMs;
  };

  const stop = (): void => {
    alarm?.timer.cancel();
    alarm = undefined;
  };

  const callBackAt = (atMs: number): void => {
    // An alarm that rings too early costs little; setting one anew for every message would cost more.
    if (alarm !== undefined && alarm.atMs <= atMs) return;
    stop();
    const ring = (): void => {
      alarm = undefined;
      onDue();
    };
    alarm = { timer: runtime.setTimer(ring, Math.max(0, atMs - runtime.now())), atMs };
  };

  const setAlarm = (fromMs: number): void => {
    if (head === undefined) return;
    const lagsMs = lagsAtMs(head);
    if (toldAtMs === undefined && Number.isFinite(lagsMs)) callBackAt(lagsMs);
    const fallbackMs = fallbackDueMs(head);
    if (fallbackMs !== undefined && fallbackMs > fromMs) callBackAt(fallbackMs);
  };

  return {
    saw(seen, isContinuous) {
      head = seen;
      if (toldAtMs !== undefined && hasCaughtUp(isContinuous)) toldAtMs = undefined;
      if (head === undefined) stop();
      else setAlarm(runtime.now());
    },
    lostSight() {
      head = undefined;
    },
    tell() {
      const nowMs = runtime.now();
      if (head !== undefined && toldAtMs === undefined && lagsAtMs(head) <= nowMs) {
        toldAtMs = nowMs;
        onLagging(head);
      }
      setAlarm(nowMs);
    },
    goOn: () => setAlarm(Number.NEGATIVE_INFINITY),
    callBackAt,
    get isSet() {
      return alarm !== undefined;
    },
    stop,
  };
}
