/** A member of a {@link RecencyList}, of one at a time. */
export interface Linked<Item> {
  older: Item | undefined;
  newer: Item | undefined;
}

/** A list in which making a member the newest costs the same however long it is. */
export interface RecencyList<Item> {
  oldest: Item | undefined;
  newest: Item | undefined;
  size: number;
}

/** Makes a list without members. */
export function createRecencyList<Item>(): RecencyList<Item> {
  return { oldest: undefined, newest: undefined, size: 0 };
}

/** Puts an item that is in no list at the newest end. */
export function addNewest<Item extends Linked<Item>>(list: RecencyList<Item>, item: Item): void {
  item.older = list.newest;
  if (list.newest === undefined) list.oldest = item;
  else list.newest.newer = item;
  list.newest = item;
  list.size += 1;
}

/** Takes a member out. */
export function takeOut<Item extends Linked<Item>>(list: RecencyList<Item>, item: Item): void {
  const { older, newer } = item;
  if (older === undefined) list.oldest = newer;
  else older.newer = newer;
  if (newer === undefined) list.newest = older;
  else newer.older = older;
  item.older = undefined;
  item.newer = undefined;
  list.size -= 1;
}

/** Moves a member to the newest end. */
export function makeNewest<Item extends Linked<Item>>(list: RecencyList<Item>, item: Item): void {
  if (list.newest === item) return;
  takeOut(list, item);
  addNewest(list, item);
}

/** The members, the oldest first. One that is read may be taken out. */
export function* members<Item extends Linked<Item>>(list: RecencyList<Item>): Generator<Item> {
  let item = list.oldest;
  while (item !== undefined) {
    const { newer } = item;
    yield item;
    item = newer;
  }
}
