import { TocsinError } from './errors.js';
import type { EmitResult } from './firing/emit-result.js';

/** What the storage refuses a run in one outage, told in a few lines: a loop goes on logging. */
export interface RunRefusals {
  /** Tells of a failure: of the first refusal at once, of whatever is no refusal always. */
  failed(cause: unknown): void;
  /** If the storage has taken something, it works: tells how many more it had refused. */
  passed(result: EmitResult): void;
  /** Tells how many more were refused, if that has come to an end as far as the run can know. */
  flushed(): void;
  /** The run is over: tells how many more were refused. Should it go on, the next refusal is a first one. */
  ended(): void;
}

/**
 * Makes what counts the refusals of one run.
 *
 * @param report - Tells somebody of a failure.
 */
export function createRunRefusals(report: (cause: unknown) => void): RunRefusals {
  let told = 0;
  let untold = 0;
  let hasRefusedSinceFlush = false;

  const tellOthers = (message: string): void => {
    if (untold === 0) return;
    told += untold;
    untold = 0;
    report(new TocsinError({ code: 'storage_unavailable', message }));
  };

  return {
    failed(cause) {
      const isRefusal = TocsinError.is(cause) && cause.code === 'storage_unavailable';
      if (isRefusal) {
        hasRefusedSinceFlush = true;
        if (told > 0) {
          untold += 1;
          return;
        }
        told = 1;
      }
      report(cause);
    },
    passed({ fired, duplicate }) {
      // What matched and was muted, or too much, has not asked the storage.
      if (fired.length === 0 && !duplicate) return;
      tellOthers(`The storage works again; it refused ${untold} more before`);
      told = 0;
    },
    flushed() {
      // A loop may flush at every step while only some are refused: each line tells of as many as all before.
      if (!hasRefusedSinceFlush && untold >= told) tellOthers(`The storage refused ${untold} more`);
      hasRefusedSinceFlush = false;
    },
    ended() {
      tellOthers(`The storage refused ${untold} more`);
      told = 0;
    },
  };
}
