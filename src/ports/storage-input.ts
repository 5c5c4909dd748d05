import { TocsinError } from '../errors.js';
import type { JsonObject } from '../json.js';

/**
 * Checks the key of a record or a claim, the name of a lane or the id of an entry.
 *
 * @throws `TocsinError` with code `invalid_options`.
 */
export function checkName(name: string): string {
  if (typeof name === 'string' && /^[ -~]{1,512}$/.test(name)) return name;
  const got = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : typeof name;
  const message = `Expected a key, name or id of 1 to 512 printable ASCII characters, got ${got}`;
  throw new TocsinError({ code: 'invalid_options', message });
}

/**
 * A value as text.
 *
 * @throws `TocsinError` with code `invalid_options` for what is no object in JSON; whatever reading the value throws.
 */
export function toJsonText(value: JsonObject): string {
  const text: string | undefined = JSON.stringify(value);
  if (text?.startsWith('{')) return text;
  const message = `Expected a value that is an object in JSON, got ${text?.slice(0, 80) ?? typeof value}`;
  throw new TocsinError({ code: 'invalid_options', message });
}
