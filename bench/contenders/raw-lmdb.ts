import { open } from 'lmdb';
import type { Commit } from 'tocsin';

/** One commit as raw writes of lmdb. */
export type RawWrites = readonly (readonly [key: string, value: string])[];

/** lmdb, without anything around it. */
export interface RawLmdb {
  /** Writes all or nothing; resolves when it is on the disk. */
  commit(writes: RawWrites): Promise<void>;
  close(): Promise<void>;
}

/** Opens lmdb with its own settings for texts. */
export function openRawLmdb(path: string): RawLmdb {
  const database = open<string, string>({ path, encoding: 'string', cache: false });
  return {
    async commit(writes) {
      await database.transaction(() => {
        for (const [key, value] of writes) database.put(key, value);
      });
      await database.flushed;
    },
    close: () => database.close(),
  };
}

/**
 * What a commit of an engine comes to in raw writes: a record is one, an entry of a lane is the entry, its place and the lane.
 *
 * @param number - Makes the keys those of a commit of its own.
 */
export function rawWritesOf({ steps }: Commit, number: number): RawWrites {
  const suffix = number.toString().padStart(10, '0');
  return steps.flatMap(({ write }) =>
    write.flatMap((each): RawWrites => {
      switch (each.type) {
        case 'put':
          return [[`${each.key.slice(0, -suffix.length)}${suffix}`, JSON.stringify(each.value)]];
        case 'append':
          return [
            [`entry/${each.lane}/${suffix}`, JSON.stringify(each.value)],
            [`place/${each.lane}/${suffix}`, suffix],
            [`lane/${each.lane}`, suffix],
          ];
        case 'delete':
        case 'remove':
          return [];
        default:
          return each satisfies never;
      }
    }),
  );
}
