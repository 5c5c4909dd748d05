import { TocsinError } from '../errors.js';

/** The error of a stored definition that can't be read; it names the record, so that somebody can look at it. */
export function unreadable(key: string, cause: unknown): TocsinError {
  // Another version of the package wrote it: that has been said well already, but not of which record.
  const [code, why] = TocsinError.is(cause) ? [cause.code, cause.message] : ['storage_corrupt' as const, String(cause)];
  return new TocsinError({ code, message: `The record ${key} can't be read: ${why}`, cause });
}
