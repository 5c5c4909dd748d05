import type { SavedRouting } from '../definition/routing/routing.js';
import { TocsinError } from '../errors.js';
import type { Commit, Storage, Write } from '../ports/storage.js';
import type { CommitChange, DefinitionLog } from './definition-log.js';
import { type DefinitionShelf, fillShelf, takeReadable, unwrapDefinition } from './definition-shelf.js';
import { keys } from './keys.js';
import { toStored } from './stored.js';

/** The routings, in memory and in storage: one for each entity, and one that is shared. */
export interface RoutingStore {
  /** How what other processes change comes in. */
  readonly shelf: DefinitionShelf;
  /** The routing that the automations of an entity use: the entity's own, or else the shared one. */
  find(entity: string | undefined): SavedRouting | undefined;
  /** The entity's own; `undefined`: the shared one. */
  get(entity: string | undefined): SavedRouting | undefined;
  /** All: the shared one, then by the names of the entities. */
  all(): readonly SavedRouting[];
  /** Those that post by an integration. */
  using(integrationId: string): readonly SavedRouting[];
  /**
   * Writes the routing of an owner.
   *
   * @param next - Makes it from the one that there is, or says `undefined` to leave that as it is. Called again when another
   * process came first.
   * @returns The routing as it is stored now.
   * @throws `revision_conflict` when others come first again and again; `storage_unavailable`.
   */
  put(entity: string | undefined, next: MakeRouting): Promise<SavedRouting | undefined>;
  /**
   * Deletes the routing of an owner.
   *
   * @returns Whether there was one.
   * @throws As {@link RoutingStore.put}.
   */
  delete(entity: string | undefined): Promise<boolean>;
}

/** Makes the next state of a routing. */
type MakeRouting = (before: SavedRouting | undefined) => SavedRouting | undefined;

/** What a routing becomes; without one it is deleted. */
type Change = { readonly routing: SavedRouting | undefined } | 'nothing';

/** How often a change is tried that other processes forestall. */
const mostTries = 10;

/** Under which id the routing of an owner is stored: the same in every process, so that there is one. */
export function routingId(entity: string | undefined): string {
  return entity === undefined ? 'shared' : `entity/${entity}`;
}

/**
 * Reads all routings.
 *
 * @param log - Opened before, so that no change falls between.
 * @throws `storage_unavailable`; `storage_corrupt`.
 */
export async function openRoutingStore(storage: Storage, log: DefinitionLog): Promise<RoutingStore> {
  const routings = new Map<string, SavedRouting>();

  const shelf: DefinitionShelf = {
    type: 'routing',
    prefix: keys.routings,
    keyOf: keys.routing,
    ids: () => routings.keys(),
    take(record) {
      const routing = unwrapDefinition<SavedRouting>(record, keys.routing);
      // Whatever its revision: one that was deleted and made anew begins again, and nothing is taken amid a change of here.
      routings.set(routing.id, routing);
      return routing.id;
    },
    drop(id) {
      routings.delete(id);
    },
  };

  /** After a conflict the storage knows better, and where it is shared it always may. */
  const readAgain = async (id: string): Promise<void> => {
    const record = await storage.get(keys.routing(id));
    if (record === undefined) shelf.drop(id);
    else takeReadable(shelf, record);
  };

  const change = (id: string, changeOf: (before: SavedRouting | undefined) => Change): Promise<boolean> =>
    log.inTurn(async (commit: CommitChange) => {
      if (storage.capabilities.shared) await readAgain(id);
      for (let tries = 0; tries < mostTries; tries += 1) {
        const before = routings.get(id);
        const next = changeOf(before);
        if (next === 'nothing') return false;
        const { committed } = await commit(commitOf(id, before, next.routing), { type: 'routing', ids: [id] });
        if (!committed) await readAgain(id);
        else if (next.routing === undefined) shelf.drop(id);
        else routings.set(id, Object.freeze(next.routing));
        if (committed) return true;
      }
      throw new TocsinError({ code: 'revision_conflict', message: 'The routing has been changed meanwhile' });
    });

  await fillShelf(storage, shelf);

  const get = (entity: string | undefined): SavedRouting | undefined => routings.get(routingId(entity));
  const all = (): readonly SavedRouting[] =>
    [...routings.values()].sort((a, b) => ((a.entity ?? '') < (b.entity ?? '') ? -1 : 1));

  return {
    shelf,
    find: (entity) => (entity === undefined ? undefined : get(entity)) ?? get(undefined),
    get,
    all,
    using: (integrationId) => all().filter((routing) => routing.integrationId === integrationId),
    async put(entity, next) {
      const id = routingId(entity);
      await change(id, (before) => {
        const routing = next(before);
        return routing === undefined ? 'nothing' : { routing };
      });
      return routings.get(id);
    },
    delete: (entity) =>
      change(routingId(entity), (before) => (before === undefined ? 'nothing' : { routing: undefined })),
  };
}

function commitOf(id: string, before: SavedRouting | undefined, next: SavedRouting | undefined): Commit {
  const key = keys.routing(id);
  const write: Write = next === undefined ? { type: 'delete', key } : { type: 'put', key, value: toStored(next) };
  return { require: [{ type: 'revision', key, revision: before?.revision ?? 0 }], steps: [{ write: [write] }] };
}
