import { type DeliveryError, TocsinError } from '../errors.js';
import type { Delivery, Pacing } from '../ports/delivery.js';
import type { Runtime } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import type { Announce } from '../record/engine-events.js';
import type { Attempt, Execution, ExecutionReason } from '../record/execution.js';
import type { IntegrationStore } from '../record/integration-store.js';
import { timeOfId } from '../record/sortable-id.js';
import type { Carrier } from './carrier.js';
import { createLane, type Lane } from './lane.js';
import { createLaneWorker } from './lane-worker.js';
import { integrationLane, laneOf } from './outbox.js';
import type { Redactor } from './redact.js';
import { createRefusalConfirmer } from './refusal.js';
import { createUndelivered } from './undelivered.js';

/** What a {@link Relay} works with. */
export interface RelayOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly carrier: Carrier;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly integrations: IntegrationStore;
  readonly redactor: Redactor;
  readonly announce: Announce;
  /** An id of this process. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly giveUpAfterMs: number;
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
  /** When the oldest was committed, in epoch milliseconds. */
  readonly oldestUndeliveredAtMs: number | undefined;
  readonly lanes: number;
}

/** Makes a relay without lanes; they come with their first entry. */
export function createRelay(options: RelayOptions): Relay {
  const { storage, runtime, deliveries, integrations, announce } = options;
  const lanes = new Map<string, Lane>();
  const closing = runtime.abortController();
  const confirmRefusal = createRefusalConfirmer({ ...options, signal: closing.signal });
  const undelivered = createUndelivered();
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
    const work = createLaneWorker({
      ...options,
      signal: closing.signal,
      confirmRefusal: async ({ action, attempts }, error) =>
        (action.type === 'notification' || action.type === 'webhook') &&
        (await confirmRefusal(action.integrationId, error, refusalsInARow(attempts, error) + 1)),
      delivered: async (integration, receipt) => {
        await integrations.learn(integration.id, receipt, integration).catch(onError);
      },
    });
    const counted: typeof work = async (entry, isKnown) => {
      undelivered.add(name, entry.id, timeOfId(entry.id));
      const outcome = await work(entry, isKnown);
      if (outcome.type === 'settled') undelivered.remove(name, entry.id);
      return outcome;
    };
    const onNothingToDo = (): void => undelivered.clear(name);
    const lane = createLane({
      ...options,
      name,
      pacing: pacingOf(name),
      onError,
      onNothingToDo,
      onRest,
      work: counted,
    });
    lanes.set(name, lane);
    return lane;
  };

  const pacingOf = (name: string): (() => Pacing | undefined) => {
    const id = integrations.all().find((integration) => integrationLane(integration.id) === name)?.id;
    return () => {
      const integration = id === undefined ? undefined : integrations.get(id);
      return integration === undefined ? undefined : deliveries.get(integration.delivery)?.pacing;
    };
  };

  return {
    async start() {
      // All are read before the first begins: if the storage fails half-way, nothing is on its way.
      const names: string[] = [];
      for (;;) {
        const page = await storage.lanes({ after: names.at(-1), limit: 1000 });
        if (page.length === 0) break;
        names.push(...page);
      }
      for (const name of names) laneFor(name)?.notify();
    },
    committed(executions) {
      for (const { id, action, createdAt } of executions) {
        const name = laneOf(action);
        if (name === undefined) continue;
        undelivered.add(name, id, createdAt);
        laneFor(name)?.notify(id);
      }
    },
    perhapsCommitted(executions) {
      for (const { action } of executions) {
        const name = laneOf(action);
        if (name !== undefined) laneFor(name)?.notify();
      }
    },
    cancelled({ id, action }) {
      const name = laneOf(action);
      if (name !== undefined) undelivered.remove(name, id);
    },
    wake(integrationId) {
      lanes.get(integrationLane(integrationId))?.wake();
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
      const timer = runtime.setTimer(() => closing.abort(), graceMs);
      await Promise.all([...lanes.values()].map((lane) => lane.stop()));
      timer.cancel();
    },
  };
}

/** How many of the last attempts were refused in the same way. */
function refusalsInARow(attempts: readonly Attempt[], { kind }: DeliveryError): number {
  const last = attempts.findLastIndex((attempt) => attempt.kind !== kind);
  return attempts.length - 1 - last;
}

function storageError(cause: unknown): TocsinError {
  return new TocsinError({ code: 'storage_unavailable', message: 'The outbox could not be read or written', cause });
}
