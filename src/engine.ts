import { createAnnouncer } from './announcer.js';
import { completeLimits } from './definition/limits.js';
import { type EngineOptions, readSettings } from './engine-options.js';
import { TocsinError } from './errors.js';
import type { TocsinEvent } from './event/event.js';
import { createHeldClaims } from './firing/cooldowns.js';
import type { EmitResult } from './firing/emit-result.js';
import { createEmitter } from './firing/emitter.js';
import { createEventIds } from './firing/event-ids.js';
import { createExplainer } from './firing/explainer.js';
import type { Explanation } from './firing/explanation.js';
import { createFirer } from './firing/firer.js';
import { atMost, keepAlive } from './keep-alive.js';
import type { Automations } from './manage/automations.js';
import { createAutomations } from './manage/create-automations.js';
import { cancelPending, createExecutions, type Executions } from './manage/executions.js';
import { createIntegrations, type Integrations } from './manage/integrations.js';
import { loadAutomations } from './manage/load-automations.js';
import { createAutomationIndex } from './match/automation-index.js';
import { createWindowPlans } from './match/window-plans.js';
import { createCarrier } from './notify/carrier.js';
import { createRedactor } from './notify/redact.js';
import { createRelay } from './notify/relay.js';
import { createCommitQueue } from './record/commit-queue.js';
import type { EngineEvents } from './record/engine-events.js';
import { guardStorage } from './record/guarded-storage.js';
import { openIntegrationStore } from './record/integration-store.js';
import { createSkipLedger } from './record/skip-ledger.js';
import { createSortableIds } from './record/sortable-id.js';
import { createRun, type Run, type RunOptions } from './run.js';
import { consoleLogger, systemRuntime } from './runtime.js';
import { createLiveRuns } from './window/live-runs.js';

/** Automations at work: takes events, decides what fires, and sees to it that it is delivered. */
export interface Engine {
  readonly automations: Automations;
  readonly integrations: Integrations;
  readonly executions: Executions;
  /**
   * Takes an event. It resolves when what fired is committed, and never waits for a delivery.
   *
   * @param event - What happened. With an `id`, emitting it again does nothing.
   * @returns What fired, and what matched but was skipped.
   * @throws `invalid_event` naming the path; `storage_unavailable` when what matched could not be committed (nothing is
   * known to have fired; emit it again with the same `id`); `engine_closed`.
   * @see `docs/semantics.md`, "Emit".
   */
  emit<Event extends TocsinEvent>(event: Event): Promise<EmitResult>;
  /**
   * Starts a run in this process, for a training loop. Never throws.
   *
   * @param options - Whose run it is, and what it says of itself.
   */
  startRun(options: RunOptions): Run;
  /**
   * Says whether an automation would fire on an event, and if not, what says no. It changes nothing.
   *
   * @throws `not_found`, `invalid_event`, `storage_unavailable`.
   */
  explain(automationId: string, event: TocsinEvent): Promise<Explanation>;
  /**
   * Listens. What a listener throws goes to `error` and harms nobody.
   *
   * @returns A function that stops listening.
   */
  on<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): () => void;
  /** Stops listening. */
  off<Name extends keyof EngineEvents>(name: Name, listener: EngineEvents[Name]): void;
  /** Resolves when every accepted event is committed and the outbox is empty, but for what waits for a retry. */
  idle(): Promise<void>;
  /** Stops: takes no more, lets attempts end that are on their way, and keeps what is undelivered. Can be called again. */
  close(): Promise<void>;
}

/** A lease outlasts the longest attempt by this much, in milliseconds. */
const leaseMarginMs = 30_000;

/** How often `idle` begins anew for emits that began while it waited. */
const mostIdleRounds = 100;

