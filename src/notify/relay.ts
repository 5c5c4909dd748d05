import { TocsinError } from '../errors.js';
import type { Execution } from '../record/execution.js';
import { waitingSince } from '../record/waiting-since.js';
import { createLaneMaker } from './lane-maker.js';
import { createLaneSweep, listLanes } from './lane-sweep.js';
import { integrationOfLane, laneOf } from './outbox.js';
import { createRelayLanes } from './relay-lanes.js';
import type { RelayOptions } from './relay-options.js';
import { createServedLanes } from './served-lanes.js';
import { createStorageTrouble } from './storage-trouble.js';
import { createUndelivered } from './undelivered.js';

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
  const { storage, runtime, integrations, announce } = options;
  const undelivered = createUndelivered();
  const isServed = createServedLanes(options);
  const isOnlooker = options.deliveries.size === 0 && options.handlers.size === 0;

  const trouble = createStorageTrouble((error) => announce('error', error));
  const onError = (cause: unknown, lane?: string): void => {
    trouble.failed(TocsinError.is(cause) ? cause : storageError(cause), lane);
  };

  const notify = (execution: Execution): void => {
    const name = laneOf(execution);
    if (name !== undefined) lanes.laneFor(name)?.notify();
  };

  const waits = (execution: Execution): void => {
    const name = laneOf(execution);
    if (name === undefined) return;
    undelivered.add(name, execution.id, waitingSince(execution));
    lanes.laneFor(name)?.notify();
  };

  const cancelled = (execution: Execution): void => {
    const name = laneOf(execution);
    if (name !== undefined) undelivered.remove(name, execution.id);
  };

  const sentOn = (original: Execution, execution: Execution): void => {
    cancelled(original);
    announce('execution-created', execution);
    waits(execution);
  };

  const make = createLaneMaker({
    ...options,
    undelivered,
    isServed,
    isOnlooker,
    sentOn,
    perhapsSentOn: notify,
    onError,
    onWorked: trouble.worked,
  });
  const lanes = createRelayLanes({ runtime, make });
  const sweep = createLaneSweep({
    ...options,
    onLane(name, isThorough) {
      if (lanes.get(name)?.busy !== true && (isServed(name) || (isThorough && !isOnlooker)))
        lanes.laneFor(name)?.notify();
    },
    onError: (error) => onError(error),
  });

  return {
    async start() {
      // All are read before the first begins: if the storage fails half-way, nothing is on its way.
      for (const name of await listLanes(storage)) lanes.laneFor(name)?.takeUp();
      sweep.start();
    },
    committed(executions) {
      for (const execution of executions) waits(execution);
    },
    perhapsCommitted(executions) {
      for (const execution of executions) notify(execution);
    },
    retried: waits,
    cancelled,
    wake(integrationId) {
      for (const [name, lane] of lanes.all()) {
        const id = integrationOfLane(name);
        if (id === integrationId) lane.wake();
        // What waits elsewhere may have a fallback now, or again.
        else if (integrations.get(id ?? '')?.fallbackIntegrationId === integrationId) lane.look();
      }
    },
    idle: lanes.idle,
    get busy() {
      return lanes.busy;
    },
    stats: () => ({
      undelivered: undelivered.count,
      oldestUndeliveredAtMs: undelivered.oldestAtMs,
      lanes: lanes.count,
    }),
    async stop(graceMs) {
      sweep.stop();
      await lanes.stop(graceMs);
    },
  };
}

function storageError(cause: unknown): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: 'The outbox could not be read or written', cause });
}
