import type { Mute } from '../definition/mute.js';
import type { Runtime, Timer } from '../ports/runtime.js';
import { createGiveWay } from '../record/give-way.js';
import type { MuteStore } from '../record/mute-store.js';

/** What a {@link MuteExpiry} works with. */
export interface MuteExpiryOptions {
  readonly store: MuteStore;
  readonly runtime: Runtime;
  /** Removes a mute that has come to its end, and tells of it, unless another process has done so. */
  end(mute: Mute): Promise<void>;
  /** Told of a storage that fails, once until it works again. */
  onError(error: unknown): void;
}

/** Removes mutes when they have come to their end. That they silence nothing any more does not depend on it. */
export interface MuteExpiry {
  /** Looks now, and again when the next one ends. */
  start(): void;
  /** Resolves when it has ended what it was doing. */
  stop(): Promise<void>;
}

/** Timers of hosts overflow after some weeks, and clocks are set. */
const longestWaitMs = 3_600_000;

/** After how long it is tried again when the storage has failed. */
const retryMs = 5000;

/** Makes what removes mutes, which rests until it is started. */
export function createMuteExpiry({ store, runtime, end, onError }: MuteExpiryOptions): MuteExpiry {
  let running: Promise<void> | undefined;
  let timer: Timer | undefined;
  /** When the timer is to have been of use. */
  let dueMs = Number.POSITIVE_INFINITY;
  let isFailing = false;
  let isStopped = true;

  const lookAt = (instantMs: number): void => {
    timer?.cancel();
    timer = undefined;
    dueMs = instantMs;
    if (isStopped || instantMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(Math.max(instantMs - runtime.now(), 0), longestWaitMs);
    timer = runtime.setTimer(look, waitMs);
  };

  const endDue = async (): Promise<void> => {
    const giveWay = createGiveWay(runtime);
    for (const mute of [...store.all()].filter(({ until }) => until <= runtime.now())) {
      if (isStopped) return;
      await giveWay();
      // It may have been removed meanwhile.
      if (store.get(mute.id) !== undefined) await end(mute);
    }
  };

  const work = async (): Promise<void> => {
    try {
      await endDue();
      isFailing = false;
    } catch (error) {
      if (!isFailing && !isStopped) onError(error);
      isFailing = true;
    }
    running = undefined;
    lookAt(isFailing ? runtime.now() + retryMs : nextEnd(store));
  };

  const look = (): void => {
    running ??= work();
  };

  // One that comes in while it works is found at the end of that.
  store.watch(({ until }) => {
    if (running === undefined && until < dueMs) lookAt(until);
  });

  return {
    start() {
      isStopped = false;
      look();
    },
    async stop() {
      isStopped = true;
      lookAt(Number.POSITIVE_INFINITY);
      await running;
    },
  };
}

function nextEnd(store: MuteStore): number {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { until } of store.all()) nextMs = Math.min(nextMs, until);
  return nextMs;
}
