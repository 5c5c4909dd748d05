import type { DeleteRange, JsonObject, KeyPage, ListQuery, RecordPage, StoredRecord } from '../../../src/index.js';
import type { Draft } from './draft.js';
import { damaged, parseObject } from './kept.js';
import { beforeAll, behindAll, comparable, type Tables } from './tables.js';

/** A record as it is kept: its revision, then its value. A value is an object, so it starts at the first brace. */
function parseRecord(key: string, text: string): StoredRecord {
  const value = parseObject<JsonObject>('records', key, text.slice(text.indexOf('{')));
  return { key, value, revision: parseRevision(key, text) };
}

function parseRevision(key: string, text: string): number {
  const revision = Number(/^([1-9][0-9]*)\{/.exec(text)?.[1]);
  return Number.isSafeInteger(revision) ? revision : damaged('records', key);
}

/** The revision of a record; 0 when there is none. */
export function revisionOf(draft: Draft, key: string): number {
  const text = draft.get('records', key);
  return text === undefined ? 0 : parseRevision(key, text);
}

/** Puts a record, whose revision grows by 1. */
export function putRecord(draft: Draft, key: string, json: string): void {
  draft.put('records', key, `${revisionOf(draft, key) + 1}${json}`);
}

/** Reads one record. */
export function readRecord({ records }: Tables, key: string): StoredRecord | undefined {
  const text = records.get(key);
  return text === undefined ? undefined : parseRecord(key, text);
}

/** Reads a page of records. */
export function listRecords(tables: Tables, query: ListQuery): RecordPage {
  const { keys, next } = listKeys(tables, query);
  return { records: keys.flatMap((key) => readRecord(tables, key) ?? []), next };
}

/** Reads a page of keys. */
export function listKeys({ records }: Tables, { prefix, after, limit, order = 'ascending' }: ListQuery): KeyPage {
  // Every key with the prefix is the prefix itself, or behind it.
  if (order === 'descending' && after !== undefined && after <= prefix) return { keys: [], next: undefined };
  const keys: string[] = [];
  const isAscending = order === 'ascending';
  const range = isAscending ? upwards : downwards;
  for (const key of records.getKeys(range(comparable(prefix), after === undefined ? after : comparable(after)))) {
    if (key === after) continue;
    if (!key.startsWith(prefix)) break;
    if (keys.length === limit) return { keys, next: keys.at(-1) };
    keys.push(key);
  }
  return { keys, next: undefined };
}

/** Deletes the first records of a range. */
export function deleteRecords(draft: Draft, { limit, ...range }: DeleteRange): number {
  const prefix = comparable(range.prefix);
  const last = `${prefix}${behindAll}`;
  const before = range.before === undefined ? last : comparable(range.before);
  // Nothing is below, and lmdb takes an empty end for none.
  if (before <= prefix) return 0;
  const keys = draft.keys('records', { prefix, end: before < last ? before : last, limit });
  for (const key of keys) draft.remove('records', key);
  return keys.length;
}

function upwards(prefix: string, after: string | undefined) {
  const start = after !== undefined && after > prefix ? after : prefix;
  return { start: start === '' ? beforeAll : start, end: `${prefix}${behindAll}` };
}

function downwards(prefix: string, after: string | undefined) {
  const last = `${prefix}${behindAll}`;
  // The end is not included, and the key that is the prefix itself must be.
  return { start: after !== undefined && after < last ? after : last, end: beforeAll, reverse: true };
}
