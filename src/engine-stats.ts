/** What an engine holds at one moment. */
export interface EngineStats {
  /** Stored automations. */
  readonly automations: number;
  /** Those of them that are enabled. */
  readonly enabledAutomations: number;
  /** Runs that are remembered and have not ended, with windows or without. */
  readonly liveRuns: number;
  /** Windows kept, over all live runs; automations with equal ones share them. */
  readonly windows: number;
  /** Numbers that windows have taken room for, over all live runs; 8 bytes each. */
  readonly windowValues: number;
  /** Last values of runs kept for z-scores over projects. */
  readonly projectValues: number;
  /** Emits that have matched something and are not committed yet. */
  readonly emitsInFlight: number;
  /** Commits that wait for the storage, the one that is being written included. */
  readonly queuedCommits: number;
  /**
   * Executions that wait for this process to deliver them, those that are parked included. What another process works on
   * counts there.
   */
  readonly undelivered: number;
  /** When the oldest of them was committed, in epoch milliseconds; `undefined` when there is none. */
  readonly oldestUndeliveredAtMs: number | undefined;
  /** Destinations that this process has something for, or had. */
  readonly lanes: number;
}
