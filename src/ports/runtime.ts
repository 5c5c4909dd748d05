/**
 * The host's clock, timers and random numbers. tocsin reaches for none of them itself, so a test can drive all three
 * (`manualRuntime` in `tocsin/testing`), and the engine runs wherever a host can provide them.
 */
export interface Runtime {
  /** The time now, in epoch milliseconds. All policy time (cooldowns, back-off) is measured with it. */
  now(): number;
  /**
   * Calls back once, later.
   *
   * @param callback - What to call; it does not throw.
   * @param delayMs - After how many milliseconds, at least 0.
   * @param options - Whether somebody waits for it.
   * @returns The timer, which can be cancelled.
   */
  setTimer(callback: () => void, delayMs: number, options?: TimerOptions): Timer;
  /** A number from 0 (inclusive) to 1 (exclusive), good enough for ids that nobody must guess. */
  random(): number;
  /** A new abort controller, whose signal is handed to deliveries and handlers. */
  abortController(): AbortControllerLike;
}

/** How a timer is to be treated. */
export interface TimerOptions {
  /**
   * Somebody waits for what it will do, so a process must not end before. All other timers must not keep a process
   * alive. @default false
   */
  readonly isAwaited?: boolean;
}

/** A timer made by {@link Runtime.setTimer}. */
export interface Timer {
  /** Cancels it. Does nothing when it has already fired. */
  cancel(): void;
}

/** The part of the web's `AbortSignal` that tocsin needs. */
export interface MinimalAbortSignal {
  readonly aborted: boolean;
  /** Calls the listener when it is aborted. */
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  /** Stops calling the listener. */
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The host's own `AbortSignal`, where it has one, so that it can be handed to `fetch`. */
export type AbortSignalLike = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : MinimalAbortSignal;

/** The part of the web's `AbortController` that tocsin uses. */
export interface AbortControllerLike {
  readonly signal: AbortSignalLike;
  /** Aborts the signal; once is enough. */
  abort(): void;
}
