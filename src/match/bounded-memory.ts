/** Bounds what many maps hold in all; the oldest goes first. */
export interface BoundedMemory {
  /** Told of a key that a map has got; forgets the oldest key of some map, if there are too many. */
  keep<Key>(map: Map<Key, unknown>, key: Key): void;
}

/** A key, and the map that it is to leave. */
interface Kept {
  readonly map: Map<unknown, unknown>;
  readonly key: unknown;
}

/**
 * Makes a memory.
 *
 * @param most - How many keys all maps may hold together.
 */
export function createBoundedMemory(most: number): BoundedMemory {
  const kept: Kept[] = [];
  let next = 0;
  return {
    keep(map, key) {
      const oldest = kept[next];
      oldest?.map.delete(oldest.key);
      kept[next] = { map: map as Map<unknown, unknown>, key };
      next = next + 1 === most ? 0 : next + 1;
    },
  };
}
