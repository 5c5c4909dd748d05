import { RE2JS } from 're2js';
import type { Issue } from '../errors.js';
import type { JsonValue } from '../json.js';
import type { Limits } from './limits.js';
import { formatPath, type PathSegments } from './path.js';
import { patternSteps } from './pattern-steps.js';

/**
 * Says what is wrong with the regular expressions of a filter. RE2 runs in linear time and has no look-around; what it
 * can't compile is an issue at creation, so it is never an error later.
 *
 * Compiling takes time as well. So all patterns of a filter share one budget, what each will take is counted before it is
 * compiled, and the first one beyond the budget is the last that is looked at.
 *
 * @param filter - A bounded copy, of which nothing else is known yet.
 */
export function patternIssues(filter: JsonValue | undefined, path: PathSegments, limits: Limits): Issue[] {
  const issues: Issue[] = [];
  const most = limits.patternProgramSteps;
  let stepsLeft = most;
  for (const { pattern, path: at } of patternsOf(filter, path)) {
    const steps = Math.max(1, patternSteps(pattern.slice(0, limits.patternCharacters)));
    const fault = patternFault(pattern, steps, stepsLeft, limits);
    if (fault !== undefined) issues.push({ code: 'invalid_pattern', path: formatPath(at), message: fault });
    stepsLeft -= steps;
    if (stepsLeft < 0) break;
  }
  return issues;
}

function patternFault(pattern: string, steps: number, stepsLeft: number, limits: Limits): string | undefined {
  const { patternCharacters, patternProgramSteps: most } = limits;
  if (pattern.length > patternCharacters) {
    return `Expected a pattern of at most ${patternCharacters} characters, got ${pattern.length}`;
  }
  if (steps > most) return `Expected a pattern of at most ${most} RE2 steps, got ${steps}: repeat counts multiply`;
  if (steps > stepsLeft) {
    return `Expected patterns of at most ${most} RE2 steps in all the filter, got ${most - stepsLeft + steps} up to here`;
  }
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return `Expected an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
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
