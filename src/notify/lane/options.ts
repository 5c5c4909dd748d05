import type { Pacing } from '../../ports/delivery.js';
import type { Runtime } from '../../ports/runtime.js';
import type { LaneEntry, Storage } from '../../ports/storage.js';
import type { LaneUrge } from './back-off-of-others.js';
import type { LaneFallback } from './fallback.js';
import type { HeadOutcome } from './head-outcome.js';
import type { LaneOutage } from './outage.js';

/** What a lane knows of its head. */
interface HeadCircumstances {
  /** This process knows of every attempt that can have been made. */
  readonly isKnown: boolean;
  readonly urge: LaneUrge;
}

/** What a lane is doing. */
export type LanePhase = 'working' | 'pacing' | 'resting';

/** What a lane works with. */
export interface LaneOptions {
  readonly name: string;
  readonly storage: Storage;
  readonly runtime: Runtime;
  /** An id of this process. */
  readonly holder: string;
  /** For how long the lane is leased at a time, in milliseconds; longer than an attempt can take. */
  readonly leaseMs: number;
  /** After how long a message that waits is told of, in milliseconds. */
  readonly lagMs: number;
  readonly fallback: LaneFallback;
  readonly outage: LaneOutage;
  /** Asked before each message, since the lane's integration can change. */
  pacing(): Pacing | undefined;
  /** Takes the next turn among all lanes that use the same credential; tells after how many milliseconds that is. */
  takeTurn(): number;
  /**
   * Works on the head. It throws only when the storage fails before anything was tried.
   *
   * @param entry - The head.
   */
  work(entry: LaneEntry, circumstances: HeadCircumstances): Promise<HeadOutcome>;
  /** Told once when the oldest message waits too long, until none does any more. */
  onLagging(oldest: LaneEntry, phase: LanePhase): void;
  /** Told of a storage that fails; the lane tries again. */
  onError(error: unknown): void;
  /** Told that the lane has come to rest, and the storage has not failed. */
  onWorked(): void;
  /** Told that nothing is left in it, or that another process works on it. */
  onNothingToDo(): void;
  /** Called whenever the lane comes to rest. */
  onRest(): void;
}
