import type { Runtime } from '../../ports/runtime.js';
import type { LaneEntry, Step, StepResult } from '../../ports/storage.js';
import { createGiveWay } from '../../record/give-way.js';
import type { LaneFallback } from './fallback.js';

/** What is needed to send on what has waited too long. */
interface SendOnOptions {
  readonly runtime: Runtime;
  readonly fallback: LaneFallback;
  /** Takes the lease and reads the first entries; none when there is nothing to do. */
  take(limit: number): Promise<readonly LaneEntry[]>;
  /** Writes under the lease; no results when it is lost. */
  write(plan: () => readonly Step[], headId: string): Promise<readonly StepResult[]>;
  /** Told when the next one will have waited too long, in epoch milliseconds. */
  onNextDue(atMs: number): void;
  isStopped(): boolean;
}

/** How many entries are looked at at once. Behind many that have to stay there may be one that can go. */
const entriesAtOnce = 100;
const mostEntries = 10_000;

/**
 * Makes the function that sends on to the fallback whatever in a lane has waited too long, without trying it.
 *
 * @returns A function that tells whether the head is the same as before, and the lane is still ours.
 */
export function createSendOn(options: SendOnOptions): () => Promise<boolean> {
  const { runtime, fallback, take, write, onNextDue, isStopped } = options;

  return async () => {
    const giveWay = createGiveWay(runtime);
    let limit = entriesAtOnce;
    let isSame = true;
    while (!isStopped()) {
      await giveWay();
      const entries = await take(limit);
      const [head] = entries;
      if (head === undefined) return false;
      const moves = await fallback.plan(entries);
      if (moves.length > 0) {
        isSame = false;
        const results = await write(() => moves.map(({ step }) => step), head.id);
        if (results.length === 0) return false;
        for (const [position, move] of moves.entries()) move.tried(results[position]?.written === true);
        continue;
      }
      const dues = entries.flatMap((entry) => fallback.dueMs(entry) ?? []);
      if (dues.length === 0 && entries.length === limit && limit < mostEntries) {
        limit *= 10;
        continue;
      }
      if (dues.length > 0) onNextDue(Math.min(...dues));
      return isSame;
    }
    return false;
  };
}
