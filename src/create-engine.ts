import { createAnnouncer } from './announcer.js';
import { countReads, createCallsUnderWay, engineClosed } from './calls-under-way.js';
import { createCheckpoints } from './checkpoint/create-checkpoints.js';
import { createFiring } from './create-firing.js';
import { completeLimits } from './definition/limits.js';
import type { Engine } from './engine.js';
import { type EngineOptions, readSettings } from './engine-options.js';
import { readStats } from './engine-stats.js';
import { TocsinError } from './errors.js';
import { elsewhereWarning, evictionWarning } from './eviction-warning.js';
import type { EmitResult } from './firing/emit-result.js';
import { createEventIds } from './firing/event-ids.js';
import { createLifeCycle } from './life-cycle.js';
import { createCalledOff } from './manage/called-off.js';
import { createCancelExecutions } from './manage/cancel-executions.js';
import { createAutomations } from './manage/create-automations.js';
import { createIntegrations } from './manage/create-integrations.js';
import { createMutes } from './manage/create-mutes.js';
import { createRouting, routingUses } from './manage/create-routing.js';
import { createDefaultChannels } from './manage/default-channels.js';
import { createExecutions } from './manage/executions.js';
import { createImages } from './manage/images.js';
import { createMuteOfExecution } from './manage/muted-executions.js';
import { notFound } from './manage/not-found.js';
import { createNotices } from './manage/notices.js';
import { openDefinitions } from './manage/open-definitions.js';
import { createRetryExecution } from './manage/retry-execution.js';
import { createAutomationIndex } from './match/automation-index.js';
import { createCarrier } from './notify/carrier.js';
import { createRedactor } from './notify/redact.js';
import { createRelay } from './notify/relay.js';
import { boundStorage } from './record/bounded-storage.js';
import { guardStorage } from './record/guarded-storage.js';
import { createRetention } from './record/retention.js';
import { createSortableIds } from './record/sortable-id.js';
import type { CompiledAutomation } from './rule/compiled-automation.js';
import { createRun } from './run.js';
import { consoleLogger, systemRuntime } from './runtime.js';
import { createLiveRuns } from './window/live-runs.js';

/** A lease outlasts the longest attempt by this much, in milliseconds. */
const leaseMarginMs = 30_000;

