import { copyJson } from '../definition/copy-json.js';
import { metricPatternSteps } from '../definition/metric-pattern.js';
import { type Mute, type MuteDefinition, muteSchema } from '../definition/mute.js';
import { describeValue } from '../definition/path.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import type { Issue } from '../errors.js';
import { invalidInput, smallBounds } from './refused-input.js';

/** How many RE2 steps the patterns of all mutes may compile to: as many as are kept compiled. */
const mostSteps = 100_000;

/**
 * Checks the definition of a mute.
 *
 * @param nowMs - When it is made.
 * @param mutes - Those that there are.
 * @throws `invalid_mute` with issues.
 */
export function readMute(input: unknown, nowMs: number, mutes: Iterable<Mute>): MuteDefinition {
  const copy = copyJson(input, smallBounds);
  if ('issue' in copy) throw invalidInput('invalid_mute', [copy.issue]);
  const parsed = muteSchema.safeParse(copy.value, { reportInput: true });
  if (!parsed.success) throw invalidInput('invalid_mute', fromZodIssues(parsed.error.issues));
  const issues = [...untilIssues(parsed.data, nowMs), ...stepIssues(parsed.data, mutes)];
  if (issues.length > 0) throw invalidInput('invalid_mute', issues);
  return parsed.data;
}

function untilIssues({ until }: MuteDefinition, nowMs: number): Issue[] {
  if (until > nowMs) return [];
  const message = `Expected an instant after ${nowMs}, which is now, in epoch milliseconds, got ${describeValue(until)}`;
  return [{ code: 'invalid_value', path: 'until', message }];
}

/** Every pattern is tried on every match that may be muted, and to compile one takes longer than that. */
function stepIssues({ matcher }: MuteDefinition, mutes: Iterable<Mute>): Issue[] {
  const own = stepsOf(matcher);
  if (own === 0) return [];
  let steps = own;
  for (const mute of mutes) steps += stepsOf(mute.matcher);
  if (steps <= mostSteps) return [];
  const message = `Expected patterns of at most ${mostSteps} RE2 steps in all mutes, got ${steps}`;
  return [{ code: 'limit_exceeded', path: 'matcher.metric', message }];
}

function stepsOf({ metric }: MuteDefinition['matcher']): number {
  return metric === undefined ? 0 : metricPatternSteps(metric);
}
