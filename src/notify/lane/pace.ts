import type { Pacing } from '../../ports/delivery.js';
import type { Runtime } from '../../ports/runtime.js';
import { createPacer } from './pacer.js';

/** What a lane's pace is kept with. */
interface LanePaceOptions {
  readonly runtime: Runtime;
  /** Asked before each message, since the lane's integration can change. */
  pacing(): Pacing | undefined;
  /** Takes the next turn among all lanes that use the same credential; tells after how many milliseconds that is. */
  takeTurn(): number;
  pause(delayMs: number): Promise<void>;
  isStopped(): boolean;
}

/**
 * Makes the function that waits until the next message may go.
 *
 * @returns A function that tells whether it had to wait.
 */
export function createLanePace({
  runtime,
  pacing,
  takeTurn,
  pause,
  isStopped,
}: LanePaceOptions): () => Promise<boolean> {
  let present = pacing();
  let pacer = createPacer(present);

  return async () => {
    const wanted = pacing();
    if (wanted !== present) {
      present = wanted;
      pacer = createPacer(present);
    }
    const turnMs = takeTurn();
    let waited = turnMs > 0;
    // The turn comes first: what has waited for it must not go faster than its own pace.
    if (waited && !isStopped()) await pause(turnMs);
    for (let delayMs = pacer.take(runtime.now()); delayMs > 0 && !isStopped(); delayMs = pacer.take(runtime.now())) {
      waited = true;
      await pause(delayMs);
    }
    return waited;
  };
}
