/** How much of the history is kept. */
export interface RetentionLimits {
  /** For how long, in milliseconds. */
  readonly executionRetentionMs: number;
  /** How many executions, the newest. */
  readonly maxExecutions: number;
}

/** How a round is steered. */
export interface RoundOptions extends RetentionLimits {
  /** When it is, in epoch milliseconds. */
  readonly nowMs: number;
  /** Awaited between slices. */
  giveWay(): Promise<void>;
  /** Asked before each slice. */
  isStopped(): boolean;
}
