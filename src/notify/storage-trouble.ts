import type { TocsinError } from '../errors.js';

/** Tells of a storage that fails: once for all lanes together, until none of them has trouble with it any more. */
export interface StorageTrouble {
  /**
   * The storage failed. It is told where nobody was told of the same fault since the trouble began.
   *
   * @param lane - Where it goes on failing, until {@link StorageTrouble.worked}; left out, it was asked once.
   */
  failed(error: TocsinError, lane?: string): void;
  /** The storage did what a lane wanted. */
  worked(lane: string): void;
}

/**
 * Makes it for a storage that has not failed.
 *
 * @param tell - Told of what is to be told.
 */
export function createStorageTrouble(tell: (error: TocsinError) => void): StorageTrouble {
  const lanes = new Set<string>();
  const told = new Set<string>();
  return {
    failed(error, lane) {
      if (lane !== undefined) lanes.add(lane);
      const fault = faultOf(error);
      const isTold = told.has(fault);
      if (lanes.size > 0) told.add(fault);
      if (!isTold) tell(error);
    },
    worked(lane) {
      if (lanes.delete(lane) && lanes.size === 0) told.clear();
    },
  };
}

/** Faults of the same code and cause are one, whatever was asked of the storage. */
function faultOf({ code, message, cause }: TocsinError): string {
  if (cause === undefined) return `${code} ${message}`;
  const { code: causeCode, message: causeMessage } = Object(cause) as { code?: unknown; message?: unknown };
  return `${code} ${String(causeCode ?? causeMessage ?? typeof cause)}`;
}
