import type { Runtime } from '../ports/runtime.js';
import type { Storage, StoredRecord } from '../ports/storage.js';
import type { DefinitionLog } from '../record/definition-log.js';
import { type DefinitionShelf, takeReadable } from '../record/definition-shelf.js';

/** What a shelf is brought up to date with. */
export interface ShelfOptions {
  readonly storage: Storage;
  readonly runtime: Runtime;
  readonly log: DefinitionLog;
  /** Told of a record that can't be read; what is here of it stays as it is. */
  onUnreadable(error: unknown, record: StoredRecord): void;
}

/** How many records are taken at a stretch: far less work than an emit may be kept waiting for. */
const sliceSize = 100;

/** Reads these definitions again, in this order. */
export async function refreshIds(
  shelf: DefinitionShelf,
  ids: readonly string[],
  { storage, runtime, log, onUnreadable }: ShelfOptions,
): Promise<void> {
  for (let start = 0; start < ids.length; start += sliceSize) {
    if (start > 0) await breathe(runtime);
    const slice = ids.slice(start, start + sliceSize);
    // Nothing is changed here between the reading and the taking, or what was deleted here would come back.
    await log.inTurn(async () => {
      const records = await Promise.all(slice.map((id) => storage.get(shelf.keyOf(id))));
      for (const [place, id] of slice.entries()) {
        const record = records[place];
        if (record === undefined) shelf.drop(id);
        else take(shelf, record, onUnreadable);
      }
    });
  }
}

/** Reads all definitions of a type again, and drops those that the storage has no longer. */
export async function refreshAll(shelf: DefinitionShelf, options: ShelfOptions): Promise<void> {
  const { storage, runtime, log } = options;
  const missing = new Set(shelf.ids());
  let after: string | undefined;
  do {
    after = await log.inTurn(async () => {
      const { records, next } = await storage.list({ prefix: shelf.prefix, after, limit: sliceSize });
      for (const record of records) {
        missing.delete(record.key.slice(shelf.prefix.length));
        take(shelf, record, options.onUnreadable);
      }
      return next;
    });
    await breathe(runtime);
  } while (after !== undefined);
  await refreshIds(shelf, [...missing], options);
}

function take(shelf: DefinitionShelf, record: StoredRecord, onUnreadable: ShelfOptions['onUnreadable']): void {
  try {
    takeReadable(shelf, record);
  } catch (error) {
    onUnreadable(error, record);
  }
}

/** Lets the host do what else there is to do: a storage may answer without ever leaving the turn of its event loop. */
function breathe(runtime: Runtime): Promise<void> {
  return new Promise((resolve) => {
    runtime.setTimer(resolve, 0, { isAwaited: true });
  });
}
