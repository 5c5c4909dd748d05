import type { Issue, IssueCode } from '../errors.js';
import type { JsonValue } from '../json.js';
import { describeValue, formatPath, type PathSegments } from './path.js';

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
  let current: Pending | undefined;
  try {
    for (current = pending.pop(); current !== undefined; current = pending.pop()) {
      const { source: from, path, place } = current;
      nodes += 1;
      if (nodes > bounds.nodes) return limit(path, `at most ${bounds.nodes} values in all`);
      if (path.length - root.length > bounds.depth) return limit(path, `at most ${bounds.depth} levels`);
      if (characters > bounds.characters) return limit(path, `at most ${bounds.characters} characters in all`);
      if (typeof from === 'string') {
        if (from.length > bounds.textCharacters) return limit(path, `at most ${bounds.textCharacters} characters`);
        characters += from.length;
        place(from);
      } else if (from === null || typeof from === 'boolean' || (typeof from === 'number' && Number.isFinite(from))) {
        characters += 1;
        place(from);
      } else if (Array.isArray(from)) {
        if (from.length > bounds.listMembers) return limit(path, `at most ${bounds.listMembers} members`);
        const list: JsonValue[] = new Array(from.length).fill(null);
        place(list);
        for (let index = from.length - 1; index >= 0; index -= 1) {
          pending.push({
            source: from[index],
            path: [...path, index],
            place: (copy) => {
              list[index] = copy;
            },
          });
        }
      } else if (isPlainObject(from)) {
        const object: Record<string, JsonValue> = {};
        place(object);
        for (const key of Object.keys(from)) {
          if (forbiddenKeys.has(key)) return fault('forbidden_key', [...path, key], `The key ${key} is not allowed`);
          if (key.length > bounds.textCharacters)
            return limit(path, `keys of at most ${bounds.textCharacters} characters`);
          characters += key.length;
          const member = from[key];
          if (member === undefined) continue;
          // Keeps the order of keys, though members are copied last first.
          object[key] = null;
          pending.push({
            source: member,
            path: [...path, key],
            place: (copy) => {
              object[key] = copy;
            },
          });
        }
      } else {
        return fault('invalid_type', path, `Expected a JSON value, got ${describeValue(from)}`);
      }
    }
  } catch (error) {
    return fault('invalid_value', current?.path ?? root, `Reading it failed: ${String(error)}`);
  }
  return { value };
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
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
