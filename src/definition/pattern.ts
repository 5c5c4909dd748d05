import { RE2JS } from 're2js';
import type { Issue } from '../errors.js';
import type { JsonValue } from '../json.js';
import type { Limits } from './limits.js';
import { formatPath, type PathSegments } from './path.js';

/** Finding out that a pattern can't be compiled takes time too. */
const mostIssues = 20;

/**
 * Says what is wrong with the regular expressions of a filter. RE2 runs in linear time and has no look-around; what it
 * can't compile is an issue at creation, so it is never an error later.
 *
 * Compiling takes time as well, so all patterns of a filter share one budget, and the first one beyond it is the last that
 * is looked at.
 *
 * @param filter - A bounded copy, of which nothing else is known yet.
 */
export function patternIssues(filter: JsonValue | undefined, path: PathSegments, limits: Limits): Issue[] {
  const issues: Issue[] = [];
  let stepsLeft = limits.patternProgramSteps;
  for (const { pattern, path: at } of patternsOf(filter, path)) {
    const compiled = compile(pattern, limits);
    const message = 'fault' in compiled ? compiled.fault : stepsFault(compiled.steps, stepsLeft, limits);
    if (message !== undefined) issues.push({ code: 'invalid_pattern', path: formatPath(at), message });
    stepsLeft -= 'fault' in compiled ? 0 : compiled.steps;
    if (stepsLeft < 0 || issues.length === mostIssues) break;
  }
  return issues;
}

function compile(pattern: string, limits: Limits): { readonly steps: number } | { readonly fault: string } {
  if (pattern.length > limits.patternCharacters) {
    return { fault: `Expected a pattern of at most ${limits.patternCharacters} characters, got ${pattern.length}` };
  }
  try {
    return { steps: RE2JS.compile(pattern).programSize() };
  } catch (error) {
    return { fault: `Expected an RE2 pattern: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function stepsFault(steps: number, stepsLeft: number, { patternProgramSteps: most }: Limits): string | undefined {
  if (steps <= stepsLeft) return undefined;
  if (steps > most) return `Expected a pattern of at most ${most} RE2 steps, got ${steps}`;
  return `Expected patterns of at most ${most} RE2 steps in all the filter, got ${most - stepsLeft + steps} up to here`;
}

/** Every pattern of a filter, with its place, in the order in which they stand. */
function* patternsOf(
  value: JsonValue | undefined,
  path: PathSegments,
): Generator<{ readonly pattern: string; readonly path: PathSegments }> {
  if (typeof value !== 'object' || value === null) return;
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [key, member] of members) {
    const at = [...path, key];
    if (key === '$regex' && typeof member === 'string') yield { pattern: member, path: at };
    else yield* patternsOf(member, at);
  }
}
