import type { LmdbTable } from './lmdb.js';

/**
 * What the file holds. Keys are joined with {@link joiner}, which no key of the port has, so that all that belongs to a lane is a
 * range.
 *
 * | table | key | value |
 * | --- | --- | --- |
 * | records | the record's | revision, then JSON |
 * | claims | the claim's | until when it is taken |
 * | claimEnds | until when, the claim's | |
 * | lanes | the lane's name | its token, lease and counters, as JSON |
 * | waiting | the name of a lane that has entries | |
 * | entries | lane, number | id, joiner, JSON |
 * | places | lane, id | number |
 */
export const tableNames = ['records', 'claims', 'claimEnds', 'lanes', 'waiting', 'entries', 'places'] as const;

/** The name of a table. */
export type TableName = (typeof tableNames)[number];

/** All tables, open. */
export type Tables = Readonly<Record<TableName, LmdbTable>>;

/** Stands between the parts of a key, below every character that a part can have. */
export const joiner = '\u0001';

/** Before every key. */
export const beforeAll = '\u0000';

/** Behind every key that begins with what stands before this. */
export const behindAll = '\u00ff';

/** Stands where a key says it all: lmdb tells an empty text from none, but not everywhere. */
export const nothing = '-';

const numberLength = String(Number.MAX_SAFE_INTEGER).length;

/** A number as a text that is ordered as the number is; below 0 counts as 0, and what is too large as the largest. */
export function sortableNumber(value: number): string {
  const bounded = Math.floor(Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER)) || 0;
  return String(bounded).padStart(numberLength, '0');
}

/** Whether a text is what {@link sortableNumber} makes. */
export function isSortableNumber(text: string): boolean {
  return text.length === numberLength && /^[0-9]+$/.test(text);
}

/**
 * A text with which keys are compared, cut to what can make a difference: no key is longer than 512 characters, and lmdb takes no
 * text that is much longer.
 */
export function comparable(text: string): string {
  return text.slice(0, 513);
}
