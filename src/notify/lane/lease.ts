import { TocsinError } from '../../errors.js';
import type { LaneEntry, LeaseResult, Step, StepResult, Storage } from '../../ports/storage.js';

/** What a {@link LaneLease} works with. */
export interface LaneLeaseOptions {
  readonly storage: Storage;
  /** The lane. */
  readonly name: string;
  /** An id of this process. */
  readonly holder: string;
  /** For how long the lane is leased at a time, in milliseconds. */
  readonly leaseMs: number;
  /** Told of a lease that could not be given back; it expires by itself. */
  onError(error: unknown): void;
}

/** The head of a lane, or why there is none to work on. */
export type TakenHead =
  | {
      readonly type: 'head';
      readonly head: LaneEntry;
      /** The first ones, the head among them. */
      readonly entries: readonly LaneEntry[];
      /** Nobody else can have had the lane since this process last had it. */
      readonly isSeamless: boolean;
      /** Another left the lane without giving it back, and may have tried the head without a record. */
      readonly isDoubtful: boolean;
    }
  | Extract<LeaseResult, { type: 'held' | 'empty' }>;

/** This process's hold on one lane. */
export interface LaneLease {
  /**
   * Takes or extends the lease, and reads the head.
   *
   * @param limit - How many entries to read.
   */
  take(limit?: number): Promise<TakenHead>;
  /**
   * Writes under the lease. One that has expired is taken anew, if nobody else has had it and the head is the same.
   *
   * @returns What became of each step; `lost` when the lane is no longer ours.
   */
  write(steps: readonly Step[], headId: string): Promise<readonly StepResult[] | 'lost'>;
  /** Gives the lease back; never rejects. */
  release(): Promise<void>;
}

/** Makes a hold that is not taken yet. */
export function createLaneLease({ storage, name, holder, leaseMs, onError }: LaneLeaseOptions): LaneLease {
  let token = 0;
  let unheardReleases = 0;

  /**
   * A release that nobody answered may be carried out late, when we have the lane again: it must not free that lease. Under a
   * new name that is another one, with a token of its own; the old one has to end, or to be released, first.
   */
  const holderNow = (): string => (unheardReleases === 0 ? holder : `${holder}/${unheardReleases}`);

  const take = async (limit = 1): Promise<TakenHead> => {
    const lease = await storage.leaseLane({ lane: name, holder: holderNow(), leaseMs, limit });
    if (lease.type !== 'leased') return lease;
    // Every new lease has a larger token: one that jumped tells that another process had the lane meanwhile.
    const isSeamless = lease.token <= token + 1;
    token = lease.token;
    const { entries } = lease;
    const [head] = entries;
    const isDoubtful = lease.isTakenOver && !isSeamless;
    return head === undefined ? { type: 'empty' } : { type: 'head', head, entries, isSeamless, isDoubtful };
  };

  return {
    take,
    async write(steps, headId) {
      for (;;) {
        const result = await storage.commit({ require: [{ type: 'lease', lane: name, token }], steps });
        if (result.committed) return result.steps;
        const taken = await take();
        if (taken.type !== 'head' || !taken.isSeamless || taken.head.id !== headId) return 'lost';
      }
    },
    async release() {
      if (token === 0) return;
      await storage.releaseLane({ lane: name, token }).catch((error: unknown) => {
        // What the storage has refused has a cause; what it never answered has none.
        if (!TocsinError.is(error) || error.cause === undefined) unheardReleases += 1;
        onError(error);
      });
    },
  };
}
