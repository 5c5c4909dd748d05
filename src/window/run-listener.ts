import type { ParsedRunEvent } from '../event/parsed-event.js';
import type { LiveRun } from './live-run.js';

/** Told of what happens to runs, where something of them is to outlive the process. */
export interface RunListener {
  /** An event of the run is being applied. */
  touched(run: LiveRun, event: ParsedRunEvent): void;
  /** Something else of the run has changed. */
  changed(run: LiveRun): void;
  /** A run begins anew in place of one that has ended. */
  replaced(run: LiveRun, by: LiveRun): void;
  /** A run is not known any more. */
  forgotten(run: LiveRun): void;
}
