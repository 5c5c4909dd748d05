import type { Pacing } from '../ports/delivery.js';
import type { LaneEntry } from '../ports/storage.js';
import { createLaneFallback, type LaneFallbackOptions } from './lane/fallback.js';
import { describeLagging } from './lane/lagging.js';
import { createLane, type Lane } from './lane/lane.js';
import type { LaneOptions, LanePhase } from './lane/options.js';
import { createLaneOutage } from './lane/outage.js';
import { createRefusalConfirmer } from './lane/refusal.js';
import { createLaneWorker } from './lane/worker.js';
import { integrationOfLane, readEntry } from './outbox.js';
import type { LaneSurroundings } from './relay-lanes.js';
import type { RelayOptions } from './relay-options.js';
import { createSharedPace } from './shared-pace.js';
import type { Undelivered } from './undelivered.js';

/** What lanes are made of. */
interface LaneMakerOptions extends RelayOptions, Pick<LaneFallbackOptions, 'sentOn' | 'perhapsSentOn'> {
  /** Counts what each lane finds at its head, and what it is done with. */
  readonly undelivered: Undelivered;
  /** Whether this process has the delivery or handler of a lane. */
  isServed(name: string): boolean;
  /** It was given no delivery and no handler: it only looks, and fails nothing. */
  readonly isOnlooker: boolean;
  /** Told of a storage that fails; `lane`: it fails there until {@link LaneMakerOptions.onWorked} says otherwise. */
  onError(cause: unknown, lane?: string): void;
  /** Told that the storage has not failed in a lane. */
  onWorked(lane: string): void;
}

/**
 * Makes the function that makes lanes.
 *
 * @returns A function of a lane's name and surroundings; it makes a lane at rest.
 */
export function createLaneMaker(options: LaneMakerOptions): (name: string, surroundings: LaneSurroundings) => Lane {
  const { storage, runtime, integrations, announce, undelivered, isServed, isOnlooker, onError, onWorked } = options;

  const takeTurn = createSharedPace(options);

  /** The work, with what is at the head counted. */
  const counted =
    (name: string, work: LaneOptions['work']): LaneOptions['work'] =>
    async (entry, circumstances) => {
      undelivered.add(name, entry.id, readEntry(entry).waitingSinceMs);
      const outcome = await work(entry, circumstances);
      if (outcome.type !== 'settled') return outcome;
      undelivered.remove(name, entry.id);
      return {
        ...outcome,
        async settled() {
          onWorked(name);
          await outcome.settled();
        },
      };
    };

  return (name, { signal, onRest, isStopped }) => {
    let lastError: string | undefined;
    const outage = createLaneOutage();

    const work = createLaneWorker(name, {
      ...options,
      outage,
      isOnlooker,
      signal,
      confirmRefusal: createRefusalConfirmer({ ...options, signal }),
      delivered: async (integration, receipt) => {
        await integrations.learn(integration.id, receipt, integration).catch((error) => onError(error));
      },
      isServed: () => isServed(name),
      attempted: (error) => {
        lastError = error;
      },
    });

    const onLagging = (oldest: LaneEntry, phase: LanePhase): void => {
      const lagging = { name, oldest, phase, lastError, undelivered: undelivered.countOf(name) };
      describeLagging(storage, integrations, runtime.now(), lagging).then(
        (told) => announce('delivery-lagging', told),
        (error) => !isStopped() && onError(error),
      );
    };

    return createLane({
      ...options,
      outage,
      name,
      fallback: createLaneFallback(name, options),
      pacing: () => pacingOf(name, options),
      takeTurn: () => takeTurn(name),
      onLagging,
      onError: (error) => onError(error, name),
      onWorked: () => onWorked(name),
      onNothingToDo: () => undelivered.clear(name),
      onRest,
      work: counted(name, work),
    });
  };
}

/** How fast messages of a lane may go at present. */
function pacingOf(name: string, { integrations, deliveries }: RelayOptions): Pacing | undefined {
  const id = integrationOfLane(name);
  const integration = id === undefined ? undefined : integrations.get(id);
  return integration === undefined ? undefined : deliveries.get(integration.delivery)?.pacing;
}
