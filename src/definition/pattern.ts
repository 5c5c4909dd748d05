import { RE2JS } from 're2js';
import type { Limits } from './limits.js';

/**
 * Says what is wrong with a regular expression, or `undefined` when it is fine. RE2 runs in linear time and has no
 * look-around; what it can't compile is an issue at creation, so it is never an error later.
 */
export function patternFault(pattern: string, limits: Limits): string | undefined {
  if (pattern.length > limits.patternCharacters) {
    return `Expected a pattern of at most ${limits.patternCharacters} characters, got ${pattern.length}`;
  }
  try {
    const steps = RE2JS.compile(pattern).programSize();
    if (steps <= limits.patternProgramSteps) return undefined;
    return `Expected a pattern of at most ${limits.patternProgramSteps} RE2 steps, got ${steps}`;
  } catch (error) {
    return `Expected an RE2 pattern: ${error instanceof Error ? error.message : String(error)}`;
  }
}
