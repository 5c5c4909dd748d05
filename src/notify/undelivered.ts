/** Counts what waits to be delivered, as far as this process knows. */
export interface Undelivered {
  add(lane: string, executionId: string, waitingSinceMs: number): void;
  remove(lane: string, executionId: string): void;
  /** Nothing is left in a lane for this process, whoever delivers it. */
  clear(lane: string): void;
  readonly count: number;
  /** How many of them wait in a lane. */
  countOf(lane: string): number;
  /** Since when the oldest waits, in epoch milliseconds. */
  readonly oldestAtMs: number | undefined;
}

/** Makes an empty count. */
export function createUndelivered(): Undelivered {
  const byLane = new Map<string, Map<string, number>>();
  return {
    add(lane, executionId, waitingSinceMs) {
      const waiting = byLane.get(lane) ?? new Map<string, number>();
      byLane.set(lane, waiting);
      if (!waiting.has(executionId)) waiting.set(executionId, waitingSinceMs);
    },
    remove(lane, executionId) {
      byLane.get(lane)?.delete(executionId);
    },
    clear(lane) {
      byLane.delete(lane);
    },
    get count() {
      let count = 0;
      for (const waiting of byLane.values()) count += waiting.size;
      return count;
    },
    countOf: (lane) => byLane.get(lane)?.size ?? 0,
    get oldestAtMs() {
      let oldest: number | undefined;
      for (const waiting of byLane.values()) {
        for (const atMs of waiting.values()) if (oldest === undefined || atMs < oldest) oldest = atMs;
      }
      return oldest;
    },
  };
}
