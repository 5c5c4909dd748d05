import type { Runtime, Timer } from '../../ports/runtime.js';

/** The time in which a lane tries nothing: until a timer rings, or until it is woken. */
export interface LaneRest {
  readonly isResting: boolean;
  /** @param delayMs - How long, in milliseconds. */
  restFor(delayMs: number): void;
  /** Rests for so long, in milliseconds, or until {@link LaneRest.news} come. */
  restUntilNews(delayMs: number): void;
  /** Something new may be there. */
  news(): void;
  /** Rests until it is ended. */
  park(): void;
  /** Ends it, whatever the lane rested for. */
  end(): void;
  /** Waits within a piece of work; {@link LaneRest.endPause} ends it early. */
  pause(delayMs: number): Promise<void>;
  endPause(): void;
}

/**
 * Makes the rest of a lane that is not resting.
 *
 * @param onEnd - Called when a timer has ended it.
 */
export function createLaneRest(runtime: Runtime, onEnd: () => void): LaneRest {
  let rest: Timer | 'parked' | undefined;
  let endsWithNews = false;
  let endPause: (() => void) | undefined;

  const end = (): void => {
    if (rest !== undefined && rest !== 'parked') rest.cancel();
    rest = undefined;
    endsWithNews = false;
  };

  const restFor = (delayMs: number): void => {
    end();
    rest = runtime.setTimer(() => {
      rest = undefined;
      onEnd();
    }, delayMs);
  };

  return {
    get isResting() {
      return rest !== undefined;
    },
    restFor,
    restUntilNews(delayMs) {
      restFor(delayMs);
      endsWithNews = true;
    },
    news() {
      if (endsWithNews) end();
    },
    park() {
      end();
      rest = 'parked';
    },
    end,
    pause: (delayMs) =>
      new Promise((resolve) => {
        const timer = runtime.setTimer(() => endPause?.(), delayMs);
        endPause = () => {
          timer.cancel();
          endPause = undefined;
          resolve();
        };
      }),
    endPause: () => endPause?.(),
  };
}
