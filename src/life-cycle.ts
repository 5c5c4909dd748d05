import type { CallsUnderWay } from './calls-under-way.js';
import type { Checkpoints } from './checkpoint/create-checkpoints.js';
import type { Emitter } from './firing/emitter.js';
import { atMost, keepAlive } from './keep-alive.js';
import type { DefinitionRefresher } from './manage/definition-refresher.js';
import type { MuteExpiry } from './manage/mute-expiry.js';
import type { Relay } from './notify/relay.js';
import type { Runtime } from './ports/runtime.js';
import type { Storage } from './ports/storage.js';
import type { Announce } from './record/engine-events.js';
import type { Retention } from './record/retention.js';
import type { SkipLedger } from './record/skip-ledger.js';
import type { LiveRuns } from './window/live-runs.js';

/** What a {@link LifeCycle} brings to rest and to its end. */
export interface LifeCycleOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly announce: Announce;
  /** How long each part may take to come to its end, in milliseconds. */
  readonly closeTimeoutMs: number;
  /** How long a secret may take to be read, in milliseconds. */
  readonly deliveryTimeoutMs: number;
  /** The calls of those who manage the engine. */
  readonly managing: CallsUnderWay;
  readonly secretReads: CallsUnderWay;
  readonly liveRuns: LiveRuns;
  readonly emitter: Emitter;
  readonly skips: SkipLedger;
  readonly relay: Relay;
  /** Absent where nothing outlives the process. */
  readonly checkpoints: Checkpoints | undefined;
  readonly retention: Retention;
  readonly refresher: DefinitionRefresher;
  readonly muteExpiry: MuteExpiry;
  onStorageError(cause: unknown): void;
}

/** How an engine begins, comes to rest, and ends. */
export interface LifeCycle {
  /** Goes on where the process before ended. */
  start(): Promise<void>;
  /** No more is taken. */
  readonly isClosing: boolean;
  /** Resolves when every accepted event is committed and the outbox is empty, but for what waits for a retry. */
  idle(): Promise<void>;
  /** Ends each part in its turn; again and again it is the same end. */
  close(): Promise<void>;
}

/** How often `idle` begins anew for emits that began while it waited. */
const mostIdleRounds = 100;

/** Makes the life cycle of an engine. */
export function createLifeCycle(options: LifeCycleOptions): LifeCycle {
  const {
    storage,
    runtime,
    announce,
    closeTimeoutMs,
    managing,
    secretReads,
    emitter,
    skips,
    relay,
    checkpoints,
    retention,
    refresher,
    muteExpiry,
    liveRuns,
    onStorageError,
  } = options;
  let closing: Promise<void> | undefined;

  const warnOfLoss = async (): Promise<void> => {
    const lanes = await storage.lanes({ limit: 1 });
    if (lanes.length === 0) return;
    const message =
      'Notifications were not delivered, and are lost with this storage: await engine.idle() before close(), ' +
      "or see the attempts of executions.list({ status: 'pending' }) for why they wait";
    announce('warning', { code: 'undelivered_lost', message });
  };

  const comeToRest = async (): Promise<void> => {
    let rounds = 0;
    do {
      rounds += 1;
      await emitter.drained();
      await skips.flush();
      await relay.idle();
      // What listeners and handlers emitted meanwhile is waited for too, unless it never ends.
    } while (relay.busy || (emitter.inFlight > 0 && rounds < mostIdleRounds));
  };

  /** A storage or an adapter that hangs must not keep a service from stopping. */
  const end = async (): Promise<void> => {
    const retained = retention.close();
    const refreshed = refresher.stop();
    const expired = muteExpiry.stop();
    await emitter.drained();
    const saved = checkpoints?.close().catch(onStorageError);
    await Promise.all([
      atMost(
        runtime,
        closeTimeoutMs,
        Promise.all([skips.close(), saved, retained, refreshed, expired, managing.drained()]),
      ),
      // Attempts have that long, and what came of them has as long again to be written down.
      atMost(runtime, 2 * closeTimeoutMs, relay.stop(closeTimeoutMs)),
    ]);
    // One that refreshes a token has handed in what an issuer takes once: what it gets must still be stored.
    secretReads.refuse();
    await atMost(runtime, options.deliveryTimeoutMs, secretReads.drained());
    if (!storage.capabilities.durable) await atMost(runtime, closeTimeoutMs, warnOfLoss().catch(onStorageError));
    await atMost(runtime, closeTimeoutMs, storage.close());
  };

  return {
    async start() {
      await checkpoints?.restore(liveRuns);
      try {
        await relay.start();
      } catch (error) {
        // What keeps this process known to others must not outlive an engine that never was.
        await checkpoints?.close().catch(onStorageError);
        throw error;
      }
      refresher.start();
      muteExpiry.start();
      retention.start();
    },
    get isClosing() {
      return closing !== undefined;
    },
    idle: () => keepAlive(runtime, comeToRest),
    close() {
      managing.refuse();
      closing ??= keepAlive(runtime, end);
      return closing;
    },
  };
}
