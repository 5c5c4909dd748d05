import { TocsinError } from '../errors.js';
import type { Delivery, Pacing } from '../ports/delivery.js';
import type { AbortControllerLike, Runtime } from '../ports/runtime.js';
import type { LaneEntry, Storage } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Execution, ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { waitingSince } from '../record/waiting-since.js';
import type { Carrier } from './carrier.js';
import { describeLagging } from './lagging.js';
import { createLane, type Lane } from './lane.js';
import { createLaneFallback } from './lane-fallback.js';
import type { LanePhase } from './lane-options.js';
import { createLaneSweep, listLanes } from './lane-sweep.js';
import { createLaneWorker } from './lane-worker.js';
import { integrationLane, integrationOfLane, laneOf, readEntry } from './outbox.js';
import type { Redactor } from './redact.js';
import { createRefusalConfirmer } from './refusal.js';
import { createServedLanes } from './served-lanes.js';
import { createUndelivered } from './undelivered.js';

/** What a {@link Relay} works with. */
export interface RelayOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly carrier: Carrier;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly handlers: ReadonlyMap<string, unknown>;
  readonly integrations: IntegrationStore;
  readonly redactor: Redactor;
  readonly announce: Announce;
  /** An id of this process. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly giveUpAfterMs: number;
  /** After how long a message that waits is told of, in milliseconds. */
  readonly lagMs: number;
  /** After how long a message that waits goes to its integration's fallback, in milliseconds. */
  readonly fallbackAfterMs: number;
  /** How often a storage that is shared is asked for lanes of other processes, in milliseconds. */
  readonly refreshMs: number;
  readonly nextId: () => string;
  /**
   * Says why an execution is no longer to be carried out: its automation was disabled or deleted meanwhile. `undefined`:
   * it is.
   */
  calledOff(execution: Execution): Promise<ExecutionReason | undefined>;
}

/** Carries out what the outbox holds. */
export interface Relay {
  /** Takes up what an earlier process left. */
  start(): Promise<void>;
  /** Says that these executions have been committed. */
  committed(executions: readonly Execution[]): void;
  /** Says that these executions may have been committed: nobody can tell. */
  perhapsCommitted(executions: readonly Execution[]): void;
  /** Says that an execution which had failed or was cancelled waits again. */
  retried(execution: Execution): void;
  /** Says that an execution has been called off. */
  cancelled(execution: Execution): void;
  /** Says that an integration has changed: what waits for it may go now. */
  wake(integrationId: string): void;
  /** Resolves when no lane is working: all that is left waits for a retry, or is parked. */
  idle(): Promise<void>;
  readonly busy: boolean;
  /** What waits, as far as this process knows. */
  stats(): RelayStats;
  /**
   * Begins nothing more, and gives all leases back.
   *
   * @param graceMs - How long attempts that are on their way may take before they are aborted.
   */
  stop(graceMs: number): Promise<void>;
}

/** What waits to be delivered. */
interface RelayStats {
  readonly undelivered: number;
  /** Since when the oldest waits, in epoch milliseconds. */
  readonly oldestUndeliveredAtMs: number | undefined;
  readonly lanes: number;
}

