/** Counts what waits to be delivered, as far as this process knows. */
export interface Undelivered {
  add(lane: string, executionId: string, committedAtMs: number): void;
  remove(lane: string, executionId: string): void;
  /** Nothing is left in a lane for this process, whoever delivers it. */
  clear(lane: string): void;
  readonly count: number;
  /** When the oldest was committed, in epoch milliseconds. */
  readonly oldestAtMs: number | undefined;
}

/** Makes an empty count. */
export function createUndelivered(): Undelivered {
  const byLane = new Map<string, Map<string, number>>();
  return {
    add(lane, executionId, committedAtMs) {
      const waiting = byLane.get(lane) ?? new Map<string, number>();
      byLane.set(lane, waiting);
      if (!waiting.has(executionId)) waiting.set(executionId, committedAtMs);
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
    get oldestAtMs() {
      let oldest: number | undefined;
      for (const waiting of byLane.values()) {
        for (const atMs of waiting.values()) if (oldest === undefined || atMs < oldest) oldest = atMs;
      }
      return oldest;
    },
  };
}
