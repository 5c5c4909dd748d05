import type { Storage, StoredRecord } from '../ports/storage.js';
import type { DefinitionChange } from './definition-change.js';
import { fromStored } from './stored.js';
import { unreadable } from './unreadable.js';

/** The definitions of one type, as this process has them. */
export interface DefinitionShelf {
  readonly type: DefinitionChange['type'];
  /** All of them stand under this in the storage. */
  readonly prefix: string;
  keyOf(id: string): string;
  /** The ids of all that are here. */
  ids(): Iterable<string>;
  /**
   * Takes over what the storage has, unless what is here is as new.
   *
   * @returns Its id.
   * @throws Anything, when the record can't be read.
   */
  take(record: StoredRecord): string;
  /** Lets one go that the storage has no longer. */
  drop(id: string): void;
}

/** How many records are read at a time. */
const pageSize = 1000;

/**
 * Takes everything that the storage has.
 *
 * @throws `storage_corrupt` or the code of another version's record, naming the record that can't be read.
 */
export async function fillShelf(storage: Storage, shelf: DefinitionShelf): Promise<void> {
  let after: string | undefined;
  do {
    const page: Awaited<ReturnType<Storage['list']>> = await storage.list({
      prefix: shelf.prefix,
      after,
      limit: pageSize,
    });
    for (const record of page.records) takeReadable(shelf, record);
    after = page.next;
  } while (after !== undefined);
}

/**
 * Unwraps a record, and makes sure that it is a definition and stands in its place.
 *
 * @throws Whatever says why it can't be read.
 */
export function unwrapDefinition<Definition extends { readonly id: string }>(
  { key, value }: StoredRecord,
  keyOf: DefinitionShelf['keyOf'],
): Definition {
  const definition = fromStored<Definition>(value);
  if (keyOf(definition.id) !== key) throw new TypeError(`Expected the id of the key, got ${definition.id}`);
  return Object.freeze(definition);
}

/** As {@link DefinitionShelf.take}, but the error of a record that can't be read names it. */
export function takeReadable(shelf: DefinitionShelf, record: StoredRecord): string {
  try {
    return shelf.take(record);
  } catch (cause) {
    throw unreadable(record.key, cause);
  }
}
