/**
 * How large things from outside may be. Definitions and events may come from a host's end users, so every part of them
 * is bounded before anything recursive touches it. Give other numbers in `createEngine({ limits })`.
 */
export interface Limits {
  /** How deep a definition may nest, 1 to 256. @default 32 */
  readonly definitionDepth: number;
  /** How many values a definition may hold in all. @default 1000 */
  readonly definitionNodes: number;
  /** How many members a list in a definition may have. @default 1000 */
  readonly listMembers: number;
  /** How long a regular expression may be, in characters. @default 1000 */
  readonly patternCharacters: number;
  /**
   * How many RE2 program steps the regular expressions of a filter may compile to in all; repeat counts multiply. Of a
   * pattern with more than 976, fewer than the first 4,096 characters of a value are searched: 4,000,000 divided by the
   * steps, but at least 256.
   *
   * @default 5000
   */
  readonly patternProgramSteps: number;
  /** How long any text in a definition may be, in characters. @default 10000 */
  readonly textCharacters: number;
  /** How long all texts with variables of one definition may be together, in characters. @default 100000 */
  readonly templateCharacters: number;
  /** How many logged values a window may span. @default 100000 */
  readonly windowValues: number;
  /**
   * How large an event may be: the characters (UTF-16 code units) of its texts and keys, and about one for every other value;
   * its metrics may have as much again.
   *
   * @default 262144
   */
  readonly eventCharacters: number;
  /** How deep an event may nest, 1 to 256. @default 16 */
  readonly eventDepth: number;
  /** How many metrics an event may carry. @default 10000 */
  readonly eventMetrics: number;
  /** How large a picture of `engine.images.put` may be, in bytes. @default 8388608 (8 MiB) */
  readonly imageBytes: number;
}

/** The limits that hold where the host gives none. */
export const defaultLimits: Limits = Object.freeze({
  definitionDepth: 32,
  definitionNodes: 1000,
  listMembers: 1000,
  patternCharacters: 1000,
  patternProgramSteps: 5000,
  textCharacters: 10_000,
  templateCharacters: 100_000,
  windowValues: 100_000,
  eventCharacters: 262_144,
  eventDepth: 16,
  eventMetrics: 10_000,
  imageBytes: 8_388_608,
});

/** Functions that call themselves walk a definition and an event, so no host can allow more levels than this. */
export const deepest = 256;

/** A host's limits, with the defaults for those that it left out or undefined. */
export function completeLimits(limits: Partial<Limits>): Limits {
  // In plain JavaScript anything may be given; what is no number would be no bound.
  const given = Object.entries(limits ?? {}).filter(([, limit]) => Number.isSafeInteger(limit) && limit >= 1);
  const all: Limits = { ...defaultLimits, ...Object.fromEntries(given) };
  const { definitionDepth, eventDepth } = all;
  return { ...all, definitionDepth: Math.min(definitionDepth, deepest), eventDepth: Math.min(eventDepth, deepest) };
}
