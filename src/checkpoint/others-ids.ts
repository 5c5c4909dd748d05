import type { EventIds } from '../firing/event-ids.js';
import type { Storage } from '../ports/storage.js';
import { fromStored } from '../record/stored.js';
import { checkpointKeys, ownerOf } from './checkpoint-keys.js';
import { type BatchRecord, batchName, type IdBatches, isFinal } from './id-batches.js';

/** The ids of events that other processes have saved. */
export interface OthersIds {
  /**
   * Takes over those that stand in the storage by now, also those of processes that are alive: a run may have been
   * theirs before it was another's. What was read before and can't have changed is not read again.
   *
   * @returns Those of the ids that were known here already: both processes have taken their events.
   */
  adopt(): Promise<ReadonlySet<string>>;
}

/** What {@link createOthersIds} works with. */
export interface OthersIdsOptions {
  readonly storage: Storage;
  readonly eventIds: EventIds;
  readonly batches: IdBatches;
  /** How many ids the engine remembers at least; more are not taken over. */
  readonly maxEventIds: number;
  /** An id of this process. */
  readonly holder: string;
  /** Whether a process has ended that saved something. */
  isGone(owner: string): Promise<boolean>;
}

/** How many batches are read at once. */
const readsAtOnce = 32;

/** A batch that was read. */
interface ReadBatch {
  readonly key: string;
  readonly record: BatchRecord;
}

/** What is known of a batch that was read. */
interface KnownBatch {
  readonly size: number;
  /** `undefined`: it can't change any more. */
  readonly ids: ReadonlySet<string> | undefined;
}

/** The batches that stand in the storage, newest first. */
interface FoundBatches {
  readonly ofGone: readonly string[];
  readonly ofAlive: readonly string[];
}

/** Makes what has not read anything yet. */
export function createOthersIds(options: OthersIdsOptions): OthersIds {
  const { storage, eventIds, batches, maxEventIds, holder, isGone } = options;
  const known = new Map<string, KnownBatch>();
  /** The batches of processes that were gone when it was asked; that is not asked again. */
  const joined = new Set<string>();

  const find = async (): Promise<FoundBatches> => {
    const keys = (await idKeys(storage)).filter((key) => ownerOf(key) !== holder).sort(newestFirst);
    const goneOwners = new Set<string>();
    const owners = new Set(keys.filter((key) => !joined.has(key)).map(ownerOf));
    for (const owner of owners) if (await isGone(owner)) goneOwners.add(owner);
    const isOfGone = (key: string): boolean => joined.has(key) || goneOwners.has(ownerOf(key));
    return { ofGone: keys.filter(isOfGone), ofAlive: keys.filter((key) => !isOfGone(key)) };
  };

  const mayHaveChanged = (key: string): boolean => {
    const batch = known.get(key);
    return batch === undefined || batch.ids !== undefined;
  };

  /** Reads what is not known, until there are as many as are remembered. */
  const read = async (keys: readonly string[]): Promise<ReadBatch[]> => {
    const found: ReadBatch[] = [];
    let size = 0;
    for (let at = 0; at < keys.length && size < maxEventIds; at += readsAtOnce) {
      const some = keys.slice(at, at + readsAtOnce);
      const stored = await Promise.all(some.filter(mayHaveChanged).map((key) => storage.get(key)));
      for (const each of stored) {
        if (each === undefined) continue;
        const record = fromStored<BatchRecord>(each.value);
        found.push({ key: each.key, record });
        size += sizeOf(record);
      }
      for (const key of some) if (!mayHaveChanged(key)) size += known.get(key)?.size ?? 0;
    }
    return found;
  };

  const takeUp = ({ key, record }: ReadBatch, takenTwice: Set<string>): void => {
    const before = known.get(key)?.ids;
    const isNew = (id: string): boolean => before?.has(id) !== true;
    for (const id of [...record.sampled, ...record.committed]) {
      if (isNew(id) && eventIds.get(id) !== undefined) takenTwice.add(id);
    }
    for (const id of record.sampled) if (eventIds.get(id) === undefined) eventIds.set(id, { type: 'sampled' });
    for (const id of record.committed) {
      const state = eventIds.get(id)?.type;
      if (state !== 'pending' && (isNew(id) || state !== 'committed')) eventIds.set(id, { type: 'committed' });
    }
    const size = sizeOf(record);
    known.set(key, { size, ids: isFinal(size) ? undefined : new Set([...record.sampled, ...record.committed]) });
  };

  const forgetAllBut = (standing: ReadonlySet<string>): void => {
    for (const key of known.keys()) if (!standing.has(key)) known.delete(key);
    for (const key of joined) if (!standing.has(key)) joined.delete(key);
  };

  return {
    async adopt() {
      const { ofGone, ofAlive } = await find();
      // If there are too many of them, a run that is taken over has rather those of processes that are gone.
      const found = await read([...ofGone, ...ofAlive]);
      const takenTwice = new Set<string>();
      // So that the newest are remembered longest.
      for (const each of found.reverse()) takeUp(each, takenTwice);
      forgetAllBut(new Set([...ofGone, ...ofAlive]));
      for (const key of ofGone) joined.add(key);
      batches.join(ofGone.map((key) => ({ key, size: known.get(key)?.size ?? 0 })));
      return takenTwice;
    },
  };
}

function sizeOf({ sampled, committed }: BatchRecord): number {
  return sampled.length + committed.length;
}

/** Batches of several processes: their names tell when each was begun. */
function newestFirst(left: string, right: string): number {
  return batchName(left) < batchName(right) ? 1 : -1;
}

async function idKeys(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  let after: string | undefined;
  do {
    const page = await storage.listKeys({ prefix: checkpointKeys.allIds, after, limit: 10_000 });
    keys.push(...page.keys);
    after = page.next;
  } while (after !== undefined);
  return keys;
}
