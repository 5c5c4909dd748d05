import type { Pacing } from '../../ports/delivery.js';
import type { Runtime } from '../../ports/runtime.js';
import { createPacer } from './pacer.js';

/** What a lane's pace is kept with. */
interface LanePaceOptions {
  readonly runtime: Runtime;
  /** Asked before each message, since the lane's integration can change. */
  pacing(): Pacing | undefined;
  pause(delayMs: number): Promise<void>;
  isStopped(): boolean;
}

/**
 * Makes the function that waits until the next message may go.
 *
 * @returns A function that tells whether it had to wait.
 */
export function createLanePace({ runtime, pacing, pause, isStopped }: LanePaceOptions): () => Promise<boolean> {
  let present = pacing();
  let pacer = createPacer(present);

  return async () => {
    const wanted = pacing();
    if (wanted !== present) {
      present = wanted;
      pacer = createPacer(present);
    }
    let waited = false;
    for (let delayMs = pacer.take(runtime.now()); delayMs > 0 && !isStopped(); delayMs = pacer.take(runtime.now())) {
      waited = true;
      await pause(delayMs);
    }
    return waited;
  };
}
