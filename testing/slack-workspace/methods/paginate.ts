import { failure, type SlackCall, type SlackFailure, textArgument } from './method.js';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty on the last page, as Slack has it. */
  readonly nextCursor: string;
}

const cursorPrefix = 'next:';

const decodeCursor = (cursor: string): string | undefined => {
  const text = Buffer.from(cursor, 'base64').toString('utf8');
  return text.startsWith(cursorPrefix) ? text.slice(cursorPrefix.length) : undefined;
};

/**
 * The page of a list that the call's `cursor` and a limit choose.
 *
 * The cursor names the item its page starts with, so that items which arrive in between move nothing.
 */
export const paginate = <Item>(
  call: SlackCall,
  all: readonly Item[],
  keyOf: (item: Item) => string,
  limit: number,
): Page<Item> | SlackFailure => {
  const cursor = textArgument(call, 'cursor') ?? '';
  const key = cursor === '' ? undefined : decodeCursor(cursor);
  const start = cursor === '' ? 0 : all.findIndex((item) => keyOf(item) === key);
  if (start === -1) return failure('invalid_cursor');
  const next = all[start + limit];
  return {
    items: all.slice(start, start + limit),
    nextCursor: next === undefined ? '' : Buffer.from(`${cursorPrefix}${keyOf(next)}`).toString('base64'),
  };
};
