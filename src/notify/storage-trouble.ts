import type { TocsinError } from '../errors.js';

/** Tells of a storage that fails: of each fault once for all lanes together, until it is over in all of them. */
export interface StorageTrouble {
  /**
   * The storage failed. It is told where no lane has trouble with the same fault.
   *
   * @param lane - Where it goes on failing, until {@link StorageTrouble.worked}; left out, it was asked once.
   */
  failed(error: TocsinError, lane?: string): void;
  /** The storage did what a lane wanted. */
  worked(lane: string): void;
}

/** A fault is over in a lane that has failed so often of something else since. */
const othersInBetween = 100;

/** Of more faults than these at the same time nobody is told. */
const mostFaults = 100;

/**
 * Makes it for a storage that has not failed.
 *
 * @param tell - Told of what is to be told.
 */
export function createStorageTrouble(tell: (error: TocsinError) => void): StorageTrouble {
  /** How often each lane has failed since it worked. */
  const failures = new Map<string, number>();
  /** The lanes of each fault, with how often they had failed when it came last. */
  const faults = new Map<string, Map<string, number>>();

  const endIn = (lane: string, fault: string, lanes: Map<string, number>): void => {
    if (lanes.delete(lane) && lanes.size === 0) faults.delete(fault);
  };

  const keep = (fault: string, lane: string): void => {
    const count = (failures.get(lane) ?? 0) + 1;
    failures.set(lane, count);
    faults.set(fault, (faults.get(fault) ?? new Map<string, number>()).set(lane, count));
    for (const [other, lanes] of faults) {
      if (count - (lanes.get(lane) ?? count) >= othersInBetween) endIn(lane, other, lanes);
    }
  };

  return {
    failed(error, lane) {
      const fault = faultOf(error);
      const isTold = faults.has(fault);
      if (!isTold && faults.size >= mostFaults) return;
      if (lane !== undefined) keep(fault, lane);
      if (!isTold) tell(error);
    },
    worked(lane) {
      if (!failures.delete(lane)) return;
      for (const [fault, lanes] of faults) endIn(lane, fault, lanes);
    },
  };
}

/** Faults of the same code and cause are one, whatever was asked of the storage, and whatever it counts or names in its words. */
function faultOf({ code, message, cause }: TocsinError): string {
  if (cause === undefined) return `${code} ${message}`;
  const { code: causeCode, name, message: causeMessage } = Object(cause) as Readonly<Record<string, unknown>>;
  if (causeCode !== undefined) return `${code} ${String(causeCode)}`;
  return `${code} ${String(name ?? typeof cause)} ${String(causeMessage).replaceAll(wordWithDigits, '#')}`;
}

const wordWithDigits = /\S*\d\S*/g;
