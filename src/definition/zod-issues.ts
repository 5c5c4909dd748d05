import type * as z from 'zod';
import type { Issue, IssueCode } from '../errors.js';
import { allowedKeysPrefix } from './closed-object.js';
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

/** Without what only follows from a key that is not known at all: its members and what it lacks. */
export function withoutEchoes(issues: readonly Issue[]): Issue[] {
  const unknown = issues.filter(({ code }) => code === 'unknown_key');
  return issues.filter(
    (issue) =>
      !unknown.some((other) => {
        const rest = issue.path.startsWith(other.path) ? issue.path.slice(other.path.length) : undefined;
        return rest?.startsWith('.') || rest?.startsWith('[') || (rest === '' && issue.code !== 'unknown_key');
      }),
  );
}

function fromZodIssue(issue: ZodIssue, root: PathSegments): Issue[] {
  const path = [...root, ...issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))];
  const got = describeValue(issue.input);
  const one = (code: IssueCode, message: string): Issue[] => [{ code, path: formatPath(path), message }];
  switch (issue.code) {
    case 'invalid_type':
      return one(
        issue.input === undefined ? 'required' : 'invalid_type',
        ownWords(issue) ?? `Expected ${kinds[issue.expected] ?? issue.expected}, got ${got}`,
      );
    case 'invalid_value':
      return one(
        issue.input === undefined ? 'required' : 'invalid_value',
        ownWords(issue) ?? `Expected ${issue.values.map(describeLiteral).join(' or ')}, got ${got}`,
      );
    case 'unrecognized_keys': {
      const allowed = issue.message.startsWith(allowedKeysPrefix) ? `; ${issue.message}` : '';
      return issue.keys.map((key) => ({
        code: 'unknown_key',
        path: formatPath([...path, key]),
        message: `Expected no key ${describeValue(key)} here${allowed}`,
      }));
    }
    case 'invalid_union':
      return fromUnion(issue, path);
    case 'too_small':
      return one(
        'invalid_value',
        ownWords(issue) ??
          `Expected ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin, issue.minimum)}, got ${got}`,
      );
    case 'too_big':
      return one('limit_exceeded', `Expected at most ${issue.maximum}${unit(issue.origin, issue.maximum)}, got ${got}`);
    case 'custom': {
      const code = issue.params?.['code'] as IssueCode | undefined;
      return one(code ?? 'invalid_value', issue.message);
    }
    default:
      return one('invalid_value', issue.message);
  }
}

/** What a schema says itself, where it knows better; zod's own messages begin in other ways. */
function ownWords({ message }: ZodIssue): string | undefined {
  return message.startsWith('Expected ') ? message : undefined;
}

/** Of a union's branches, the one that understood the value best is the one worth reading. */
function fromUnion(issue: Extract<ZodIssue, { code: 'invalid_union' }>, path: PathSegments): Issue[] {
  if (issue.discriminator !== undefined) return [unknownType(issue, path, issue.discriminator)];
  const understood = issue.errors.map((errors) => Math.max(...errors.map(understanding)));
  const best = Math.max(...understood);
  if (best > 0) return fromZodIssues(issue.errors[understood.indexOf(best)] ?? [], path);
  const expected = issue.errors.flatMap((errors) => errors.flatMap(expectedKinds)).join(' or ');
  const message = ownWords(issue) ?? `Expected ${expected}, got ${describeValue(issue.input)}`;
  return [{ code: issue.input === undefined ? 'required' : 'invalid_type', path: formatPath(path), message }];
}

/** How far a branch of a union got with a value: 0 is no further than its kind. */
function understanding(issue: ZodIssue): number {
  if (issue.path.length > 0) return 3;
  if (issue.code === 'invalid_type') return 0;
  if (issue.code === 'invalid_union') return Math.max(0, ...issue.errors.flat().map(understanding));
  return issue.code === 'invalid_value' ? 1 : 2;
}

function expectedKinds(issue: ZodIssue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flatMap((errors) => errors.flatMap(expectedKinds));
  return issue.code === 'invalid_type' ? [kinds[issue.expected] ?? issue.expected] : [];
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

function unit(origin: string, count: number | bigint): string {
  if (origin !== 'string' && origin !== 'array') return '';
  return ` ${origin === 'string' ? 'character' : 'member'}${Number(count) === 1 ? '' : 's'}`;
}

function describeLiteral(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
