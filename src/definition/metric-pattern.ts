import { RE2JS } from 're2js';
import type { Issue } from '../errors.js';
import { defaultLimits } from './limits.js';
import { formatPath, type PathSegments } from './path.js';
import { patternSteps } from './pattern-steps.js';

/** What {@link parseMetricPattern} found. */
export type ParsedMetricPattern =
  | { readonly pattern: string; readonly issue?: undefined }
  | { readonly issue: Issue; readonly pattern?: undefined };

/** More of a metric's name is not looked at; events allow no name that long. */
const longestMetric = 4096;

/** Steps times the longest metric are about 4,000,000, the most work that one search may be. */
const mostSteps = 1000;

/** How many RE2 steps the compiled patterns may take together, some 250 bytes each. */
const mostKeptSteps = 200_000;

/**
 * Reads a pattern of metric names. It matches a metric
 *
 * - that it equals: `payments.checkout.errors`;
 * - of which it is the first elements, between dots: `payments` matches `payments.checkout.errors`, not `payments2.errors`;
 * - that it matches whole as a glob, where `*` stands for any characters, dots as well, and `?` for any one:
 *   `payments.*.errors` matches `payments.eu.checkout.errors`;
 * - that it matches whole as RE2, when it stands between slashes: `/payments\.(checkout|cart)\..+/`.
 *
 * Upper and lower case differ.
 *
 * @param text - 1 to 1,000 characters; an expression compiles to at most 1,000 RE2 steps.
 * @param path - Where it stands, for the issue.
 * @returns The pattern, to store and to give to {@link matchesMetric}, or an issue `invalid_pattern`.
 */
export function parseMetricPattern(text: string, path: PathSegments = []): ParsedMetricPattern {
  const message = faultOf(text);
  if (message === undefined) return { pattern: text };
  return { issue: { code: 'invalid_pattern', path: formatPath(path), message } };
}

/**
 * Whether a pattern matches the name of a metric, in time that grows with the pattern times the name at worst.
 *
 * @param pattern - One that {@link parseMetricPattern} accepted. An expression that it refused matches only what it equals.
 * @param metric - Any text. Of a longer one, only the first 4,096 characters are matched as a glob or RE2.
 */
export function matchesMetric(pattern: string, metric: string): boolean {
  if (pattern === metric) return true;
  const expression = expressionOf(pattern);
  if (expression !== undefined) return matchesExpression(expression, metric.slice(0, longestMetric));
  if (/[*?]/.test(pattern)) return matchesGlob(pattern, metric.slice(0, longestMetric));
  return pattern !== '' && metric.startsWith(pattern.endsWith('.') ? pattern : `${pattern}.`);
}

/**
 * How many characters a glob has in which both `*` and `?` stand, for who bounds many together; 0 for any other pattern. Each may
 * be compared with each character of a metric, where those of other globs are found in far less.
 */
export function globCharacters(pattern: string): number {
  const isBoth = expressionOf(pattern) === undefined && pattern.includes('*') && pattern.includes('?');
  return isBoth ? pattern.length : 0;
}

/** How many RE2 steps a pattern may compile to, for who bounds many together; 0 for one that is none. */
export function metricPatternSteps(pattern: string): number {
  const expression = expressionOf(pattern);
  return expression === undefined ? 0 : patternSteps(expression);
}

function faultOf(text: string): string | undefined {
  if (text === '') return 'Expected a pattern of metric names, got an empty text';
  const most = defaultLimits.patternCharacters;
  if (text.length > most) return `Expected a pattern of at most ${most} characters, got ${text.length}`;
  const expression = expressionOf(text);
  if (expression === undefined) return undefined;
  if (expression === '') return 'Expected an RE2 pattern between the slashes, got nothing';
  const steps = patternSteps(expression);
  if (steps > mostSteps) return `Expected a pattern of at most ${mostSteps} RE2 steps, got ${steps}`;
  try {
    RE2JS.compile(expression);
    return undefined;
  } catch (error) {
    return `Expected an RE2 pattern between the slashes: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What stands between slashes. */
function expressionOf(pattern: string): string | undefined {
  return pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/') ? pattern.slice(1, -1) : undefined;
}

/** Its pieces between stars are found one after the other, each as early as it can be: a later place could do no better. */
function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...pieces] = glob.split('*');
  const last = pieces.pop();
  if (last === undefined) return first.length === text.length && standsAt(first, text, 0);
  const end = text.length - last.length;
  if (end < first.length || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const at = findPiece(piece, text, from);
    if (at === undefined || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

function findPiece(piece: string, text: string, from: number): number | undefined {
  if (!piece.includes('?')) {
    const at = text.indexOf(piece, from);
    return at < 0 ? undefined : at;
  }
  for (let at = from; at + piece.length <= text.length; at += 1) {
    if (standsAt(piece, text, at)) return at;
  }
  return undefined;
}

function standsAt(piece: string, text: string, start: number): boolean {
  if (!piece.includes('?')) return text.startsWith(piece, start);
  for (let at = 0; at < piece.length; at += 1) {
    if (piece[at] !== '?' && piece[at] !== text[start + at]) return false;
  }
  return true;
}

/** The expressions used last, and how many steps they are. */
const kept = new Map<string, { readonly expression: RE2JS; readonly steps: number }>();
let keptSteps = 0;

function matchesExpression(text: string, metric: string): boolean {
  // A matcher needs no automaton, which could grow to megabytes for one pattern.
  return compiled(text)?.matcher(metric).matches() ?? false;
}

function compiled(text: string): RE2JS | undefined {
  const known = kept.get(text);
  if (known !== undefined) {
    kept.delete(text);
    kept.set(text, known);
    return known.expression;
  }
  if (faultOf(`/${text}/`) !== undefined) return undefined;
  const expression = RE2JS.compile(text);
  const steps = expression.programSize();
  kept.set(text, { expression, steps });
  keptSteps += steps;
  for (const [oldest, { steps: fewer }] of kept) {
    if (keptSteps <= mostKeptSteps) break;
    kept.delete(oldest);
    keptSteps -= fewer;
  }
  return expression;
}
