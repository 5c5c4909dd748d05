/** Counts what waits to be delivered, as far as this process knows. */
export interface Undelivered {
  add(executionId: string, committedAtMs: number): void;
  remove(executionId: string): void;
  readonly count: number;
  /** When the oldest was committed, in epoch milliseconds. */
  readonly oldestAtMs: number | undefined;
}

/** Makes an empty count. */
export function createUndelivered(): Undelivered {
  const waiting = new Map<string, number>();
  return {
    add(executionId, committedAtMs) {
      if (!waiting.has(executionId)) waiting.set(executionId, committedAtMs);
    },
    remove(executionId) {
      waiting.delete(executionId);
    },
    get count() {
      return waiting.size;
    },
    get oldestAtMs() {
      let oldest: number | undefined;
      for (const atMs of waiting.values()) if (oldest === undefined || atMs < oldest) oldest = atMs;
      return oldest;
    },
  };
}