/**
 * Makes an engine: reads what the storage holds, and goes on delivering what an earlier process left. When it rejects, the
 * storage stays open: the host closes it, or uses it again.
 *
 * @param options - The storage, and what else the host plugs in.
 * @throws `invalid_options`; `storage_unavailable`; `storage_corrupt` when a stored definition is not what tocsin wrote.
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
  /** Of this process, among all that use the storage. */
  const holder = nextId();
  const onStorageError = (cause: unknown): void =>
    announce(
      'error',
      TocsinError.is(cause)
        ? cause
        : new TocsinError({ code: 'storage_unavailable', message: 'The storage failed', cause }),
    );

  // One question that is never answered must not stop what waits for it. What is beyond the process can hang.
  const { durable, shared } = storage.capabilities;
  const answering = durable || shared ? boundStorage(storage, runtime, settings.commitTimeoutMs) : storage;

  const index = createAutomationIndex();
  const tending = { ...settings, storage: answering, runtime, onError: onStorageError };
  const definitions = await openDefinitions({ ...tending, index });
  const { integrations: store, records } = definitions;
  const muteOf = createMuteOfExecution(definitions.mutes, index, runtime);

  const carrying = { ...settings, storage: answering, runtime, deliveries, handlers, integrations: store, redactor };
  const [managing, secretReads] = [createCallsUnderWay(), createCallsUnderWay()];
  const carrier = createCarrier({ ...carrying, secrets: countReads(secrets, secretReads) });
  const relay = createRelay({
    ...carrying,
    carrier,
    announce,
    nextId,
    calledOff: createCalledOff(answering, index, muteOf),
    holder,
    leaseMs: settings.deliveryTimeoutMs + leaseMarginMs,
  });

  const eventIds = createEventIds(settings.maxEventIds);
  const checkpoints = storage.capabilities.durable
    ? createCheckpoints({
        ...settings,
        storage,
        runtime,
        eventIds,
        holder,
        nextId,
        onElsewhere: (run) => announce('warning', elsewhereWarning(run)),
        onError: onStorageError,
      })
    : undefined;
  const liveRuns = createLiveRuns(
    settings,
    (run, cause) => announce('warning', evictionWarning(run, cause, settings)),
    checkpoints?.keeping,
  );
  const retention = createRetention(tending);
  const { emitter, queue, skips, explainEvent, previewEvent } = createFiring({
    settings,
    storage,
    answering,
    runtime,
    limits,
    index,
    liveRuns,
    eventIds,
    integrations: store,
    routings: definitions.routings,
    mutes: definitions.mutes,
    deliveries,
    relay,
    redactor,
    announce,
    nextId,
    idChanged: checkpoints?.idChanged,
    recorded: retention.recorded,
    onStorageError,
  });

  const refresher = definitions.refresher(relay.wake);
  const { catchUp } = refresher;
  const cancel = createCancelExecutions({ storage: answering, runtime, onCancelled: relay.cancelled });
  const retry = createRetryExecution({ storage: answering, runtime, onRetried: relay.retried });
  const automations = createAutomations({
    records,
    catchUp,
    runtime,
    limits,
    index,
    integrations: store,
    routings: definitions.routings,
    handlers,
    deliveries,
    nextId,
    cancelPending: (automationId, reason) => cancel({ automationId }, reason),
  });
  const notices = createNotices({
    storage: answering,
    runtime,
    nextId,
    announce,
    committed(executions) {
      relay.committed(executions);
      retention.recorded();
    },
    perhapsCommitted: relay.perhapsCommitted,
  });
  const { mutes, expiry: muteExpiry } = createMutes({
    store: definitions.mutes,
    notices,
    runtime,
    index,
    nextId,
    defaultChannels: createDefaultChannels(definitions.routings, store),
    cancelMuted: (automationId) => cancel({ automationId }, 'muted', (each) => muteOf(each) !== undefined),
    onError: onStorageError,
  });
  const integrations = createIntegrations({
    store,
    notices,
    catchUp,
    runtime,
    deliveries,
    carrier,
    redactor,
    index,
    nextId,
    deliveryTimeoutMs: settings.deliveryTimeoutMs,
    usesOf: (id) => routingUses(definitions.routings, id),
    enabled: relay.wake,
  });

  const lifeCycle = createLifeCycle({
    ...settings,
    storage,
    runtime,
    announce,
    managing,
    secretReads,
    liveRuns,
    emitter,
    skips,
    relay,
    checkpoints,
    retention,
    refresher,
    muteExpiry,
    onStorageError,
  });

  const take = (event: unknown): EmitResult | Promise<EmitResult> => {
    if (lifeCycle.isClosing) throw engineClosed();
    return emitter.take(event);
  };

  const compiledOf = (automationId: string): CompiledAutomation => {
    const compiled = index.get(automationId);
    if (compiled !== undefined) return compiled;
    throw notFound('automation', automationId);
  };

  secrets?.attach?.({ storage: options.storage });
  await lifeCycle.start();

  return Object.freeze<Engine>({
    automations: managing.counted(automations),
    integrations: managing.counted(integrations),
    mutes: managing.counted(mutes),
    images: managing.counted(createImages({ storage: answering, runtime, limits, nextId })),
    routing: managing.counted(createRouting({ ...carrying, store: definitions.routings, carrier })),
    executions: managing.counted(createExecutions({ storage: answering, runtime, redactor, retry, cancel })),
    emit(event) {
      // No async function: most events are through at once, and this is called for every step of a training.
      try {
        const taken = take(event);
        // A promise of its own: a rejection that nobody awaits must not pass unseen because the engine looked.
        return taken instanceof Promise ? taken.then((result) => result) : Promise.resolve(taken);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    startRun: (runOptions) =>
      createRun(runOptions, { take, report: (error) => announce('error', error), nextId, limits }),
    explain: async (automationId, event) => explainEvent(compiledOf(automationId), event),
    preview: async (automationId, event) => previewEvent(compiledOf(automationId), event),
    stats: () => readStats({ index, liveRuns, emitter, queue, relay }),
    on,
    off,
    idle: lifeCycle.idle,
    close: lifeCycle.close,
  });
}
