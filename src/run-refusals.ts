import { TocsinError } from './errors.js';

/** What the storage refuses a run in one outage, told in two lines: a loop goes on logging. */
export interface RunRefusals {
  /** Tells of a failure: of the first refusal at once, of whatever is no refusal always. */
  failed(cause: unknown): void;
  /** Takes note that the storage works; tells how many more it had refused. */
  worked(): void;
}

/**
 * Makes what counts the refusals of one run.
 *
 * @param report - Tells somebody of a failure.
 */
export function createRunRefusals(report: (cause: unknown) => void): RunRefusals {
  let isRefusing = false;
  let untold = 0;

  return {
    failed(cause) {
      const isRefusal = TocsinError.is(cause) && cause.code === 'storage_unavailable';
      if (isRefusal && isRefusing) {
        untold += 1;
        return;
      }
      if (isRefusal) isRefusing = true;
      report(cause);
    },
    worked() {
      if (untold > 0) {
        const message = `The storage works again; it refused ${untold} more before`;
        report(new TocsinError({ code: 'storage_unavailable', message }));
      }
      isRefusing = false;
      untold = 0;
    },
  };
}
