/** Ranks automations by age, so that their ids need not be compared for every event. */
export interface Ranks {
  /** The rank of an id: higher for a later one. NaN for one that came after later ones. */
  of(id: string): number;
  forget(id: string): void;
}

/** Makes ranks. Ids sort by age, and mostly come in that order; one of another process may come late. */
export function createRanks(): Ranks {
  const ranks = new Map<string, number>();
  let latest = '';
  let last = 0;
  return {
    of(id) {
      const known = ranks.get(id);
      if (known !== undefined) return known;
      const isInOrder = id > latest;
      if (isInOrder) {
        latest = id;
        last += 1;
      }
      const rank = isInOrder ? last : Number.NaN;
      ranks.set(id, rank);
      return rank;
    },
    forget(id) {
      ranks.delete(id);
    },
  };
}
