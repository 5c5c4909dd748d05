import type { JsonObject, JsonValue } from '../json.js';

/**
 * Reads a dotted path of own properties: a key that stands there as it is wins, else the first dot goes one level down.
 */
export function ownPath(root: JsonValue | undefined, path: string): JsonValue | undefined {
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

/** Whether a value is an object, and no list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
