import type { AbortControllerLike, AbortSignalLike, Runtime } from '../ports/runtime.js';
import type { Lane } from './lane/lane.js';

/** What a lane has to do with those among which it stands. */
export interface LaneSurroundings {
  /** Aborted when the time that attempts had to end is over. */
  readonly signal: AbortSignalLike;
  /** Called whenever the lane comes to rest. */
  onRest(): void;
  isStopped(): boolean;
}

/** What {@link RelayLanes} work with. */
interface RelayLanesOptions {
  readonly runtime: Runtime;
  make(name: string, surroundings: LaneSurroundings): Lane;
}

/** The lanes in which this process has seen an entry, by name. */
export interface RelayLanes {
  /** The lane of this name, made at its first entry; none once they have stopped. */
  laneFor(name: string): Lane | undefined;
  /** One that has been made before. */
  get(name: string): Lane | undefined;
  all(): Iterable<readonly [name: string, lane: Lane]>;
  readonly count: number;
  /** Whether one of them is working. */
  readonly busy: boolean;
  /** Resolves when none is working. */
  idle(): Promise<void>;
  /**
   * Stops them all; none is made any more.
   *
   * @param graceMs - How long attempts that are on their way may take before they are aborted, in milliseconds.
   */
  stop(graceMs: number): Promise<void>;
}

/** Makes an empty set of lanes. */
export function createRelayLanes({ runtime, make }: RelayLanesOptions): RelayLanes {
  const lanes = new Map<string, Lane>();
  /** One for each lane: a host warns of a signal that too many listen to. */
  const closing: AbortControllerLike[] = [];
  let waiters: (() => void)[] = [];
  let stopped = false;

  const isBusy = (): boolean => [...lanes.values()].some((lane) => lane.busy);

  const onRest = (): void => {
    if (waiters.length === 0 || isBusy()) return;
    const resolved = waiters;
    waiters = [];
    for (const resolve of resolved) resolve();
  };

  return {
    laneFor(name) {
      const known = lanes.get(name);
      if (known !== undefined || stopped) return known;
      const controller = runtime.abortController();
      closing.push(controller);
      const lane = make(name, { signal: controller.signal, onRest, isStopped: () => stopped });
      lanes.set(name, lane);
      return lane;
    },
    get: (name) => lanes.get(name),
    all: () => lanes,
    get count() {
      return lanes.size;
    },
    get busy() {
      return isBusy();
    },
    async idle() {
      if (isBusy()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
    async stop(graceMs) {
      stopped = true;
      const timer = runtime.setTimer(() => {
        for (const controller of closing) controller.abort();
      }, graceMs);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      timer.cancel();
    },
  };
}
