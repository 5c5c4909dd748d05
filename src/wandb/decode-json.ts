import { copyJson, type JsonBounds } from '../definition/copy-json.js';
import type { Limits } from '../definition/limits.js';
import { describeThrown, describeValue, formatPath, type PathSegments } from '../definition/path.js';
import type { JsonObject, JsonValue } from '../json.js';
import { type Findings, refuse } from './findings.js';

/** How much text an automation in W&B's form may be, JSON inside of JSON counted as the text that it is. */
const mostCharacters = 500_000;

/** W&B's form stands around what will be the definition: the event, its filter, `$or` of `$and`. */
const levelsAround = 8;

/** W&B writes JSON as text inside of JSON as text; nobody writes it more often than this. */
const mostLayers = 3;

/** How large a value in W&B's form may be, where a definition may be as large as the limits say. */
export function wireBounds(limits: Limits): JsonBounds {
  return {
    depth: limits.definitionDepth + levelsAround,
    nodes: limits.definitionNodes + limits.listMembers,
    listMembers: limits.listMembers,
    textCharacters: mostCharacters,
    characters: mostCharacters,
  };
}

/**
 * Reads an object that may be given as JSON text, which may be the text of a text; each layer is bounded before anything
 * looks into it.
 *
 * @returns A bounded copy, or `undefined` with an issue added.
 */
export function decodeObject(
  given: unknown,
  path: PathSegments,
  bounds: JsonBounds,
  findings: Findings,
): JsonObject | undefined {
  const faults = findings.issues.length;
  const value = decodeJson(given, path, bounds, findings);
  if (isJsonObject(value)) return value;
  if (findings.issues.length > faults) return undefined;
  return refuse(findings, 'invalid_type', path, `Expected an object, got ${describeValue(value)}`);
}

function decodeJson(given: unknown, path: PathSegments, bounds: JsonBounds, findings: Findings): JsonValue | undefined {
  let value = given;
  for (let layer = 0; typeof value === 'string' && layer < mostLayers; layer += 1) {
    const text: string = value;
    if (text.length > bounds.characters) {
      return refuse(findings, 'limit_exceeded', path, `Expected at most ${bounds.characters} characters, got more`);
    }
    try {
      value = JSON.parse(text);
    } catch (error) {
      return refuse(findings, 'invalid_value', path, `Expected JSON as text: ${describeThrown(error)}`);
    }
    const lossy = typeof value === 'string' ? undefined : lossyInteger(text);
    if (lossy !== undefined) {
      return refuse(findings, 'invalid_value', path, `Expected integers that a number can hold, got ${lossy}`);
    }
  }
  const copy = copyJson(value, bounds, path);
  if ('value' in copy) return copy.value;
  findings.issues.push(copy.issue);
  return undefined;
}

/** Whether a value is an object of JSON, and no list. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Adds an issue or a warning for every key that is not among those known. */
export function reportUnknownKeys(
  object: JsonObject,
  known: readonly string[],
  path: PathSegments,
  report: (path: PathSegments, message: string) => void,
): void {
  for (const key of Object.keys(object)) {
    if (!known.includes(key)) report([...path, key], `Expected no key ${formatPath([key])} here`);
  }
}

/** A text, or a number; the text of JSON that was parsed has nothing else that could be taken for them. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** The first integer that `JSON.parse` made another one of, beyond 2 ** 53. */
function lossyInteger(text: string): string | undefined {
  for (const [found] of text.matchAll(token)) {
    if (found.length < 16 || !/^-?\d+$/.test(found)) continue;
    const value = Number(found);
    // Written again it is the same text, or at least the same number.
    if (String(value) !== found && Number.isFinite(value) && BigInt(value) !== BigInt(found)) return found.slice(0, 40);
  }
  return undefined;
}
