import type { Pacing } from '../ports/delivery.js';
import type { Runtime, Timer } from '../ports/runtime.js';
import type { LaneEntry, Step, Storage } from '../ports/storage.js';
import { createLaneLease } from './lane-lease.js';
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
  /** Asked before each message, since the lane's integration can change. */
  pacing(): Pacing | undefined;
  /**
   * Works on the head. It throws only when the storage fails before anything was tried.
   *
   * @param entry - The head.
   * @param isKnown - Whether this process knows of every attempt that can have been made.
   */
  work(entry: LaneEntry, isKnown: boolean): Promise<HeadOutcome>;
  /** Told of a storage that fails; the lane tries again. */
  onError(error: unknown): void;
  /** Told that nothing is left in it, or that another process works on it. */
  onNothingToDo(): void;
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

/** How often to ask for a lane that another has. */
const heldRetryMs = 1000;

/** How long to wait when the storage can't be reached. */
const storageRetryMs = 1000;

/** Makes a lane at rest. */
export function createLane(options: LaneOptions): Lane {
  const { name, runtime, work, onError, onRest } = options;
  const lease = createLaneLease(options);
  const known = new Set<string>();
  let pacing = options.pacing();
  let pacer = createPacer(pacing);
  let working: Promise<void> | undefined;
  let notified = false;
  let wakes = 0;
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
    if (stopped) return;
    rest = runtime.setTimer(() => {
      rest = undefined;
      start();
    }, delayMs);
  };

  /** The head, under a lease; `undefined` when there is nothing to do now. */
  const takeHead = async (): Promise<LaneEntry | undefined> => {
    notified = false;
    const taken = await lease.take();
    switch (taken.type) {
      case 'head':
        if (!taken.isSeamless) known.clear();
        return taken.head;
      case 'held':
        known.clear();
        options.onNothingToDo();
        // Whoever has it may be done long before it expires.
        restFor(Math.min(taken.expiresInMs, heldRetryMs));
        return undefined;
      case 'empty':
        // What was known of entries that have been called off, or that another delivered, is of no use any more.
        if (!notified) {
          known.clear();
          options.onNothingToDo();
        }
        return undefined;
      default:
        return taken satisfies never;
    }
  };

  const waitForPace = async (): Promise<boolean> => {
    const wanted = options.pacing();
    if (wanted !== pacing) {
      pacing = wanted;
      pacer = createPacer(pacing);
    }
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
   * @returns Whether the first step was written: not when the lane is lost, or what it records has changed meanwhile.
   */
  const write = async (steps: readonly Step[], headId: string): Promise<boolean> => {
    for (;;) {
      try {
        const written = await lease.write(steps, headId);
        // Whoever has the lane now may deliver the head; if it comes back to us, we know no longer.
        if (written === 'lost') known.delete(headId);
        return written === true;
      } catch (error) {
        onError(error);
        if (stopped) return false;
        await pauseFor(storageRetryMs);
      }
    }
  };

  const workOn = async (head: LaneEntry): Promise<void> => {
    const wakesBefore = wakes;
    const outcome = await work(head, known.has(head.id));
    const record = outcome.record === undefined ? [] : [outcome.record];
    if (outcome.type === 'settled') {
      const written = await write([...record, { write: [{ type: 'remove', lane: name, id: head.id }] }], head.id);
      known.delete(head.id);
      if (written) await outcome.settled();
      return;
    }
    if (record.length > 0) await write(record, head.id);
    if (stopped || (outcome.type === 'rest' && outcome.delayMs === 0)) return;
    await lease.release();
    // What it would wait for has changed while it was about to rest.
    if (wakes !== wakesBefore) return;
    if (outcome.type === 'parked') rest = 'parked';
    else restFor(outcome.delayMs);
  };

  const run = async (): Promise<void> => {
    while (!stopped && rest === undefined) {
      let head = await takeHead();
      // Pacing can outlast the lease, and the head can be cancelled meanwhile.
      if (head !== undefined && (await waitForPace())) head = await takeHead();
      if (stopped) return;
      if (head !== undefined) await workOn(head);
      else if (!notified) return;
    }
  };

  const start = (): void => {
    if (stopped || rest !== undefined || working !== undefined) return;
    working = run()
      .catch((error) => {
        onError(error);
        restFor(storageRetryMs);
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
      wakes += 1;
      notified = true;
      if (rest !== undefined && rest !== 'parked') rest.cancel();
      rest = undefined;
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
      await lease.release();
    },
  };
}
