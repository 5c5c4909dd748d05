import type { Mute } from '../definition/mute.js';
import { TocsinError } from '../errors.js';
import type { Storage, Write } from '../ports/storage.js';
import type { DefinitionLog } from './definition-log.js';
import { type DefinitionShelf, fillShelf, takeReadable, unwrapDefinition } from './definition-shelf.js';
import { keys } from './keys.js';
import { createMuteTable, type FindMute } from './mute-table.js';
import { toStored } from './stored.js';

/** The mutes, in memory and in storage. One stays there after its end until somebody removes it. */
export interface MuteStore extends FindMute {
  /** How what other processes change comes in. */
  readonly shelf: DefinitionShelf;
  get(id: string): Mute | undefined;
  /** In the order in which they came. */
  all(): Iterable<Mute>;
  /**
   * Asks the storage for one that is not known here: another process may just have made it.
   *
   * @throws `storage_unavailable`; `storage_corrupt`.
   */
  lookUp(id: string): Promise<Mute | undefined>;
  /**
   * Writes a new mute.
   *
   * @param write - What is written with it.
   * @throws `storage_unavailable`.
   */
  add(mute: Mute, write: readonly Write[]): Promise<void>;
  /**
   * Removes a mute, unless it is gone.
   *
   * @param write - What is written if it is still there.
   * @returns Whether it was still there.
   * @throws `storage_unavailable`.
   */
  remove(id: string, write: readonly Write[]): Promise<boolean>;
  /** Tells of each mute that comes in from now on. */
  watch(added: (mute: Mute) => void): void;
}

/** A mute is written once and never changed. */
const onlyRevision = 1;

/**
 * Reads all mutes.
 *
 * @param log - Opened before, so that no change falls between.
 * @throws `storage_unavailable`; `storage_corrupt`.
 */
export async function openMuteStore(storage: Storage, log: DefinitionLog): Promise<MuteStore> {
  const table = createMuteTable();
  const watchers: ((mute: Mute) => void)[] = [];

  const take = (mute: Mute): void => {
    Object.freeze(mute.matcher);
    table.add(mute);
    for (const added of watchers) added(mute);
  };

  const shelf: DefinitionShelf = {
    type: 'mute',
    prefix: keys.mutes,
    keyOf: keys.mute,
    ids: table.ids,
    take(record) {
      const mute = unwrapDefinition<Mute>(record, keys.mute);
      if (table.get(mute.id) === undefined) take(mute);
      return mute.id;
    },
    drop: table.remove,
  };

  await fillShelf(storage, shelf);

  return {
    shelf,
    find: table.find,
    get isEmpty() {
      return table.isEmpty;
    },
    get: table.get,
    all: table.all,
    async lookUp(id) {
      if (storage.capabilities.shared) {
        await log.inTurn(async () => {
          const record = await storage.get(keys.mute(id));
          if (record === undefined) shelf.drop(id);
          else takeReadable(shelf, record);
        });
      }
      return table.get(id);
    },
    add: (mute, write) =>
      log.inTurn(async (commit) => {
        const key = keys.mute(mute.id);
        const { committed } = await commit(
          {
            require: [{ type: 'revision', key, revision: 0 }],
            steps: [{ write: [{ type: 'put', key, value: toStored(mute) }, ...write] }],
          },
          { type: 'mute', ids: [mute.id] },
        );
        const message = `There is a mute ${mute.id} already`;
        if (!committed) throw new TocsinError({ code: 'revision_conflict', message });
        take(mute);
      }),
    remove: (id, write) =>
      log.inTurn(async (commit) => {
        const key = keys.mute(id);
        const { committed } = await commit(
          {
            require: [{ type: 'revision', key, revision: onlyRevision }],
            steps: [{ write: [{ type: 'delete', key }, ...write] }],
          },
          { type: 'mute', ids: [id] },
        );
        table.remove(id);
        return committed;
      }),
    watch(added) {
      watchers.push(added);
    },
  };
}
