import type { EventIds } from '../firing/event-ids.js';
import type { Write } from '../ports/storage.js';
import { toStored } from '../record/stored.js';
import { checkpointKeys } from './checkpoint-keys.js';

/** The ids of events as they stand in the storage, in batches; bounded. */
export interface IdBatches {
  /** Plans how ids are saved with what has become of their events; nothing is taken for done before `written`. */
  plan(ids: readonly string[]): { readonly writes: readonly Write[]; written(): void };
  /** Takes in batches of processes that are gone; the oldest are deleted when there are enough newer ones. */
  join(batches: readonly Batch[]): void;
}

/** Ids as they are saved. */
export interface BatchRecord {
  readonly committed: readonly string[];
  /** Their samples are in the windows, but the events were not committed. */
  readonly sampled: readonly string[];
}

/** How many ids are in a batch at most, so that no record is large. */
const batchSize = 1000;

/** A batch with fewer is written anew with the next ids, so that a few ids now and then don't make many records. */
const smallBatch = 256;

/** A batch in the storage. */
interface Batch {
  readonly key: string;
  /** How many ids are in it. */
  readonly size: number;
}

/** What {@link createIdBatches} works with. */
export interface IdBatchesOptions {
  readonly eventIds: EventIds;
  readonly maxEventIds: number;
  /** An id of this process. */
  readonly holder: string;
  nextId(): string;
}

/** Makes batches of which none is there yet. */
export function createIdBatches({ eventIds, maxEventIds, holder, nextId }: IdBatchesOptions): IdBatches {
  // Oldest first.
  let batches: readonly Batch[] = [];
  let open: { readonly key: string; readonly ids: readonly string[] } | undefined;

  const recordOf = (ids: readonly string[]): BatchRecord => {
    const committed: string[] = [];
    const sampled: string[] = [];
    for (const id of ids) {
      const state = eventIds.get(id);
      if (state !== undefined) (state.type === 'committed' ? committed : sampled).push(id);
    }
    return { committed, sampled };
  };

  /** Leaves out the oldest batches that the others are enough without. */
  const bound = (all: readonly Batch[]): readonly Batch[] => {
    let rest = all.reduce((sum, { size }) => sum + size, 0);
    const first = all.findIndex(({ size }) => {
      rest -= size;
      return rest < maxEventIds;
    });
    return all.slice(Math.max(first, 0));
  };

  return {
    plan(ids) {
      if (ids.length === 0) return { writes: [], written() {} };
      const begun = open !== undefined && !isFinal(open.ids.length) ? open : { key: undefined, ids: [] };
      // Should this be refused and arrive after all, the batch may be a large one, and those stay as they are.
      open = undefined;
      const merged = [...new Set([...begun.ids, ...ids])];
      const parts = Array.from({ length: Math.ceil(merged.length / batchSize) }, (_, part) => {
        const key = (part === 0 ? begun.key : undefined) ?? checkpointKeys.ids(holder, nextId());
        return { key, ids: merged.slice(part * batchSize, (part + 1) * batchSize) };
      });
      const added = parts.map((part) => ({ key: part.key, size: part.ids.length }));
      const all = [...batches.filter(({ key }) => key !== begun.key), ...added];
      const kept = bound(all);
      const dropped = all.slice(0, all.length - kept.length);
      const writes: Write[] = [
        ...parts.map(({ key, ids: part }): Write => ({ type: 'put', key, value: toStored(recordOf(part)) })),
        ...dropped.map(({ key }): Write => ({ type: 'delete', key })),
      ];
      return {
        writes,
        written() {
          batches = kept;
          open = parts.at(-1);
        },
      };
    },
    join(found) {
      const joining = new Set(found.map(({ key }) => key));
      const all = [...found, ...batches.filter(({ key }) => !joining.has(key))];
      // What is bounded away here is deleted with the next ids.
      batches = all.sort((left, right) => (batchName(left.key) < batchName(right.key) ? -1 : 1));
    },
  };
}

/** Whether a batch of so many ids stays as it is. A smaller one does not, even if its process seemed to be gone. */
export function isFinal(size: number): boolean {
  return size >= smallBatch;
}

/** The part of a batch's key that tells when it was begun. */
export function batchName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
