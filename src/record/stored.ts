import { TocsinError } from '../errors.js';
import type { JsonObject } from '../json.js';

/** The version of the format in which records are written. */
const formatVersion = 1;

/** Wraps a record for storage; every record says in which format it is. */
export function toStored(record: object): JsonObject {
  return { formatVersion, record: record as JsonObject };
}

/**
 * Unwraps a stored record.
 *
 * @throws `storage_format` when a newer version of the package wrote it.
 */
export function fromStored<Type>(value: JsonObject): Type {
  if (value['formatVersion'] !== formatVersion) {
    throw new TocsinError({
      code: 'storage_format',
      message: `Expected records of format ${formatVersion}, got ${String(value['formatVersion'])}: the storage was written by another version of tocsin`,
    });
  }
  return value['record'] as unknown as Type;
}
