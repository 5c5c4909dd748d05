import type { JsonObject, JsonValue } from '../json.js';

/** A value of an event as a person reads it: a text as it is, nothing for null, lists and objects as JSON. */
export function jsonText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Reads a dotted path of own properties, as filters do: a key that stands there as it is wins, else the first dot goes one
 * level down.
 */
export function valueAtPath(root: JsonValue | undefined, path: string): JsonValue | undefined {
  let value = root;
  let rest = path;
  while (isObject(value)) {
    if (Object.hasOwn(value, rest)) return value[rest];
    const dot = rest.indexOf('.');
    const head = rest.slice(0, dot);
    if (dot <= 0 || !Object.hasOwn(value, head)) return undefined;
    value = value[head];
    rest = rest.slice(dot + 1);
  }
  return undefined;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
