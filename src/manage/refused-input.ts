import type * as z from 'zod';
import { copyJson, isPlainObject } from '../definition/copy-json.js';
import { describeIssues } from '../definition/describe-issues.js';
import { formatPath } from '../definition/path.js';
import { fromZodIssues } from '../definition/zod-issues.js';
import { type Issue, TocsinError } from '../errors.js';

/** How many names an error tells in its message. */
const mostTold = 5;

/** The error of a definition that is wrong; its message names the first faults, each with its path. */
export function invalidInput(
  code: 'invalid_automation' | 'invalid_integration' | 'invalid_mute',
  issues: readonly Issue[],
): TocsinError {
  return new TocsinError({ code, message: describeIssues(issues), issues });
}

/** `first, second and 7 more`. */
export function listNames(names: readonly string[]): string {
  const more = names.length > mostTold ? ` and ${names.length - mostTold} more` : '';
  return `${names.slice(0, mostTold).join(', ')}${more}`;
}

/** The issue one level further out: `name` of the definition at 3 stands at `[3].name`. */
export function issueAt(index: number, issue: Issue): Issue {
  const root = formatPath([index]);
  const isStep = issue.path === '' || issue.path.startsWith('[');
  return { ...issue, path: isStep ? `${root}${issue.path}` : `${root}.${issue.path}` };
}

/** An integration is small, and so are the options of a call. */
export const smallBounds = { depth: 4, nodes: 64, listMembers: 16, textCharacters: 2048, characters: 16_384 };

/** More parts than anything has that a patch can be made for. */
const mostParts = 100;

/** Whether a value is an object that can be copied without a thought of its size. */
export function isSmallObject(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && Object.keys(value).length <= mostParts;
}

/**
 * Reads the options of a call. A misspelt one would do nothing, and so do harm: `list({ scop })` would list all.
 *
 * @param call - Which call, for the message: `automations.list`.
 * @throws `invalid_options`.
 */
export function readOptions<Options>(call: string, schema: z.ZodType<Options>, given: unknown = {}): Options {
  const copy = copyJson(given, smallBounds);
  const parsed = 'issue' in copy ? copy : schema.safeParse(copy.value, { reportInput: true });
  if ('issue' in parsed || !parsed.success) {
    const issues = 'issue' in parsed ? [parsed.issue] : fromZodIssues(parsed.error.issues);
    throw new TocsinError({ code: 'invalid_options', message: `${call}: ${describeIssues(issues)}` });
  }
  return parsed.data;
}
