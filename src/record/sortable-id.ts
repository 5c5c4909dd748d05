import { decodeTime, monotonicFactory } from 'ulid';
import type { Runtime } from '../ports/runtime.js';

/** Makes ids that sort in the order in which they were made, also within one millisecond: ULIDs. */
export function createSortableIds(runtime: Runtime): () => string {
  const next = monotonicFactory(() => runtime.random());
  return () => next(Math.max(0, Math.trunc(runtime.now())));
}

/** When an id was made, in epoch milliseconds; 0 for one that is not ours. */
export function timeOfId(id: string): number {
  try {
    return decodeTime(id);
  } catch {
    return 0;
  }
}
