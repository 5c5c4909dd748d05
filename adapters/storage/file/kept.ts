import { TocsinError } from '../../../src/index.js';
import { attempt } from './attempt.js';
import { joiner, type TableName } from './tables.js';

/**
 * Reads an object that is kept as JSON.
 *
 * @throws `storage_corrupt` when it is none: the file has been damaged in a place that lmdb does not look at.
 */
export function parseObject<Value extends object>(table: TableName, key: string, text: string): Value {
  const value: unknown = attempt(() => JSON.parse(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value;
  return damaged(table, key);
}

/**
 * Says that what stands under a key is not what was written.
 *
 * @throws `storage_corrupt`.
 */
export function damaged(table: TableName, key: string): never {
  const what = `${table}, ${JSON.stringify(key.split(joiner).join(' / '))}`;
  const message = `Expected what tocsin wrote, got something that is damaged, under ${what}: restore the file from a backup`;
  throw new TocsinError({ code: 'storage_corrupt', message });
}
