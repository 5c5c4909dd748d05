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

interface Pending {
  readonly source: unknown;
  readonly path: PathSegments;
  readonly place: (copy: JsonValue) => void;
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
  let value: JsonValue = null;
  let nodes = 0;
  let characters = 0;
  const pending: Pending[] = [
    {
      source,
      path: root,
      place: (copy) => {
        value = copy;
      },
    },
  ];
  let reading = root;
  try {
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      const { source: from, path, place } = current;
      reading = path;
      nodes += 1;
      if (path.length - root.length > bounds.depth) return limit(path, `at most ${bounds.depth} levels`);
      if (typeof from === 'string') {
        if (from.length > bounds.textCharacters) return limit(path, `at most ${bounds.textCharacters} characters`);
        characters += from.length;
        place(from);
      } else if (from === null || typeof from === 'boolean' || (typeof from === 'number' && Number.isFinite(from))) {
        characters += 1;
        // JSON knows no negative zero.
        place(from === 0 ? 0 : from);
      } else if (Array.isArray(from)) {
        // Read once: the list may be a proxy.
        const { length } = from;
        if (length > bounds.listMembers) return limit(path, `at most ${bounds.listMembers} members`);
        if (nodes + pending.length + length > bounds.nodes) return limit(path, `at most ${bounds.nodes} values in all`);
        const list: JsonValue[] = new Array(length).fill(null);
        place(list);
        for (let index = length - 1; index >= 0; index -= 1) {
          reading = [...path, index];
          pending.push({
            source: from[index],
            path: reading,
            place: (copy) => {
              list[index] = copy;
            },
          });
        }
      } else if (isPlainObject(from)) {
        const object: Record<string, JsonValue> = {};
        place(object);
        const keys = Object.keys(from);
        if (nodes + pending.length + keys.length > bounds.nodes) {
          return limit(path, `at most ${bounds.nodes} values in all`);
        }
        for (const key of keys) {
          if (forbiddenKeys.has(key)) return fault('forbidden_key', [...path, key], `The key ${key} is not allowed`);
          if (key.length > bounds.textCharacters)
            return limit(path, `keys of at most ${bounds.textCharacters} characters`);
          characters += key.length;
          reading = [...path, key];
          const member = from[key];
          if (member === undefined) continue;
          // Keeps the order of keys, though members are copied last first.
          object[key] = null;
          pending.push({
            source: member,
            path: reading,
            place: (copy) => {
              object[key] = copy;
            },
          });
        }
      } else {
        return fault('invalid_type', path, `Expected a JSON value, got ${describeValue(from)}`);
      }
      if (characters > bounds.characters) return limit(path, `at most ${bounds.characters} characters in all`);
    }
  } catch (error) {
    return fault('invalid_value', reading, `Reading it failed: ${describeThrown(error)}`);
  }
  return { value };
}

/** Whether a value is an object as JSON has them: no list, no date, map or other instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function limit(path: PathSegments, expected: string): { readonly issue: Issue } {
  return fault('limit_exceeded', path, `Expected ${expected}, got more`);
}

function fault(code: IssueCode, path: PathSegments, message: string): { readonly issue: Issue } {
  return { issue: { code, path: formatPath(path), message } };
}
