import { decodeTime, encodeTime, monotonicFactory } from 'ulid';
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

/** The latest instant that an id can hold, in epoch milliseconds. */
const latestMs = 2 ** 48 - 1;

/** What all ids made at or after an instant, in epoch milliseconds, are larger than, and all earlier ones smaller. */
export function idsFrom(timeMs: number): string {
  return encodeTime(Math.min(Math.max(Math.ceil(timeMs), 0), latestMs));
}

const sortableId = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Whether a text is such an id. */
export function isSortableId(text: string): boolean {
  return sortableId.test(text);
}
