import { createBoundedMemory } from '../match/bounded-memory.js';
import { type ThreadRecord, threadKey } from '../record/thread.js';

/** Threads that are recorded already, so that the next message of a run need not record its thread again. */
export interface KnownThreads {
  /** Those that may not be recorded yet. An alert always is: it opens its thread anew. */
  unknown(threads: readonly ThreadRecord[]): readonly ThreadRecord[];
  add(threads: readonly ThreadRecord[]): void;
}

/** How many are remembered; one that is forgotten is offered to the storage again, which has it. */
const mostKnown = 10_000;

/** Makes an empty memory. */
export function createKnownThreads(): KnownThreads {
  const known = new Map<string, true>();
  const memory = createBoundedMemory(mostKnown);
  return {
    unknown: (threads) => threads.filter((record) => record.kind === 'anomaly' || !known.has(threadKey(record))),
    add(threads) {
      for (const record of threads) {
        const key = threadKey(record);
        if (record.kind === 'anomaly' || known.has(key)) continue;
        known.set(key, true);
        memory.keep(known, key);
      }
    },
  };
}
