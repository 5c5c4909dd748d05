import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { isDeliveryLane } from '../record/keys.js';

/** What a {@link LaneSweep} works with. */
interface LaneSweepOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** How often the lanes are listed, in milliseconds. */
  readonly refreshMs: number;
  /** Told of every lane that has entries. */
  onLane(name: string): void;
  /** Told of a storage that fails: once, until it works again. */
  onError(error: unknown): void;
}

/** Finds what other processes append to the outbox, or leave behind. */
export interface LaneSweep {
  /** Begins to look, now and then. */
  start(): void;
  stop(): void;
}

/** How many lanes are listed at once. */
const lanesAtOnce = 1000;

/** Lists every lane that has something to deliver. */
export async function listLanes(storage: Storage): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const page = await storage.lanes({ after: names.at(-1), limit: lanesAtOnce });
    names.push(...page);
    if (page.length < lanesAtOnce) return names.filter(isDeliveryLane);
  }
}

/** Makes a sweep. A storage that is not shared needs none: what one process does it knows. */
export function createLaneSweep({ storage, runtime, refreshMs, onLane, onError }: LaneSweepOptions): LaneSweep {
  let timer: Timer | undefined;
  let stopped = false;
  let isOut = false;

  const sweep = async (): Promise<void> => {
    try {
      for (const name of await listLanes(storage)) if (!stopped) onLane(name);
      isOut = false;
    } catch (error) {
      if (!isOut) onError(error);
      isOut = true;
    }
    sweepLater();
  };

  const sweepLater = (): void => {
    if (!stopped) timer = runtime.setTimer(() => void sweep(), refreshMs);
  };

  return {
    start() {
      if (storage.capabilities.shared) sweepLater();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
