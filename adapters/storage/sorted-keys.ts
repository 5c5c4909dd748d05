import type { ListQuery } from '../../src/index.js';

/** The keys of a map, in order. */
export interface SortedKeys {
  /** Says that a key may have come or gone. */
  changed(key: string): void;
  /** All of them, until the next change. Who takes some out of the map may take them out of the list as well. */
  inOrder(): string[];
}

/** So many keys are put in their places one by one; of more it is cheaper to sort all again. */
const mostCorrections = 100;

/** Keeps the keys of a map in order, without sorting all of them for each one that comes. */
export function createSortedKeys(map: ReadonlyMap<string, unknown>): SortedKeys {
  let sorted: string[] | undefined;
  /** What may have come or gone since they were sorted. */
  const pending = new Set<string>();
  return {
    changed(key) {
      pending.add(key);
      if (pending.size <= mostCorrections) return;
      pending.clear();
      sorted = undefined;
    },
    inOrder() {
      sorted ??= [...map.keys()].sort();
      for (const key of pending) correct(sorted, key, map.has(key));
      pending.clear();
      return sorted;
    },
  };
}

/** Where the keys with a prefix stand among sorted ones, of those that are behind a key in the direction of the order. */
export function rangeBehind(
  sorted: readonly string[],
  { prefix, after, order }: Pick<ListQuery, 'prefix' | 'after' | 'order'>,
) {
  const start = lowerBound(sorted, prefix);
  // Keys are ASCII, so nothing with the prefix sorts behind this.
  const end = lowerBound(sorted, `${prefix}\u{80}`);
  if (after === undefined) return { start, end };
  // Nothing stands between a key and itself with a zero.
  if (order === 'descending') return { start, end: Math.max(start, Math.min(end, lowerBound(sorted, after))) };
  return { start: Math.min(end, Math.max(start, lowerBound(sorted, `${after}\0`))), end };
}

/** Puts a key in its place, or takes it out. */
function correct(sorted: string[], key: string, isThere: boolean): void {
  const place = lowerBound(sorted, key);
  const wasThere = sorted[place] === key;
  if (isThere && !wasThere) sorted.splice(place, 0, key);
  if (!isThere && wasThere) sorted.splice(place, 1);
}

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
