import type { Limits } from './definition/limits.js';
import type { EngineSettings } from './engine-options.js';
import { createEmitter, type Emitter, type EmitterOptions } from './firing/emitter.js';
import type { EventIds } from './firing/event-ids.js';
import { createExplainer } from './firing/explainer.js';
import { createFirer } from './firing/firer.js';
import { createFollowUps } from './firing/follow-ups.js';
import { createForesee } from './firing/foresee.js';
import { createHeldClaims } from './firing/held-claims.js';
import type { World } from './firing/observe.js';
import { createPictures } from './firing/pictures.js';
import { createPreviewer } from './firing/previewer.js';
import { createRateLimits } from './firing/rate-limits.js';
import { createSkipper } from './firing/skipper.js';
import type { TargetSource } from './firing/targets.js';
import type { Redactor } from './notify/redact.js';
import type { Relay } from './notify/relay.js';
import type { Delivery } from './ports/delivery.js';
import type { Runtime } from './ports/runtime.js';
import type { Storage } from './ports/storage.js';
import { type CommitQueue, createCommitQueue } from './record/commit-queue.js';
import type { Announce } from './record/engine-events.js';
import type { IntegrationStore } from './record/integration-store.js';
import type { FindMute } from './record/mute-table.js';
import type { RoutingStore } from './record/routing-store.js';
import { createSkipLedger, type SkipLedger } from './record/skip-ledger.js';

/** What the firing side is made of. */
export interface FiringOptions extends World {
  readonly settings: EngineSettings;
  readonly storage: Storage;
  /** The same, but it answers within a bound. */
  readonly answering: Storage;
  readonly runtime: Runtime;
  readonly limits: Limits;
  readonly eventIds: EventIds;
  readonly integrations: IntegrationStore;
  readonly routings: RoutingStore;
  readonly mutes: FindMute;
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly relay: Relay;
  readonly redactor: Redactor;
  readonly announce: Announce;
  readonly nextId: () => string;
  readonly idChanged: EmitterOptions['idChanged'];
  /** Told when executions have been recorded. */
  recorded(): void;
  onStorageError(cause: unknown): void;
}

/** What takes events, and what looks ahead. */
export interface Firing {
  readonly emitter: Emitter;
  readonly queue: CommitQueue;
  readonly skips: SkipLedger;
  readonly explainEvent: ReturnType<typeof createExplainer>;
  readonly previewEvent: ReturnType<typeof createPreviewer>;
}

/** Wires what lies between an event and the commit of what it fires. */
export function createFiring(options: FiringOptions): Firing {
  const { settings, storage, answering, runtime, limits, index, liveRuns, eventIds, integrations } = options;
  const { routings, mutes, deliveries, relay, redactor, announce, nextId, recorded, onStorageError } = options;
  const targets: TargetSource = {
    integration: integrations.get,
    capabilities({ delivery }) {
      const adapter = deliveries.get(delivery);
      return adapter === undefined ? undefined : (adapter.capabilities ?? {});
    },
    routing: (entity) => routings.find(entity),
  };
  const heldClaims = createHeldClaims();
  const queue = createCommitQueue({ ...settings, storage, runtime });
  const skips = createSkipLedger({
    storage: answering,
    runtime,
    flushMs: settings.skipFlushMs,
    recorded,
    onError: onStorageError,
  });
  const skipper = createSkipper({ runtime, ledger: skips, announce, nextId });
  const followUps = createFollowUps({
    storage: answering,
    index,
    targets,
    hasIntegrations: () => integrations.all().length > 0,
  });
  const pictures = createPictures({ storage: answering, runtime, limits, nextId });
  const fire = createFirer({
    runtime,
    queue,
    heldClaims,
    mutes,
    skipper,
    announce,
    nextId,
    followUps,
    rateLimits: createRateLimits(answering, runtime),
    committed(executions) {
      relay.committed(executions);
      recorded();
    },
    perhapsCommitted: relay.perhapsCommitted,
    isActive: (automationId, orUnknown) => index.get(automationId)?.automation.enabled ?? orUnknown,
  });
  const emitter = createEmitter({
    world: { index, liveRuns },
    runtime,
    limits,
    heldClaims,
    mutes,
    eventIds,
    fire,
    followUps,
    pictures,
    skipper,
    targets,
    idChanged: options.idChanged,
  });
  const foresee = createForesee({ runtime, limits, liveRuns, eventIds, pictures });
  return {
    emitter,
    queue,
    skips,
    explainEvent: createExplainer({ foresee, storage: answering, runtime, mutes, targets }),
    previewEvent: createPreviewer({ foresee, deliveries, redactor, targets }),
  };
}
