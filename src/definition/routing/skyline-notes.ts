import type { Issue, IssueCode } from '../../errors.js';
import type { JsonValue } from '../../json.js';
import { describeValue, formatPath, type PathSegments } from '../path.js';

/** What is found in Skyline's settings while they are read. */
export interface SkylineNotes {
  readonly issues: Issue[];
  readonly warnings: Issue[];
}

/** Notes what makes settings useless. */
export function refuse(
  notes: SkylineNotes,
  path: PathSegments,
  expected: string,
  got: JsonValue | undefined,
): undefined {
  const code = got === undefined ? 'required' : typeof got === 'string' ? 'invalid_value' : 'invalid_type';
  // Never a token: it may have been put in the wrong place.
  const described = isToken(got) ? 'a token' : describeValue(got);
  notes.issues.push({ code, path: formatPath(path), message: `Expected ${expected}, got ${described}` });
}

/** Notes what is left out or read otherwise. */
export function warn(
  notes: SkylineNotes,
  path: PathSegments,
  message: string,
  code: IssueCode = 'invalid_value',
): undefined {
  notes.warnings.push({ code, path: formatPath(path), message });
}

/** Whether a value is a token of Slack, by how these begin. */
export function isToken(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && /xox[a-z]?[.-]|xapp-/i.test(value);
}

/** Whether a value is what Skyline's settings have before somebody sets them. */
export function isPlaceholder(value: string): boolean {
  return value.startsWith('YOUR_');
}

/** Reads a text; one that was never set, or `None`, is left out, and the former is told. */
export function readSetting(notes: SkylineNotes, path: PathSegments, value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') return refuse(notes, path, 'a text', value);
  if (isPlaceholder(value)) return warn(notes, path, `It still has the placeholder ${describeValue(value)}: left out`);
  return value;
}
