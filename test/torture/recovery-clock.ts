/** Tells how long it takes until work goes on after a process was killed. */
export interface RecoveryClock {
  /**
   * A new process has opened its engine.
   *
   * @param tookMs - How long that took.
   * @param hasWork - Whether messages wait that it must deliver.
   */
  opened(tookMs: number, hasWork: boolean): void;
  /** Slack got a request. */
  requested(): void;
  /** A process was killed; what had not been found out never will be. */
  interrupted(): void;
  slowest(): SlowestRecovery;
}

/** The slowest of all, in milliseconds. */
export interface SlowestRecovery {
  /** Until an engine was open. */
  readonly slowestOpeningMs: number;
  /** Until it delivered what had waited, opening included. */
  readonly slowestRecoveryMs: number;
}

/** Makes a clock. */
export function createRecoveryClock(): RecoveryClock {
  let slowestOpeningMs = 0;
  let slowestRecoveryMs = 0;
  let waitingSinceMs: number | undefined;
  return {
    opened(tookMs, hasWork) {
      slowestOpeningMs = Math.max(slowestOpeningMs, tookMs);
      if (hasWork) waitingSinceMs = performance.now() - tookMs;
    },
    requested() {
      if (waitingSinceMs === undefined) return;
      slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - waitingSinceMs);
      waitingSinceMs = undefined;
    },
    interrupted() {
      waitingSinceMs = undefined;
    },
    slowest: () => ({ slowestOpeningMs, slowestRecoveryMs }),
  };
}
