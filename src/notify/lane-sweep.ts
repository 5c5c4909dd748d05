import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { isDeliveryLane } from '../record/keys.js';

/** What a {@link LaneSweep} works with. */
interface LaneSweepOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** How often the lanes are listed, in milliseconds. */
  readonly refreshMs: number;
  /**
   * Told of every lane that has entries.
   *
   * @param isThorough - Now and then: those are to be looked at as well that other processes have to see to.
   */
  onLane(name: string, isThorough: boolean): void;
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

/** How often the lanes of others are looked at, which are mostly empty, and where there are no others all lanes. In milliseconds. */
const thoroughMs = 60_000;

/** Lists every lane that has something to deliver. */
export async function listLanes(storage: Storage): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const page = await storage.lanes({ after: names.at(-1), limit: lanesAtOnce });
    names.push(...page);
    if (page.length < lanesAtOnce) return names.filter(isDeliveryLane);
  }
}

/** Makes a sweep. A storage in memory needs none: what was done is known. One beyond the process may do late what it was given up for. */
export function createLaneSweep({ storage, runtime, refreshMs, onLane, onError }: LaneSweepOptions): LaneSweep {
  const { durable, shared } = storage.capabilities;
  const everyMs = shared ? refreshMs : thoroughMs;
  let timer: Timer | undefined;
  let stopped = false;
  let isOut = false;
  let thoroughAtMs = runtime.now();

  const isTimeForAll = (): boolean => {
    const nowMs = runtime.now();
    // The clock may have been set back.
    if (Math.abs(nowMs - thoroughAtMs) < thoroughMs) return false;
    thoroughAtMs = nowMs;
    return true;
  };

  const sweep = async (): Promise<void> => {
    try {
      const names = await listLanes(storage);
      const isThorough = isTimeForAll();
      for (const name of names) if (!stopped) onLane(name, isThorough);
      isOut = false;
    } catch (error) {
      if (!isOut) onError(error);
      isOut = true;
    }
    sweepLater();
  };

  const sweepLater = (): void => {
    if (!stopped) timer = runtime.setTimer(() => void sweep(), everyMs);
  };

  return {
    start() {
      if (durable || shared) sweepLater();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
