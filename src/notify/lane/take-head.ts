import type { Runtime } from '../../ports/runtime.js';
import type { LaneEntry } from '../../ports/storage.js';
import type { LaneFallback } from './fallback.js';
import type { LaneRest } from './rest.js';
import type { StandAside } from './stand-aside.js';

/** What it takes to find the head of a lane. */
interface TakeHeadOptions {
  readonly runtime: Runtime;
  readonly fallback: LaneFallback;
  readonly reactions: StandAside;
  readonly rest: LaneRest;
  /** Reads the first entries under a lease; none when there is nothing to do. */
  take(limit: number): Promise<readonly LaneEntry[]>;
  /** Sends on what has waited too long; tells whether the head is the same as before. */
  sendOn(): Promise<boolean>;
  giveBack(): Promise<void>;
  isStopped(): boolean;
  /** Whether something has come since the lane was last read. */
  hasNews(): boolean;
}

/**
 * Makes the function that finds the head that may be tried now. Where there is none but reactions that rest, the lane rests with
 * them until something comes.
 */
export function createTakeHead(options: TakeHeadOptions): () => Promise<LaneEntry | undefined> {
  const { runtime, fallback, reactions, rest, take, sendOn, giveBack, isStopped, hasNews } = options;

  /** The first, when all before it that have waited too long are gone. */
  const takeFirst = async (): Promise<LaneEntry | undefined> => {
    for (;;) {
      const [head] = await take(1);
      const dueMs = head === undefined ? undefined : fallback.dueMs(head);
      if (dueMs === undefined || dueMs > runtime.now() || (await sendOn())) return head;
      if (isStopped() || rest.isResting) return undefined;
    }
  };

  return async () => {
    for (;;) {
      const head = await takeFirst();
      const held = head === undefined ? 0 : await reactions.hold(head);
      if (held === 0) return head;
      if (isStopped()) return undefined;
      if (held === 'passed') continue;
      await giveBack();
      if (!hasNews() && !isStopped()) rest.restUntilNews(held);
      return undefined;
    }
  };
}
