import type { Issue, IssueCode } from '../errors.js';
import type { JsonValue } from '../json.js';
import { describeThrown, describeValue, formatPath, type PathSegments } from './path.js';

/** How large a value may be. */
export interface JsonBounds {
  readonly depth: number;
  readonly nodes: number;
  readonly listMembers: number;
  /** Characters of a single text or key. */
  readonly textCharacters: number;
  /** Characters of all texts and keys together, and about one for every other value. */
  readonly characters: number;
}

/** Keys that could reach an object's prototype. */
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A value that is to be copied, and where its copy goes. */
interface Pending {
  readonly source: unknown;
  /** The copy that it stands in. */
  readonly into: JsonValue[] | Record<string, JsonValue>;
  readonly key: string | number;
  /** What it stands in, from which its path is written where there is a fault; `undefined` for the root. */
  readonly parent: Pending | undefined;
  readonly depth: number;
}

/**
 * Copies a value from outside as plain JSON, or says what keeps it from being that.
 *
 * It is iterative and stops at the first fault, so that neither depth nor size nor a cycle can hurt; what a getter or
 * proxy throws is a fault as well. The copy is what everything after this sees, whatever the caller does to its
 * object. NaN and the infinities are not JSON.
 *
 * @returns The copy, or the one issue found.
 */
export function copyJson(
  source: unknown,
  bounds: JsonBounds,
  root: PathSegments = [],
): { readonly value: JsonValue } | { readonly issue: Issue } {
  const holder: Record<string, JsonValue> = {};
  let nodes = 0;
  let characters = 0;
  const pending: Pending[] = [{ source, into: holder, key: 'value', parent: undefined, depth: 0 }];
  let current: Pending | undefined;
  let reading: string | number | undefined;
  const limit = (at: Pending, expected: string) =>
    fault('limit_exceeded', pathOf(root, at), `Expected ${expected}, got more`);
  try {
    for (current = pending.pop(); current !== undefined; current = pending.pop()) {
      const { source: from, depth } = current;
      reading = undefined;
      nodes += 1;
      if (depth > bounds.depth) return limit(current, `at most ${bounds.depth} levels`);
      if (typeof from === 'string') {
        if (from.length > bounds.textCharacters) return limit(current, `at most ${bounds.textCharacters} characters`);
        characters += from.length;
        place(current, from);
      } else if (from === null || typeof from === 'boolean' || (typeof from === 'number' && Number.isFinite(from))) {
        characters += 1;
        // JSON knows no negative zero.
        place(current, from === 0 ? 0 : from);
      } else if (Array.isArray(from)) {
        // Read once: the list may be a proxy.
        const { length } = from;
        if (length > bounds.listMembers) return limit(current, `at most ${bounds.listMembers} members`);
        if (nodes + pending.length + length > bounds.nodes)
          return limit(current, `at most ${bounds.nodes} values in all`);
        const list: JsonValue[] = new Array(length).fill(null);
        place(current, list);
        for (let index = length - 1; index >= 0; index -= 1) {
          reading = index;
          pending.push({ source: from[index], into: list, key: index, parent: current, depth: depth + 1 });
        }
      } else if (isPlainObject(from)) {
        const object: Record<string, JsonValue> = {};
        place(current, object);
        const keys = Object.keys(from);
        if (nodes + pending.length + keys.length > bounds.nodes) {
          return limit(current, `at most ${bounds.nodes} values in all`);
        }
        for (const key of keys) {
          if (forbiddenKeys.has(key)) {
            return fault('forbidden_key', [...pathOf(root, current), key], `The key ${key} is not allowed`);
          }
          if (key.length > bounds.textCharacters) {
            return limit(current, `keys of at most ${bounds.textCharacters} characters`);
          }
          characters += key.length;
          reading = key;
          const member = from[key];
          if (member === undefined) continue;
          // Keeps the order of keys, though members are copied last first.
          object[key] = null;
          pending.push({ source: member, into: object, key, parent: current, depth: depth + 1 });
        }
      } else {
        return fault('invalid_type', pathOf(root, current), `Expected a JSON value, got ${describeValue(from)}`);
      }
      if (characters > bounds.characters) return limit(current, `at most ${bounds.characters} characters in all`);
    }
  } catch (error) {
    const at = current === undefined ? root : pathOf(root, current);
    const path = reading === undefined ? at : [...at, reading];
    return fault('invalid_value', path, `Reading it failed: ${describeThrown(error)}`);
  }
  return { value: holder['value'] ?? null };
}

function place({ into, key }: Pending, copy: JsonValue): void {
  (into as Record<string | number, JsonValue>)[key] = copy;
}

function pathOf(root: PathSegments, { parent, key }: Pending): PathSegments {
  return parent === undefined ? root : [...pathOf(root, parent), key];
}

/** Whether a value is an object as JSON has them: no list, no date, map or other instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function fault(code: IssueCode, path: PathSegments, message: string): { readonly issue: Issue } {
  return { issue: { code, path: formatPath(path), message } };
}
