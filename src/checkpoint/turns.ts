import type { Runtime, Timer } from '../ports/runtime.js';

/** Work that is done now and then, while there is some; one thing after the other. */
export interface Turns {
  /** Says that there is something to do. */
  wake(): void;
  /**
   * Does something else as soon as what is being done is through. Never rejects; what could not be done is left to the next
   * turn.
   */
  between(other: () => Promise<void>): Promise<void>;
  /** The last that was done failed. */
  readonly isOut: boolean;
  /** Does the last of it, and stops. */
  close(): Promise<void>;
}

/** What {@link createTurns} works with. */
export interface TurnsOptions {
  readonly runtime: Runtime;
  /** How often it is done at most, in milliseconds. */
  readonly everyMs: number;
  /** Does it; it is never called twice at once. */
  work(): Promise<void>;
  /** Told when it could not be done, once until it could again. */
  onError(error: unknown): void;
}

/** Makes turns. Each begins `everyMs` after the one before began, but not before as long a rest as that one took. */
export function createTurns({ runtime, everyMs, work, onError }: TurnsOptions): Turns {
  let timer: Timer | undefined;
  let last: Promise<void> = Promise.resolve();
  let restMs = everyMs;
  let isOut = false;
  let isClosed = false;
  let isWorking = false;
  let isWoken = false;

  const attempt = async (task: () => Promise<void>): Promise<void> => {
    try {
      await task();
      isOut = false;
    } catch (error) {
      if (!isOut) onError(error);
      isOut = true;
      wake();
    }
  };

  const turn = async (): Promise<void> => {
    const beganMs = runtime.now();
    isWorking = true;
    isWoken = false;
    await attempt(work);
    isWorking = false;
    // The clock may be set back.
    const tookMs = Math.max(runtime.now() - beganMs, 0);
    restMs = Math.max(everyMs - tookMs, tookMs);
    if (isWoken) wake();
  };

  const next = (task: () => Promise<void>): Promise<void> => {
    last = last.then(task);
    return last;
  };

  const wake = (): void => {
    isWoken = true;
    if (isClosed || isWorking) return;
    timer ??= runtime.setTimer(() => {
      timer = undefined;
      void next(turn);
    }, restMs);
  };

  return {
    wake,
    between: (other) => next(() => attempt(other)),
    get isOut() {
      return isOut;
    },
    async close() {
      isClosed = true;
      timer?.cancel();
      await next(turn);
    },
  };
}
