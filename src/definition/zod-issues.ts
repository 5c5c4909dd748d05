import type * as z from 'zod';
import type { Issue, IssueCode } from '../errors.js';
import { describeValue, formatPath, type PathSegments } from './path.js';

type ZodIssue = z.core.$ZodIssue;

/**
 * Writes zod's issues as ours: one line a fault, with its path and "Expected X, got Y".
 *
 * @param issues - What zod found, parsed with `reportInput: true`.
 * @param root - Where the parsed value stands in what the user gave.
 */
export function fromZodIssues(issues: readonly ZodIssue[], root: PathSegments = []): Issue[] {
  return issues.flatMap((issue) => fromZodIssue(issue, root));
}

function fromZodIssue(issue: ZodIssue, root: PathSegments): Issue[] {
  const path = [...root, ...issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))];
  const got = describeValue(issue.input);
  const one = (code: IssueCode, message: string): Issue[] => [{ code, path: formatPath(path), message }];
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? one('required', `Expected ${kinds[issue.expected] ?? issue.expected}, got nothing`)
        : one('invalid_type', `Expected ${kinds[issue.expected] ?? issue.expected}, got ${got}`);
    case 'invalid_value':
      return one(
        issue.input === undefined ? 'required' : 'invalid_value',
        `Expected ${issue.values.map(describeLiteral).join(' or ')}, got ${got}`,
      );
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        code: 'unknown_key',
        path: formatPath([...path, key]),
        message: `Expected no key ${describeValue(key)} here`,
      }));
    case 'invalid_union':
      return fromUnion(issue, path);
    case 'too_small':
      return one('invalid_value', `Expected at least ${issue.minimum}${unit(issue.origin)}, got ${got}`);
    case 'too_big':
      return one('limit_exceeded', `Expected at most ${issue.maximum}${unit(issue.origin)}, got ${got}`);
    case 'custom': {
      const code = issue.params?.['code'] as IssueCode | undefined;
      return one(code ?? 'invalid_value', issue.message);
    }
    default:
      return one('invalid_value', issue.message);
  }
}

/** Of a union's branches, the one that understood the value best is the one worth reading. */
function fromUnion(issue: Extract<ZodIssue, { code: 'invalid_union' }>, path: PathSegments): Issue[] {
  const branches = issue.errors.map((errors) => fromZodIssues(errors, path));
  if (issue.discriminator !== undefined) return [unknownType(issue, path, issue.discriminator)];
  const deep = branches.find((issues) =>
    issues.every((branch) => !(branch.path === formatPath(path) && branch.code === 'invalid_type')),
  );
  return (
    deep ?? [
      {
        code: 'invalid_value',
        path: formatPath(path),
        message: branches
          .flat()
          .map((each) => each.message)
          .join(', or '),
      },
    ]
  );
}

/** No branch has the value's type; zod puts the discriminator at the end of the path, or leaves it out. */
function unknownType(issue: Extract<ZodIssue, { code: 'invalid_union' }>, path: PathSegments, key: string): Issue {
  const value = (issue.input as Record<string, unknown> | undefined)?.[key];
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(describeLiteral) : [];
  return {
    code: value === undefined ? 'required' : 'invalid_value',
    path: formatPath(path.at(-1) === key ? path : [...path, key]),
    message: `Expected ${options.length > 0 ? options.join(' or ') : 'a known type'}, got ${describeValue(value)}`,
  };
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' members' : '';
}

function describeLiteral(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