/**
 * Makes an engine: reads what the storage holds, and goes on delivering what an earlier process left.
 *
 * @param options - The storage, and what else the host plugs in.
 * @throws `invalid_options`; `storage_unavailable`.
 * @example
 * {@includeCode ../examples/quick-start.ts}
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const settings = readSettings(options);
  const storage = guardStorage(options.storage);
  const { secrets, runtime = systemRuntime(), logger = consoleLogger } = options;
  const limits = completeLimits(options.limits ?? {});
  const deliveries = new Map(options.deliveries?.map((delivery) => [delivery.name, delivery]));
  const handlers = new Map(Object.entries(options.handlers ?? {}));
  const { announce, on, off } = createAnnouncer(logger);
  const nextId = createSortableIds(runtime);
  const redactor = createRedactor();
  const onStorageError = (cause: unknown): void =>
    announce(
      'error',
      TocsinError.is(cause)
        ? cause
        : new TocsinError({ code: 'storage_unavailable', message: 'The storage failed', cause }),
    );

  const store = await openIntegrationStore(storage);
  const index = createAutomationIndex();
  await loadAutomations(storage, index);

  const carrier = createCarrier({ ...settings, deliveries, handlers, integrations: store, secrets, redactor, runtime });
  const relay = createRelay({
    ...settings,
    storage,
    runtime,
    carrier,
    deliveries,
    integrations: store,
    redactor,
    announce,
    holder: nextId(),
    leaseMs: settings.deliveryTimeoutMs + leaseMarginMs,
  });

  const liveRuns = createLiveRuns(settings, (run) =>
    announce('warning', {
      code: 'run_evicted',
      message: `The windows of run ${run.info.id} of ${run.entity} were dropped: more than ${settings.maxLiveRuns} runs are live`,
    }),
  );
  const world = { index, liveRuns, windowPlan: createWindowPlans(index) };
  const heldClaims = createHeldClaims();
  const eventIds = createEventIds(settings.maxEventIds);
  const queue = createCommitQueue({ ...settings, storage, runtime });
  const skips = createSkipLedger({ storage, runtime, flushMs: settings.skipFlushMs, onError: onStorageError });
  const fire = createFirer({
    runtime,
    queue,
    heldClaims,
    skips,
    announce,
    nextId,
    committed: relay.committed,
    perhapsCommitted: relay.perhapsCommitted,
    isActive: (automationId) => index.get(automationId)?.automation.enabled === true,
  });
  const emitter = createEmitter({ world, runtime, limits, heldClaims, eventIds, fire, integration: store.get });
  const explainEvent = createExplainer({ storage, runtime, limits, liveRuns, eventIds });

  const automations = createAutomations({
    storage,
    runtime,
    limits,
    index,
    integrations: store,
    handlerNames: new Set(handlers.keys()),
    nextId,
    cancelPending: (automationId, reason) => cancelPending(storage, runtime, automationId, reason),
  });
  const integrations = createIntegrations({
    store,
    runtime,
    deliveries,
    carrier,
    redactor,
    index,
    nextId,
    enabled: relay.wake,
  });

  let closing: Promise<void> | undefined;

  const emit = async (event: unknown): Promise<EmitResult> => {
    if (closing !== undefined) throw new TocsinError({ code: 'engine_closed', message: 'The engine is closed' });
    return emitter.emit(event);
  };

  const warnOfLoss = async (): Promise<void> => {
    const lanes = await storage.lanes({ limit: 1 });
    if (lanes.length === 0) return;
    const message =
      'Notifications were not delivered, and are lost with this storage: await engine.idle() before close()';
    announce('warning', { code: 'undelivered_lost', message });
  };

  /** A storage or an adapter that hangs must not keep a service from stopping. */
  const close = async (): Promise<void> => {
    const { closeTimeoutMs } = settings;
    await emitter.drained();
    await atMost(runtime, closeTimeoutMs, skips.close());
    await atMost(runtime, 2 * closeTimeoutMs, relay.stop(closeTimeoutMs));
    if (!storage.capabilities.durable) await atMost(runtime, closeTimeoutMs, warnOfLoss());
    await atMost(runtime, closeTimeoutMs, storage.close());
  };

  await relay.start();

  return Object.freeze<Engine>({
    automations,
    integrations,
    executions: createExecutions(storage),
    emit,
    startRun: (runOptions) =>
      createRun(runOptions, { emit, report: (error) => announce('error', error), nextId, limits }),
    async explain(automationId, event) {
      await automations.get(automationId);
      const compiled = index.get(automationId);
      if (compiled === undefined)
        throw new TocsinError({ code: 'not_found', message: `There is no automation ${automationId}` });
      return explainEvent(compiled, event);
    },
    on,
    off,
    idle: () =>
      keepAlive(runtime, async () => {
        let rounds = 0;
        do {
          rounds += 1;
          await emitter.drained();
          await skips.flush();
          await relay.idle();
          // What listeners and handlers emitted meanwhile is waited for too, unless it never ends.
        } while (relay.busy || (emitter.inFlight > 0 && rounds < mostIdleRounds));
      }),
    close() {
      closing ??= keepAlive(runtime, close);
      return closing;
    },
  });
}