/** Makes a relay without lanes; they come with their first entry. */
export function createRelay(options: RelayOptions): Relay {
  const { storage, runtime, deliveries, integrations, announce } = options;
  const lanes = new Map<string, Lane>();
  /** One for each lane: a host warns of a signal that too many listen to. */
  const closing: AbortControllerLike[] = [];
  const undelivered = createUndelivered();
  const isServed = createServedLanes(options);
  let waiters: (() => void)[] = [];
  let stopped = false;

  const isBusy = (): boolean => [...lanes.values()].some((lane) => lane.busy);

  const onRest = (): void => {
    if (waiters.length === 0 || isBusy()) return;
    const resolved = waiters;
    waiters = [];
    for (const resolve of resolved) resolve();
  };

  const onError = (cause: unknown): void => {
    announce('error', TocsinError.is(cause) ? cause : storageError(cause));
  };

  /** The lane of this name, made at its first entry; none once the relay has stopped. */
  const laneFor = (name: string): Lane | undefined => {
    const known = lanes.get(name);
    if (known !== undefined || stopped) return known;
    const controller = runtime.abortController();
    closing.push(controller);
    const { signal } = controller;
    let lastError: string | undefined;
    const work = createLaneWorker(name, {
      ...options,
      signal,
      confirmRefusal: createRefusalConfirmer({ ...options, signal }),
      delivered: async (integration, receipt) => {
        await integrations.learn(integration.id, receipt, integration).catch(onError);
      },
      isServed: () => isServed(name),
      attempted: (error) => {
        lastError = error;
      },
    });
    const counted: typeof work = async (entry, circumstances) => {
      undelivered.add(name, entry.id, readEntry(entry).waitingSinceMs);
      const outcome = await work(entry, circumstances);
      if (outcome.type === 'settled') undelivered.remove(name, entry.id);
      return outcome;
    };
    const onLagging = (oldest: LaneEntry, phase: LanePhase): void => {
      const lagging = { name, oldest, phase, lastError, undelivered: undelivered.countOf(name) };
      describeLagging(storage, integrations, runtime.now(), lagging).then(
        (told) => announce('delivery-lagging', told),
        (error) => !stopped && onError(error),
      );
    };
    const lane = createLane({
      ...options,
      name,
      fallback: createLaneFallback(name, { ...options, sentOn, perhapsSentOn: notify }),
      pacing: pacingOf(name),
      onLagging,
      onError,
      onNothingToDo: () => undelivered.clear(name),
      onRest,
      work: counted,
    });
    lanes.set(name, lane);
    return lane;
  };

  const pacingOf = (name: string): (() => Pacing | undefined) => {
    const id = integrationOfLane(name);
    return () => {
      const integration = id === undefined ? undefined : integrations.get(id);
      return integration === undefined ? undefined : deliveries.get(integration.delivery)?.pacing;
    };
  };

  const notify = ({ action }: Execution): void => {
    const name = laneOf(action);
    if (name !== undefined) laneFor(name)?.notify();
  };

  const count = (execution: Execution): void => {
    const name = laneOf(execution.action);
    if (name !== undefined) undelivered.add(name, execution.id, waitingSince(execution));
  };

  const cancelled = ({ id, action }: Execution): void => {
    const name = laneOf(action);
    if (name !== undefined) undelivered.remove(name, id);
  };

  const committed = (executions: readonly Execution[]): void => {
    for (const execution of executions) {
      count(execution);
      notify(execution);
    }
  };

  const sentOn = (original: Execution, execution: Execution): void => {
    cancelled(original);
    announce('execution-created', execution);
    committed([execution]);
  };

  const sweep = createLaneSweep({
    ...options,
    onLane(name) {
      if (lanes.get(name)?.busy !== true && isServed(name)) laneFor(name)?.notify();
    },
    onError,
  });

  return {
    async start() {
      // All are read before the first begins: if the storage fails half-way, nothing is on its way.
      for (const name of await listLanes(storage)) laneFor(name)?.wake();
      sweep.start();
    },
    committed,
    perhapsCommitted(executions) {
      for (const execution of executions) notify(execution);
    },
    retried(execution) {
      count(execution);
      notify(execution);
    },
    cancelled,
    wake(integrationId) {
      lanes.get(integrationLane(integrationId))?.wake();
      // What waits elsewhere may have a fallback now, or again.
      for (const [name, lane] of lanes) {
        if (integrations.get(integrationOfLane(name) ?? '')?.fallbackIntegrationId === integrationId) lane.look();
      }
    },
    async idle() {
      if (isBusy()) await new Promise<void>((resolve) => waiters.push(resolve));
    },
    get busy() {
      return isBusy();
    },
    stats: () => ({
      undelivered: undelivered.count,
      oldestUndeliveredAtMs: undelivered.oldestAtMs,
      lanes: lanes.size,
    }),
    async stop(graceMs) {
      stopped = true;
      sweep.stop();
      const timer = runtime.setTimer(() => {
        for (const controller of closing) controller.abort();
      }, graceMs);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      timer.cancel();
    },
  };
}

function storageError(cause: unknown): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: 'The outbox could not be read or written', cause });
}
