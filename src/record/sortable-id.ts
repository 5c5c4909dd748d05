import { monotonicFactory } from 'ulid';
import type { Runtime } from '../ports/runtime.js';

/** Makes ids that sort in the order in which they were made, also within one millisecond: ULIDs. */
export function createSortableIds(runtime: Runtime): () => string {
  const next = monotonicFactory(() => runtime.random());
  return () => next(Math.max(0, Math.trunc(runtime.now())));
}
