import type { Step, StepResult } from '../../ports/storage.js';
import type { HeadOutcome } from './head-outcome.js';
import type { LaneLease } from './lease.js';

type Plan = readonly Step[];

/** What a lane's outcomes are written with. */
interface LaneWriterOptions {
  readonly lease: LaneLease;
  pause(delayMs: number): Promise<void>;
  isStopped(): boolean;
  /** Told of a storage that fails; it is tried again. */
  onError(error: unknown): void;
  /** Told that another process may have had the lane, and delivered its head. */
  onLost(headId: string): void;
  /** Told that the lane stops before an outcome could be written. */
  onUnwritten(): void;
}

/** How long to wait when the storage can't be reached. */
const storageRetryMs = 1000;

/**
 * Makes the function that writes outcomes, however long the storage takes: forgetting one would deliver its message again.
 *
 * @returns A function that takes what makes the steps, and tells what became of each; of none when the lane is lost.
 */
export function createLaneWriter({ lease, pause, isStopped, onError, onLost, onUnwritten }: LaneWriterOptions) {
  return async (plan: () => Plan | Promise<Plan>, headId: string): Promise<readonly StepResult[]> => {
    for (;;) {
      try {
        const written = await lease.write(await plan(), headId);
        if (written !== 'lost') return written;
        onLost(headId);
        return [];
      } catch (error) {
        onError(error);
        if (isStopped()) {
          onUnwritten();
          return [];
        }
        await pause(storageRetryMs);
      }
    }
  };
}

/**
 * Writes the step of an outcome; while somebody changes its execution meanwhile, the one that is made then.
 *
 * @returns Whether one was written.
 */
export async function writeOutcome(
  write: ReturnType<typeof createLaneWriter>,
  { step, stepAgain }: Pick<HeadOutcome, 'step' | 'stepAgain'>,
  headId: string,
): Promise<boolean> {
  if (step === undefined) return false;
  let [result] = await write(() => [step], headId);
  while (result?.written === false && stepAgain !== undefined) {
    [result] = await write(async () => [await stepAgain()], headId);
  }
  return result?.written === true;
}
