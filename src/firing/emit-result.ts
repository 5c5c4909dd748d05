import type { SkippedMatch } from '../record/engine-events.js';
import type { Execution } from '../record/execution.js';

/** What an emit came to. */
export interface EmitResult {
  /** What fired, committed. */
  readonly fired: readonly Execution[];
  /** What matched and did not fire, with why. */
  readonly skipped: readonly SkippedMatch[];
  /** The event's id had been committed before; nothing was done. */
  readonly duplicate: boolean;
}
