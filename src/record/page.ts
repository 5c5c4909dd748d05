/** How many are on a page, at most and where nothing else is asked for. */
export const largestPageSize = 1000;
export const defaultPageSize = 100;

/** Which part of a list is wanted. */
export interface PageQuery {
  /** The `cursor` of the page before. */
  readonly cursor?: string | undefined;
  /** How many at most, a whole number from 1 to 1000. @default 100 */
  readonly limit?: number | undefined;
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give this to read on; `undefined` on the last page. */
  readonly cursor: string | undefined;
}

/** Cuts a page out of items that are sorted by id. */
export function pageOf<Item extends { readonly id: string }>(sorted: readonly Item[], query: PageQuery): Page<Item> {
  const { cursor, limit = defaultPageSize } = query;
  const start = cursor === undefined ? 0 : sorted.findIndex(({ id }) => id > cursor);
  const items = start === -1 ? [] : sorted.slice(start, start + limit);
  const last = items.at(-1);
  const hasMore = start !== -1 && start + limit < sorted.length;
  return { items, cursor: hasMore ? last?.id : undefined };
}
