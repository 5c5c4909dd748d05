import type { Runtime, Timer } from '../ports/runtime.js';
import type { Storage } from '../ports/storage.js';
import { createGiveWay } from './give-way.js';
import { keys } from './keys.js';
import { deleteUnusedImages } from './retention-images.js';
import { deleteSurplus } from './retention-round.js';
import { deleteOldThreads } from './retention-threads.js';
import type { RetentionLimits } from './round-options.js';

/** What a {@link Retention} works with. */
export interface RetentionOptions extends RetentionLimits {
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** From the end of one round to the beginning of the next, in milliseconds. */
  readonly retentionIntervalMs: number;
  /** Told of a storage that fails, once until it works again. */
  onError(error: unknown): void;
}

/** Deletes what is too old or too much, now and then. */
export interface Retention {
  /** The first round is some time from now. */
  start(): void;
  /** To be told that something has been recorded. */
  recorded(): void;
  /** Begins nothing any more; resolves when nothing is on its way. */
  close(): Promise<void>;
}

/**
 * A process that has just begun has better things to do, in milliseconds. Where a shared storage says whose turn it is, and
 * when the last round was, less is enough: processes that all end soon must do it some time.
 */
const firstRoundAfterMs = { alone: 60_000, shared: 2000 };

/**
 * Makes what looks after the history. Of several processes on one storage one does each round.
 *
 * What a storage keeps beyond the process is looked at by a timer. One that keeps nothing only grows by what is recorded, so
 * that is when it is looked at: no timer runs for it.
 *
 * Where both limits are infinite there are no rounds: it would take the turn of one that has something to delete.
 */
export function createRetention(options: RetentionOptions): Retention {
  const { storage, runtime, retentionIntervalMs, executionRetentionMs, maxExecutions, onError } = options;
  const { durable, shared } = storage.capabilities;
  const keepsAll = executionRetentionMs === Number.POSITIVE_INFINITY && maxExecutions === Number.POSITIVE_INFINITY;
  let dueAtMs = Number.POSITIVE_INFINITY;
  let timer: Timer | undefined;
  let isClosed = false;
  let round: Promise<void> | undefined;
  let isPausing = false;
  let isFailing = false;

  const plan = (delayMs: number): void => {
    dueAtMs = runtime.now() + delayMs;
    if (durable) timer = runtime.setTimer(begin, delayMs);
  };

  const tryRound = async (): Promise<void> => {
    let nextAfterMs = retentionIntervalMs;
    try {
      const heldForMs = shared ? await takeTurn() : 0;
      if (heldForMs === 0) await runRound();
      else nextAfterMs = heldForMs;
      isFailing = false;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
    }
    round = undefined;
    if (!isClosed) plan(nextAfterMs);
  };

  const begin = (): void => {
    round = tryRound();
  };

  const runRound = async (): Promise<void> => {
    const pause = createGiveWay(runtime);
    const giveWay = async (): Promise<void> => {
      isPausing = true;
      await pause();
      isPausing = false;
    };
    const round = { ...options, nowMs: runtime.now(), giveWay, isStopped: () => isClosed };
    await deleteSurplus(storage, round);
    await deleteOldThreads(storage, round);
    await deleteUnusedImages(storage, round);
  };

  /** 0 when it is our turn; otherwise for how long it is another's, in milliseconds. */
  const takeTurn = async (): Promise<number> => {
    const nowMs = runtime.now();
    const untilMs = nowMs + retentionIntervalMs;
    const turn = { type: 'claim', key: keys.claim('retention'), nowMs, untilMs } as const;
    const { committed } = await storage.commit({ require: [turn], steps: [] });
    if (committed) return 0;
    const heldUntilMs = (await storage.claimedUntil(turn.key)) ?? nowMs;
    // The other's clock may be far ahead.
    return Math.min(Math.max(heldUntilMs - runtime.now(), 1), retentionIntervalMs);
  };

  return {
    start() {
      if (!keepsAll) plan(Math.min(firstRoundAfterMs[shared ? 'shared' : 'alone'], retentionIntervalMs));
    },
    recorded() {
      if (!durable && !isClosed && round === undefined && runtime.now() >= dueAtMs) begin();
    },
    async close() {
      isClosed = true;
      timer?.cancel();
      // Behind a pause nothing more is done, and the host's clock may not go on to end it.
      if (!isPausing) await round;
    },
  };
}
