import type { JsonValue } from '../json.js';

/** A value of an event as a person reads it: a text as it is, nothing for null, lists and objects as JSON. */
export function jsonText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
