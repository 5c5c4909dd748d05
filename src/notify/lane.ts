import type { Pacing } from '../ports/delivery.js';
import type { Runtime, Timer } from '../ports/runtime.js';
import type { LaneEntry, Step, Storage } from '../ports/storage.js';
import { createPacer } from './pacer.js';

/** What became of the head of a lane. */
export type HeadOutcome =
  /** It is done with, one way or the other: `record` says so, and it leaves the lane. */
  | { readonly type: 'settled'; readonly record: Step | undefined; settled(): Promise<void> }
  /** It stays at the head and is tried again after a rest; `record` tells of the attempt. */
  | { readonly type: 'rest'; readonly record: Step | undefined; readonly delayMs: number }
  /** It stays at the head until the lane is woken. */
  | { readonly type: 'parked'; readonly record: Step | undefined };

/** What a {@link Lane} works with. */
export interface LaneOptions {
  readonly name: string;
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** An id of this process. */
  readonly holder: string;
  /** For how long the lane is leased at a time, in milliseconds; longer than an attempt can take. */
  readonly leaseMs: number;
  readonly pacing: Pacing | undefined;
  /**
   * Works on the head. It throws only when the storage fails before anything was tried.
   *
   * @param entry - The head.
   * @param isKnown - Whether this process knows of every attempt that can have been made.
   */
  work(entry: LaneEntry, isKnown: boolean): Promise<HeadOutcome>;
  /** Told of a storage that fails; the lane tries again. */
  onError(error: unknown): void;
  /** Called whenever the lane comes to rest. */
  onRest(): void;
}

/** One destination's queue, worked on in order, one message at a time. */
export interface Lane {
  /** Says that entries may be there. `appendedId` is one that this process has just appended. */
  notify(appendedId?: string): void;
  /** Ends a rest early: what the lane waited for has changed. */
  wake(): void;
  /** Whether it is working now, not resting. */
  readonly busy: boolean;
  /** Stops after the present attempt, and gives the lease back. */
  stop(): Promise<void>;
}

/** How long to wait when the storage can't be reached. */
const storageRetryMs = 1000;

/** Makes a lane at rest. */
export function createLane(options: LaneOptions): Lane {
  const { name, storage, runtime, holder, leaseMs, work, onError, onRest } = options;
  const pacer = createPacer(options.pacing);
  const known = new Set<string>();
  let token = 0;
  let working: Promise<void> | undefined;
  let notified = false;
  let rest: Timer | 'parked' | undefined;
  let stopped = false;
  let endPause: (() => void) | undefined;

  const pauseFor = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = runtime.setTimer(() => endPause?.(), delayMs);
      endPause = () => {
        timer.cancel();
        endPause = undefined;
        resolve();
      };
    });

  const restFor = (delayMs: number): void => {
    rest = runtime.setTimer(() => {
      rest = undefined;
      start();
    }, delayMs);
  };

  /** Takes or extends the lease and reads the head; `undefined` when there is nothing to do now. */
  const takeHead = async (): Promise<LaneEntry | undefined> => {
    notified = false;
    const lease = await storage.leaseLane({ lane: name, holder, leaseMs, limit: 1 });
    if (lease.type === 'empty') return undefined;
    if (lease.type === 'held') {
      known.clear();
      restFor(lease.expiresInMs);
      return undefined;
    }
    // A token that jumped tells that another process had the lane meanwhile, and may have tried what is here.
    if (lease.token > token + 1) known.clear();
    token = lease.token;
    return lease.entries[0];
  };

  const waitForPace = async (): Promise<boolean> => {
    let waited = false;
    for (let delayMs = pacer.take(runtime.now()); delayMs > 0 && !stopped; delayMs = pacer.take(runtime.now())) {
      waited = true;
      await pauseFor(delayMs);
    }
    return waited;
  };

  /**
   * An outcome is written however long the storage takes: forgetting it would deliver the message again.
   *
   * @returns Whether the first step was written: not when the lease is lost, or what it records has changed meanwhile.
   */
  const write = async (steps: readonly Step[]): Promise<boolean> => {
    for (;;) {
      try {
        const result = await storage.commit({ require: [{ type: 'lease', lane: name, token }], steps });
        return result.committed && result.steps[0]?.written === true;
      } catch (error) {
        onError(error);
        if (stopped) return false;
        await pauseFor(storageRetryMs);
      }
    }
  };

  const applyOutcome = async (head: LaneEntry, outcome: HeadOutcome): Promise<void> => {
    const record = outcome.record === undefined ? [] : [outcome.record];
    switch (outcome.type) {
      case 'settled': {
        const written = await write([...record, { write: [{ type: 'remove', lane: name, id: head.id }] }]);
        known.delete(head.id);
        if (written) await outcome.settled();
        return;
      }
      case 'rest':
      case 'parked':
        if (record.length > 0) await write(record);
        if (stopped || (outcome.type === 'rest' && outcome.delayMs === 0)) return;
        await storage.releaseLane({ lane: name, token });
        if (outcome.type === 'parked') rest = 'parked';
        else restFor(outcome.delayMs);
        return;
      default:
        outcome satisfies never;
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped && rest === undefined) {
      let head = await takeHead();
      // Pacing can outlast the lease, and the head can be cancelled meanwhile.
      if (head !== undefined && (await waitForPace())) head = await takeHead();
      if (stopped) return;
      if (head !== undefined) await applyOutcome(head, await work(head, known.has(head.id)));
      else if (!notified) return;
    }
  };

  const start = (): void => {
    if (stopped || rest !== undefined || working !== undefined) return;
    working = run()
      .catch((error) => {
        onError(error);
        if (!stopped) restFor(storageRetryMs);
      })
      .then(() => {
        working = undefined;
        if (notified) start();
        if (working === undefined) onRest();
      });
  };

  return {
    notify(appendedId) {
      if (appendedId !== undefined) known.add(appendedId);
      notified = true;
      start();
    },
    wake() {
      if (rest === undefined) return;
      if (rest !== 'parked') rest.cancel();
      rest = undefined;
      notified = true;
      start();
    },
    get busy() {
      return working !== undefined;
    },
    async stop() {
      stopped = true;
      endPause?.();
      if (rest !== undefined && rest !== 'parked') rest.cancel();
      await working;
      if (token > 0) await storage.releaseLane({ lane: name, token }).catch(onError);
    },
  };
}
